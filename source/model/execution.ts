import type {ErrorBody} from './errors.js';
import type {Counts} from './outcome.js';

export const executionStatuses = ['queued', 'running', 'completed', 'warning', 'failed', 'cancelled'] as const;
export type ExecutionStatus = (typeof executionStatuses)[number];
export type ExecutionMode = 'live' | 'dry';

export const stageStates = ['waiting', 'running', 'completed', 'failed', 'cancelled', 'skipped'] as const;
export type StageState = (typeof stageStates)[number];
export type StageName = 'intake' | 'sql' | 'variables' | 'diff' | `load:${number}` | 'export' | 'report';

/** One stage of an execution. The load steps carry chunks and counts; the others leave them null. */
export type Stage = {
	readonly stage: StageName;
	readonly name: string;
	readonly object: string | null;
	readonly scope: string | null;
	readonly state: StageState;
	readonly rows: number | null;
	readonly chunks: number | null;
	readonly chunks_done: number | null;
	readonly created: number | null;
	readonly updated: number | null;
	readonly skipped: number | null;
	readonly errored: number | null;
	readonly warnings: number | null;
	readonly started_at: string | null;
	readonly ended_at: string | null;
	/** How long it worked so far, without the time in which the execution waited to go on; absent where nothing was measured. */
	readonly took_ms?: number | null;
	/** What a load step of a dry run would have fired, each automation that is fired at least once; absent for a live run. */
	readonly would_fire?: readonly WouldFire[];
};

/** `times`: one for each record that is created or updated. */
export type WouldFire = {readonly automation: string; readonly times: number};

export type ExecutionWarning = {readonly stage: StageName; readonly line?: number; readonly message: string};

/** What `run --json` and `show --json` print (SPEC 13). Times are UTC with milliseconds and `Z`. */
export type Execution = {
	readonly id: string;
	readonly connector: string;
	readonly operation: 'import' | 'export';
	readonly objects: readonly string[];
	readonly mode: ExecutionMode;
	readonly status: ExecutionStatus;
	/** Why a queued execution does not run yet: `activation`, `slot`, `concurrency`, `configuration`, ...; null otherwise. */
	readonly waiting_for: string | null;
	readonly input_file: string | null;
	readonly rows: {readonly input: number | null; readonly by_scope: Readonly<Record<string, number>>};
	readonly counts: Counts;
	readonly stages: readonly Stage[];
	readonly artifacts: {
		readonly input: string | null;
		readonly sql_output: string | null;
		readonly report: string | null /** The file that an export wrote. */;
		readonly export?: string | null;
	};
	readonly queued_at: string;
	readonly started_at: string | null;
	readonly ended_at: string | null;
	/** How long its runners worked on it; from its start to its end it may have waited too. Null before its start. */
	readonly took_ms?: number | null;
	readonly started_by: string;
	/** When its input, tables and artifacts were cleared (`keep_executions_days`); its counts stay. */
	readonly cleared_at: string | null;
	readonly engine: string | null;
	readonly walls: readonly string[];
	readonly warnings: readonly ExecutionWarning[];
	readonly error: ErrorBody | null;
	/** When somebody acknowledged its failure: from then on it is not among what needs someone. */
	readonly acknowledged_at: string | null;
};
