import type {Closing, Progress} from '../../engine/protocol.js';
import type {ErrorBody} from '../../model/errors.js';
import type {ExecutionMode, ExecutionStatus} from '../../model/execution.js';

/** A process that a crash may leave behind. `start` is field 22 of /proc/<pid>/stat: with it a pid means one process and no other. */
export type OrphanProcess = {readonly pid: number; readonly start: string};

export type Trigger = 'manual' | 'webhook' | 'schedule' | 'source';

/** An execution as `control.db` keeps it. */
export type StoredExecution = {
	/** The order of arrival, and so of the queue. */
	readonly seq: number;
	readonly id: string;
	readonly connector: string;
	readonly operation: 'import' | 'export';
	readonly objects: readonly string[];
	readonly mode: ExecutionMode;
	readonly status: ExecutionStatus;
	readonly inputName: string | null;
	readonly queuedAt: string;
	readonly startedAt: string | null;
	readonly endedAt: string | null;
	readonly startedBy: string;
	readonly triggeredBy: Trigger;
	readonly diffCheck: boolean;
	readonly notify: string | null;
	readonly failedRowsOf: string | null;
	readonly lease: number;
	readonly strikes: number;
	readonly strikePlace: string | null;
	readonly done: string | null;
	/** A crash or a shutdown interrupted it: it goes on by itself. */
	readonly interrupted: boolean;
	readonly progress: Progress | null;
	/** Why it failed, or while it still runs, will have failed. */
	readonly error: ErrorBody | null;
	readonly errored: number;
	readonly ackedAt: string | null;
	readonly cancelRequestedBy: string | null;
	readonly runner: OrphanProcess | null;
	readonly worker: OrphanProcess | null;
	/** When its files were cleared; its counts stay. */
	readonly clearedAt: string | null;
};

/** How an execution is to end that nobody works on any more; null for one that goes on (SPEC 9). */
export function closingOf({cancelRequestedBy, error, progress}: StoredExecution): Closing | null {
	if (cancelRequestedBy !== null) return {as: 'cancelled', error: null, progress};
	return error === null ? null : {as: 'failed', error, progress};
}

export type NewExecution = Pick<
	StoredExecution,
	| 'id'
	| 'connector'
	| 'operation'
	| 'objects'
	| 'mode'
	| 'inputName'
	| 'queuedAt'
	| 'startedBy'
	| 'triggeredBy'
	| 'diffCheck'
	| 'notify'
	| 'failedRowsOf'
>;

/** The row of the table, as SQLite hands it over. */
export type ExecutionRow = {
	seq: number;
	id: string;
	connector: string;
	operation: string;
	objects: string;
	mode: string;
	status: string;
	input_name: string | null;
	queued_at: string;
	started_at: string | null;
	ended_at: string | null;
	started_by: string;
	triggered_by: string;
	diff_check: number;
	notify: string | null;
	failed_rows_of: string | null;
	lease: number;
	strikes: number;
	strike_place: string | null;
	done: string | null;
	interrupted: number;
	progress: string | null;
	error: string | null;
	errored: number;
	acked_at: string | null;
	cancel_requested_by: string | null;
	runner: string | null;
	worker: string | null;
	cleared_at: string | null;
};

export function fromRow(row: ExecutionRow): StoredExecution {
	return {
		seq: row.seq,
		id: row.id,
		connector: row.connector,
		operation: row.operation as StoredExecution['operation'],
		objects: JSON.parse(row.objects) as string[],
		mode: row.mode as ExecutionMode,
		status: row.status as ExecutionStatus,
		inputName: row.input_name,
		queuedAt: row.queued_at,
		startedAt: row.started_at,
		endedAt: row.ended_at,
		startedBy: row.started_by,
		triggeredBy: row.triggered_by as Trigger,
		diffCheck: row.diff_check === 1,
		notify: row.notify,
		failedRowsOf: row.failed_rows_of,
		lease: row.lease,
		strikes: row.strikes,
		strikePlace: row.strike_place,
		done: row.done,
		interrupted: row.interrupted === 1,
		progress: parsed<Progress>(row.progress),
		error: parsed<ErrorBody>(row.error),
		errored: row.errored,
		ackedAt: row.acked_at,
		cancelRequestedBy: row.cancel_requested_by,
		runner: parsed<OrphanProcess>(row.runner),
		worker: parsed<OrphanProcess>(row.worker),
		clearedAt: row.cleared_at,
	};
}

function parsed<Value>(text: string | null): Value | null {
	return text === null ? null : (JSON.parse(text) as Value);
}
