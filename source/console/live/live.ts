import type {ConnectorSummary, LogLine, Status} from '../../api/contract.js';
import type {Execution} from '../../model/execution.js';
import type {Problem} from '../../model/problem.js';

/** What the daemon said last, and whether it is still true. One picture is made of all news at most ten times a second. */
export type Live = {
	/** Null until the daemon answered for the first time. */
	readonly status: Status | null;
	/** Executions that run or wait, newest first, with their progress. */
	readonly active: readonly Execution[];
	/** Ended executions heard of or asked for, newest first, at most 50. */
	readonly recent: readonly Execution[];
	/** The names of the objects; null until the daemon told them. */
	readonly objects: readonly string[] | null;
	/** Rows written per second over all runs, a value a sample, newest last. */
	readonly rowRate: readonly number[];
	/** What to say of a daemon of another version, with the cure; null for one of the same. */
	readonly otherVersion: string | null;
	/** Null while the daemon answers. */
	readonly lost: {readonly since: number; readonly message: string; readonly tries: number} | null;
	/** When the picture was last known to be true, in ms since 1970. */
	readonly heardAt: number | null;
};

/** What changed since the last picture, gathered: each thing once, in its latest state. */
export type Changes = {
	readonly executions: ReadonlyMap<string, Execution>;
	readonly connectors: ReadonlyMap<string, ConnectorSummary>;
	/** The revision of each queue that changed. */
	readonly queues: ReadonlyMap<string, number>;
	/** New lines by execution, oldest first; a slow console may miss some, the log itself has all. */
	readonly logs: ReadonlyMap<string, readonly LogLine[]>;
	readonly problems: readonly Problem[] | null;
	/** A mail or webhook was made, sent, or failed. */
	readonly deliveries: boolean;
	/** There is a new entry in the history. */
	readonly history: boolean;
	/** Objects whose records changed by hand; what executions write is told by `executions`. */
	readonly records: ReadonlySet<string>;
	/** Too much happened, or the connection was lost meanwhile: ask again for what the screen shows. */
	readonly again: boolean;
};

export const nothingYet: Live = {
	status: null,
	active: [],
	recent: [],
	objects: null,
	rowRate: [],
	otherVersion: null,
	lost: null,
	heardAt: null,
};

/** The name of the environment when the workspace has one, such as `production`. */
export function environmentOf({status}: Live): string | null {
	return status?.daemon.environment ?? null;
}

/** The time zone in which times are shown: the workspace's; UTC until the daemon told it. */
export function timezoneOf({status}: Pick<Live, 'status'>): string {
	return status?.daemon.timezone || 'UTC';
}

/** Whether live runs and cancels must be confirmed with the connector's name (SPEC 13, 14). */
export function isProduction(live: Live): boolean {
	return environmentOf(live) === 'production';
}

export function connectorOf({status}: Live, name: string): ConnectorSummary | null {
	return status?.connectors.find(({api_name}) => api_name === name) ?? null;
}
