import type {ActivateRequest} from '../../api/contract.js';
import {SluiceError} from '../../model/errors.js';
import {failpoint} from '../../platform/failpoint.js';
import {beginSchedule} from '../clock/clock.js';
import type {Actor} from '../control/history.js';
import {Refused} from '../refused.js';
import {unsetSecrets} from '../secrets/unset-secrets.js';
import type {Services} from '../services.js';
import {sqlHash, sqlOf} from './fingerprint.js';
import {lacks} from './lacks.js';
import {queueOf} from './queue-view.js';
import {judge, type Verdict} from './review.js';

/**
 * `POST /connectors/:name/activate` (SPEC 10).
 *
 * @throws Refused `activation.refused` with everything that is missing, `queue.decision_needed` with the queue as it stands
 * @throws SluiceError `activation.decided` for a decision about the queue of a connector that is active already
 */
export async function activate(services: Services, name: string, request: ActivateRequest, actor: Actor): Promise<void> {
	const {configuration, control, validator, sandbox, dispatcher, webhooks, vault} = services;
	await configuration.refresh();
	const {connector, problems, missing, secretUses} = configuration.entry(name);
	const store = services.storeProblems();
	const validation = connector && missing.length === 0 && store.length === 0 ? await validator.validate(connector) : null;
	const unwalled = connector ? await sandbox.lack(connector, configuration.workspace.settings.limits) : null;
	const noKey = webhooks.keyProblems(name);
	const unset = unsetSecrets(secretUses, vault);
	const hasSql = connector !== null && sqlOf(connector) !== null;
	const lacking = lacks({problems, missing, validation, sandbox: unwalled, noKey, unset, store, hasSql});
	if (!connector || lacking.length > 0) {
		throw new Refused('activation.refused', `${name} cannot be activated: ${lacking.join('; ')}`, {
			missing: lacking,
			problems: [...problems, ...unset, ...noKey, ...store, ...(validation ?? [])],
		});
	}
	// why: from here to the end nothing is awaited, so the queue that is judged is the queue that is activated.
	if (control.connectors.state(name).active) {
		if (request.decision !== undefined || request.revision !== undefined) throw decidedAlready(control, name);
		return;
	}
	const queue = queueOf(control, name);
	const verdict = judge({
		revision: queue.revision,
		ids: queue.items.map(({id}) => id),
		shown: control.connectors.shownRevision(name, actor.who),
		decision: request.decision,
		given: request.revision,
	});
	if (verdict.do !== 'activate') throw refusal(services, name, verdict, actor);
	const cancelled = verdict.cancel.map((id) => dispatcher.cancel(id, actor));
	failpoint('daemon.activation.before');
	control.together(() => {
		control.connectors.activate(name, sqlHash(connector));
		beginSchedule(services, connector);
		const kept = queue.items.map(({id}) => id).filter((id) => !verdict.cancel.includes(id));
		control.history.add(actor, {what: 'activate', connector: name, detail: {kept, cancelled: verdict.cancel}});
	});
	failpoint('daemon.activation.after');
	await Promise.all(cancelled);
	changed(services, name);
}

function refusal({control}: Services, name: string, verdict: Exclude<Verdict, {do: 'activate'}>, actor: Actor): SluiceError {
	if (verdict.do === 'refuse') {
		return new SluiceError('usage.unknown', `Not in the queue of ${name}: ${verdict.unknown.join(', ')}`, {
			cure: `See \`sluice queue ${name}\`.`,
		});
	}
	const queue = queueOf(control, name);
	control.connectors.markShown(name, actor.who, queue.revision);
	return new Refused('queue.decision_needed', message(name, verdict.why, queue.items.length, lastDeed(control, name)), {queue});
}

function message(name: string, why: 'undecided' | 'not_shown' | 'changed', waiting: number, last: string): string {
	const queue = `${waiting} execution${waiting === 1 ? '' : 's'} wait${waiting === 1 ? 's' : ''} in the queue of ${name}`;
	if (why === 'undecided') return `${queue}: keep or cancel each`;
	if (why === 'not_shown') return `${queue}, and you have not seen them yet`;
	return `The queue of ${name} changed since you looked${last}: ${queue}`;
}

/** Nothing of a decision that comes after the activation takes effect: says whose decision counts, and what became of the queue. */
function decidedAlready({history}: Services['control'], name: string): SluiceError {
	const last = history.lastOf(name, 'activate');
	const by = last ? ` by ${last.who} at ${last.at}` : '';
	return new SluiceError('activation.decided', `${name} was activated${by}: ${last ? outcomeOf(last.detail) : 'its queue is decided'}`, {
		where: name,
	});
}

function outcomeOf({kept, cancelled}: Readonly<Record<string, unknown>>): string {
	const parts = Object.entries({kept, cancelled}).flatMap(([what, ids]) =>
		Array.isArray(ids) && ids.length > 0 ? [`${what} ${ids.length} (${shownIds(ids)})`] : [],
	);
	return parts.length === 0 ? 'its queue was empty' : parts.join(', ');
}

/** An execution id is 36 characters, so a long list is cut: the history has all of it. */
const mostIds = 5;

function shownIds(ids: readonly unknown[]): string {
	const more = ids.length - mostIds;
	return `${ids.slice(0, mostIds).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Who did what, when: for the one whose decision came too late. */
function lastDeed(control: Services['control'], name: string): string {
	const [last] = control.history.list(name, 0, 1).items;
	return last ? ` (${last.who}: ${last.what}, ${last.at})` : '';
}

/** `POST /connectors/:name/deactivate`: all processing stops at once, what runs goes back to the queue (SPEC 10). */
export async function deactivate(services: Services, name: string, actor: Actor): Promise<void> {
	const {configuration, control, dispatcher, looks} = services;
	configuration.entry(name);
	if (!control.connectors.state(name).active) return;
	failpoint('daemon.deactivation.before');
	control.together(() => {
		control.connectors.deactivate(name, null);
		control.executions.holdInterrupted(name);
		control.history.add(actor, {what: 'deactivate', connector: name});
	});
	failpoint('daemon.deactivation.after');
	looks.cancel(name);
	await dispatcher.stopConnector(name);
	changed(services, name);
}

function changed({bus, views, dispatcher, control, clock}: Services, name: string): void {
	dispatcher.wake();
	clock.wake();
	bus.publish({type: 'connector', connector: views.summary(name)});
	bus.publish({type: 'queue', connector: name, revision: control.connectors.state(name).queueRevision});
}
