import type {Connector} from '../../model/connector.js';
import {failpoint} from '../../platform/failpoint.js';
import type {Services} from '../services.js';
import {takeFromSource} from '../source/take.js';
import {fromSource} from '../submit/from-source.js';
import {scheduleFile} from '../submit/schedule-file.js';
import {submit} from '../submit/submit.js';
import {clockActor, requireActive, Withdrawn} from './actor.js';
import {type Due, lateness} from './due.js';

export type TickAnswer = {
	/** Why it comes late; null when it does not. */
	readonly why: string | null;
	readonly stopping: AbortSignal;
};

/**
 * Answers a tick: a schedule connector and an export get an execution, a source is looked at and taken from (SPEC 11). The tick is recorded
 * in the transaction that accepts the execution. While a scheduled execution waits already, it stands for this tick too (SPEC 4).
 */
export async function answerTick(services: Services, connector: Connector, due: Due, {why, stopping}: TickAnswer): Promise<void> {
	const {control} = services;
	const {apiName, source} = connector;
	failpoint('daemon.tick.due');
	const late = lateness(due, why);
	const notes = late === null ? [] : [late];
	const isFile = source !== null && 'file' in source;
	const waiting = isFile ? null : control.ticks.waiting(apiName);
	if (waiting !== null) {
		control.together(() => control.ticks.answer(apiName, due.at, waiting));
		const stands = `The tick of ${new Date(due.at).toISOString()} came while this execution waited: it stands for that one too`;
		for (const message of [stands, ...notes]) services.logs.append(waiting, {at: control.now(), level: 'info', stage: null, message});
		return;
	}
	if (source) await takeFromSource(services, {...connector, source}, {at: due.at, notes, stopping});
	else await submitTick(services, connector, due, notes);
	failpoint('daemon.tick.answered');
}

/** An execution whose input is the tick itself; an export reads none. */
async function submitTick(services: Services, connector: Connector, due: Due, notes: readonly string[]): Promise<void> {
	const {control, paths} = services;
	const {apiName} = connector;
	const input = connector.operation === 'export' ? null : await scheduleFile(paths, new Date(due.at));
	try {
		await submit(
			services,
			{
				...fromSource(connector, input, {triggeredBy: 'schedule', detail: {tick: new Date(due.at).toISOString()}}),
				notes,
				accepted(id) {
					requireActive(services, apiName);
					control.ticks.answer(apiName, due.at, id);
				},
			},
			clockActor,
		);
	} catch (error) {
		// why: its ticks are not made up when it is activated again (SPEC 4).
		if (!(error instanceof Withdrawn)) throw error;
	} finally {
		await input?.remove();
	}
}
