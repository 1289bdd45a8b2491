import {existsSync} from 'node:fs';
import type {Automation} from '../../model/automation.js';
import {failpoint} from '../../platform/failpoint.js';
import {type PendingEvent, pendingEvents} from '../../store/sqlite/outbox.js';
import type {Control} from '../control/control.js';
import type {NewDelivery} from '../control/deliveries.js';
import {type Log, onDisk} from '../log.js';

const fact = 'outbox read up to';
const atOnce = 500;

export type OutboxNeeds = {
	readonly control: Control;
	readonly log: Log;
	storeFile(): string;
	automations(): readonly Automation[];
};

/**
 * Turns what chunks left in the store's outbox into deliveries, in the order it was committed (SPEC 8.4). How far it came stands in the
 * transaction that keeps the deliveries, so that a crash loses none and repeats none; the store itself is only read.
 *
 * @returns how many deliveries came of it
 */
export async function readOutbox({control, log, storeFile, automations}: OutboxNeeds): Promise<number> {
	let made = 0;
	if (!existsSync(storeFile())) return made;
	for (;;) {
		const after = readUpTo(control);
		const events = pendingEvents(storeFile(), after, atOnce);
		const last = events.at(-1);
		if (!last) return made;
		failpoint('daemon.outbox.before');
		const deliveries: NewDelivery[] = [];
		let said = false;
		for (const event of events) {
			for (const automation of firedBy(event, automations())) {
				const delivery = deliveryOf(event, automation);
				if (delivery) deliveries.push(delivery);
				else {
					log.info({automation: automation.apiName, ...spoken(event, automation)}, 'automation');
					said = true;
				}
			}
		}
		// why before the note: a line that dies in a buffer was never said, and nobody would say it again.
		if (said) await onDisk(log);
		control.together(() => {
			for (const delivery of deliveries) control.deliveries.add(delivery);
			control.facts.remember(fact, String(last.sequence));
		});
		made += deliveries.length;
		failpoint('daemon.outbox.after');
		// why: a large outbox must not keep the daemon from answering.
		await new Promise(setImmediate);
	}
}

/** The sequence up to which events stand in `control.db` as what they led to. */
export function readUpTo(control: Pick<Control, 'facts'>): number {
	return Number(control.facts.recall(fact) ?? 0);
}

/** The automations an event fires: those its step names directly, and those that listen where triggers are not suppressed. */
export function firedBy(
	event: Pick<PendingEvent, 'kind' | 'object' | 'changed' | 'direct' | 'triggers'>,
	automations: readonly Automation[],
): readonly Automation[] {
	return automations.filter(({apiName, trigger, object, field}) => {
		if (event.direct.includes(apiName)) return true;
		if (!event.triggers || object !== event.object) return false;
		if (trigger === 'field_updated') return event.kind === 'record_updated' && field !== null && event.changed.includes(field);
		return trigger === event.kind;
	});
}

function deliveryOf(event: PendingEvent, {apiName, action}: Automation): NewDelivery | null {
	if (!('http' in action)) return null;
	const {url, secret} = action.http;
	const {kind, object, record, execution, changes, snapshot} = event;
	const about = {object, id: record, execution};
	// `changes` and the record are JSON already, and go out with every digit they have.
	const parts = [JSON.stringify(about).slice(1, -1), `"changes":${changes}`, ...(snapshot === null ? [] : [`"record":${snapshot}`])];
	const body = `{"type":${JSON.stringify(kind.replace('_', '.'))},"data":{${parts.join(',')}}}`;
	return {
		// The event's own id: a receiver can tell a repeat, however often it comes.
		id: `evt_${event.id}_${apiName}`,
		to: url,
		execution,
		connector: null,
		inOrderOf: record,
		payload: {kind: 'automation', url, secret, headers: action.http.headers, body},
	};
}

function spoken(event: PendingEvent, {action}: Automation): Readonly<Record<string, unknown>> {
	const {kind, object, record, execution} = event;
	return {event: kind, object, record, execution, message: 'log' in action ? action.log.message : null};
}
