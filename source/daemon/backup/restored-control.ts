import {existsSync} from 'node:fs';
import {join} from 'node:path';
import type {Restored} from '../../api/contract.js';
import type {Progress} from '../../engine/protocol.js';
import {SluiceError} from '../../model/errors.js';
import {committedCounts} from '../../store/sqlite/committed-counts.js';
import {type Control, control as openControlRoom} from '../control/control.js';
import {type Actor, systemActor} from '../control/history.js';
import type {StoredExecution} from '../control/stored-execution.js';
import {placeOf} from '../dispatch/crash-counter.js';

/** What of a restored workspace has to be reviewed or started by a person. */
export type Waiting = Pick<Restored, 'connectors' | 'queued' | 'requests' | 'deliveries' | 'without_input'>;

export type Restoring = {
	/** `.sluice` as it was taken out of the backup. */
	readonly state: string;
	/** The records, null where the backup holds none. */
	readonly storeFile: string | null;
	/** When the backup was made, as far as it says so. */
	readonly madeAt: string | null;
	readonly file: string;
	readonly actor: Actor;
};

/**
 * Brings `control.db` of a backup to what a restored workspace may do (SPEC 17): nothing runs by itself, because the workspace that it comes
 * from may still run. Its connectors are inactive, and all that was queued or running waits for a review.
 */
export function restoreControl({state, storeFile, madeAt, file, actor}: Restoring): Waiting {
	const control = openControlRoom(join(state, 'control.db'));
	try {
		return control.together(() => {
			const reason = `restored from a backup${madeAt === null ? '' : ` of ${madeAt}`}`;
			const connectors = control.connectors.activeNames();
			for (const connector of connectors) {
				control.connectors.deactivate(connector, reason);
				control.history.add(systemActor, {what: 'deactivate', connector, detail: {reason}});
			}
			const going = [...control.executions.withStatus('running'), ...control.executions.withStatus('queued')];
			const kept = going.filter((stored) => hasFiles(state, stored));
			const lost = going.filter((stored) => !kept.includes(stored));
			for (const stored of kept) holdBack(control, stored, reached(storeFile, stored));
			for (const stored of lost) failWithoutInput(control, stored);
			for (const id of control.executions.endedWithFiles()) {
				if (!existsSync(join(state, 'executions', id))) control.executions.cleared(id, control.now());
			}
			for (const connector of new Set(going.map((stored) => stored.connector))) control.connectors.bumpQueue(connector);
			control.history.add(actor, {what: 'restore', detail: {from: file, ...(madeAt !== null && {made_at: madeAt})}});
			return {
				connectors,
				queued: kept.length,
				requests: control.webhooks.requestsWaiting(),
				deliveries: control.deliveries.waiting(),
				without_input: lost.map(({id}) => id),
			};
		});
	} finally {
		control.close();
	}
}

/** Whether what an execution works on is there: its input, or the rows of the execution that it runs again. */
function hasFiles(state: string, {id, operation, inputName, failedRowsOf}: StoredExecution): boolean {
	if (failedRowsOf !== null) return existsSync(join(state, 'executions', failedRowsOf, 'chdb'));
	return operation === 'export' || inputName === null || existsSync(join(state, 'executions', id, 'input', inputName));
}

function holdBack(
	{executions}: Control,
	{id, status, interrupted, done, progress: before}: StoredExecution,
	progress: Progress | null,
): void {
	if (status === 'queued' && !interrupted) return;
	const place = done ?? `interrupted at ${placeOf(before)}`;
	executions.requeue(id, {progress, done: place, interrupted: false});
}

/** What a run has committed is told by the records, which the backup holds of the same moment; what its runner told last may lie behind. */
function reached(storeFile: string | null, {id, progress}: StoredExecution): Progress | null {
	if (progress === null || storeFile === null) return progress;
	const steps = new Map(committedCounts(storeFile, id).map(({step, ...counts}) => [`load:${step}`, counts]));
	return {
		...progress,
		stages: progress.stages.map((stage) => {
			const counts = stage.state === 'completed' ? undefined : steps.get(stage.stage);
			if (!counts) return stage;
			const {chunk, ...rows} = counts;
			return {...stage, ...rows, chunks_done: chunk};
		}),
	};
}

function failWithoutInput({executions, history, now}: Control, {id, connector, progress, errored}: StoredExecution): void {
	const error = new SluiceError(
		'backup.no_input',
		'The backup that this workspace was restored from does not hold the files of this execution',
	);
	executions.end(id, {status: 'failed', at: now(), progress, error: error.toJSON(), errored});
	history.add(systemActor, {what: 'ended', connector, execution: id, detail: {status: 'failed', error: error.message}});
}
