import type {Listening} from '../model/automation.js';
import type {Connector} from '../model/connector.js';
import type {ErrorBody} from '../model/errors.js';
import type {ExecutionMode, ExecutionWarning, Stage} from '../model/execution.js';
import type {Limits} from '../model/limits.js';
import type {ObjectDefinition} from '../model/object.js';
import type {ReadOptions} from '../model/read-options.js';
import type {DiskTrouble} from '../platform/disk-trouble.js';
import type {ProtectedPlaces} from '../platform/files/output-target.js';
import type {DatabaseQuery} from './outside/database-query.js';

/** How the workspace reads what a file leaves open (SPEC 15). */
export type Locale = {readonly timezone: string; readonly defaultCountry: string | null};

/** How an execution ends that is not gone on with. */
export type Closing = {readonly progress: Progress | null} & (
	| {readonly as: 'cancelled'; readonly error: null}
	| {readonly as: 'failed'; readonly error: ErrorBody}
);

/** Everything a runner needs to carry one execution to its end. The daemon hands it over once, as the first message. */
export type ExecutionJob = {
	readonly task: 'execute';
	readonly id: string;
	/** Grows with every runner of this execution; a commit under an older one is refused. */
	readonly lease: number;
	/** `.sluice/executions/<id>`, absolute. */
	readonly folder: string;
	/** `sluice.db`, absolute. */
	readonly storeFile: string;
	readonly mode: ExecutionMode;
	/** As they stood when the execution started; a resumed one keeps them. */
	readonly connector: Connector;
	readonly objects: readonly ObjectDefinition[];
	/** The copy inside the folder, and the name it came with. */
	readonly input: {readonly path: string; readonly name: string};
	/** The failed execution whose rows are run again (`rerun --rows failed`), else null. */
	readonly failedRowsOf: {readonly id: string; readonly folder: string} | null;
	/** Whether an earlier execution of this connector wrote the file that an export is about to write, so that it may be replaced. */
	readonly mayReplace?: boolean;
	/** What an export must not be written onto. */
	readonly protectedPlaces?: ProtectedPlaces;
	/** The group that reads an export (`access: {group}`). */
	readonly groupId?: number;
	readonly diffCheck: boolean;
	readonly limits: Limits;
	readonly locale: Locale;
	readonly startedBy: string;
	readonly triggeredBy: 'manual' | 'webhook' | 'schedule' | 'source';
	/** UTC, ISO 8601 with milliseconds, like `startedAt`. */
	readonly queuedAt: string;
	/** The first start's, for a resumed one. */
	readonly startedAt: string;
	/** Which objects have automations that records created or updated would trigger; absent: none (SPEC 8.4). */
	readonly listeners: Readonly<Record<string, {readonly created: boolean; readonly updated: boolean}>>;
	/** The workspace's automations, for what a dry run would fire. Absent in a snapshot of an earlier version. */
	readonly automations?: readonly Listening[];
	/** Set for a runner that is to do nothing more but account for what earlier ones committed, and end the execution. */
	readonly closing: Closing | null;
	/** The connector's secrets by name, each a flat object. Never written to the folder. */
	readonly secrets: Readonly<Record<string, Readonly<Record<string, string>>>>;
};

/** Short tasks that write the store or need the SQL engine, each in a runner of its own. */
export type ShortTask =
	| {
			readonly task: 'archive' | 'unarchive';
			readonly storeFile: string;
			readonly object: ObjectDefinition;
			readonly identifiers: readonly string[];
	  }
	| {
			readonly task: 'validate';
			readonly folder: string;
			readonly storeFile: string;
			readonly connector: Connector;
			readonly objects: readonly ObjectDefinition[];
			readonly limits: Limits;
			readonly locale: Locale;
			readonly secrets: Readonly<Record<string, Readonly<Record<string, string>>>>;
	  }
	| {
			readonly task: 'infer';
			readonly folder: string;
			readonly storeFile: string;
			readonly connector: Connector;
			readonly objects: readonly ObjectDefinition[];
			readonly limits: Limits;
			readonly locale: Locale;
	  }
	| {
			/** The one SELECT of a source or of its freshness, as text. Gives `Selected`. */
			readonly task: 'select';
			readonly folder: string;
			/** The statement, and what errors call it. */
			readonly script: {readonly text: string; readonly file: string};
			/** A new CSV file that all rows go to; null: only the first are wanted. */
			readonly to: string | null;
			/** How many rows the answer holds. */
			readonly rows: number;
			readonly limits: Limits;
			/** The workspace's. */
			readonly timezone: string;
			readonly secrets: Readonly<Record<string, Readonly<Record<string, string>>>>;
			/** The names of the connector's secrets that are not set. */
			readonly unset: readonly string[];
	  }
	| {
			/** The query of a source in its database's own SQL. Gives `Selected`. */
			readonly task: 'fetch';
			readonly asked: Pick<DatabaseQuery, 'kind' | 'query' | 'secretName' | 'secret'>;
			/** A new CSV file that all rows go to; null: only the first are wanted. */
			readonly to: string | null;
			/** How many rows the answer holds. */
			readonly rows: number;
			readonly limits: Limits;
	  }
	| {
			/** The first rows of a file's first page. Gives `Selected`. */
			readonly task: 'peek';
			readonly folder: string;
			readonly input: {readonly path: string; readonly name: string};
			readonly read: ReadOptions;
			readonly rows: number;
			readonly limits: Limits;
	  }
	| {
			/** What a file holds on the line a row came from. Gives `InputText`. */
			readonly task: 'line';
			readonly folder: string;
			readonly input: {readonly path: string; readonly name: string};
			readonly read: ReadOptions;
			readonly line: number;
			readonly limits: Limits;
	  }
	/** Takes the events out of the store that the daemon has on disk as what they led to. */
	| {readonly task: 'forget_events'; readonly storeFile: string; readonly upTo: number}
	| {readonly task: 'migrate'; readonly storeFile: string; readonly objects: readonly ObjectDefinition[]};

/** Columns and first rows, all as text. */
export type Selected = {readonly columns: readonly string[]; readonly rows: readonly (readonly (string | null)[])[]};

export type RunnerTask = ExecutionJob | ShortTask;

/** What the daemon tells a runner after the task. */
export type ToRunner =
	| {readonly type: 'task'; readonly task: RunnerTask}
	/** Stop at the next chunk boundary, SQL at once; the execution ends `cancelled`. */
	| {readonly type: 'cancel'}
	/** The same, but the execution goes back to the queue with its checkpoint. */
	| {readonly type: 'stop'}
	/** A question about the tables of the running execution, answered from its own engine. */
	| {readonly type: 'rows'; readonly request: number; readonly sql: string};

/** The part of an execution that a runner knows. Sent whole, at most ten times a second, and at every stage's end. */
export type Progress = {
	readonly stages: readonly Stage[];
	readonly rows: {readonly input: number | null; readonly by_scope: Readonly<Record<string, number>>};
	readonly engine: string | null;
	readonly walls: readonly string[];
	readonly warnings: readonly ExecutionWarning[];
	readonly artifacts: {readonly sql_output: string | null; readonly report: string | null; readonly export?: string | null};
	/** The first rows that errored, were left out, or carry a warning, a sentence each; known when the report is built. */
	readonly reasons?: readonly string[];
	/** How long runners have worked on it, by a monotonic clock. */
	readonly took_ms?: number;
};

export type FromRunner =
	| {readonly type: 'progress'; readonly progress: Progress}
	| {
			readonly type: 'log';
			readonly level: 'info' | 'warning' | 'error';
			readonly stage: string | null;
			readonly message: string;
			readonly at: string;
	  }
	/** The SQL worker's process, so that the daemon can kill what a dead runner left. `start` is field 22 of /proc/<pid>/stat, or empty. */
	| {readonly type: 'worker'; readonly pid: number; readonly start: string}
	| {
			readonly type: 'rows';
			readonly request: number;
			readonly rows: readonly Record<string, unknown>[] | null;
			readonly error: ErrorBody | null;
	  }
	| {
			readonly type: 'ended';
			/** `stopped`: goes back to the queue with its checkpoint. */
			readonly result: 'completed' | 'warning' | 'failed' | 'cancelled' | 'stopped';
			/** Where it stopped, as people read it: `load:1, chunk 3 of 20`. */
			readonly at: string | null;
			readonly progress: Progress;
			readonly error: ErrorBody | null;
			/** Beside `stopped`: a disk stopped it, and it can go on once that has passed. */
			readonly disk?: DiskTrouble | null;
	  }
	/** A short task's result; its shape depends on the task. */
	| {readonly type: 'result'; readonly result: unknown; readonly error: ErrorBody | null};
