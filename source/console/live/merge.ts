import type {SluiceEvent, Status} from '../../api/contract.js';
import type {Execution} from '../../model/execution.js';
import type {Changes, Live} from './live.js';

const keptRecent = 50;
const keptLines = 500;
const keptSamples = 60;

/** The changes with one more event: of each thing the latest state. */
export type Gathered = {
	executions: Map<string, Execution>;
	connectors: Changes['connectors'] & Map<string, unknown>;
	queues: Map<string, number>;
	logs: Map<string, Changes['logs'] extends ReadonlyMap<string, infer Lines> ? Lines : never>;
	problems: Changes['problems'];
	deliveries: boolean;
	history: boolean;
	records: Set<string>;
	again: boolean;
};

export function nothingGathered(): Gathered {
	return {
		executions: new Map(),
		connectors: new Map(),
		queues: new Map(),
		logs: new Map(),
		problems: null,
		deliveries: false,
		history: false,
		records: new Set(),
		again: false,
	};
}

/** Puts an event where it belongs; a later state takes the place of an earlier one. */
export function gather(gathered: Gathered, event: SluiceEvent): void {
	switch (event.type) {
		case 'execution':
			gathered.executions.set(event.execution.id, event.execution);
			return;
		case 'connector':
			gathered.connectors.set(event.connector.api_name, event.connector);
			return;
		case 'queue':
			gathered.queues.set(event.connector, event.revision);
			return;
		case 'problems':
			gathered.problems = event.problems;
			return;
		case 'log':
			gathered.logs.set(event.execution, [...(gathered.logs.get(event.execution) ?? []), event.line].slice(-keptLines));
			return;
		case 'deliveries':
		case 'history':
			gathered[event.type] = true;
			return;
		case 'records':
			gathered.records.add(event.object);
			return;
		case 'reset':
			gathered.again = true;
	}
}

/** The picture after these changes, known to be true at `now`. */
export function merged(live: Live, changes: Changes, now: number): Live {
	const known = new Map([...live.recent, ...live.active].map((execution) => [execution.id, execution]));
	for (const [id, execution] of changes.executions) known.set(id, execution);
	return {
		...live,
		...split([...known.values()]),
		status: live.status && withConnectors(live.status, changes),
		heardAt: now,
		lost: null,
	};
}

/** The picture as the daemon tells it anew. */
export function renewed(live: Live, status: Status, executions: readonly Execution[], now: number): Live {
	return {...live, status, ...split(executions), heardAt: now, lost: null};
}

function split(executions: readonly Execution[]): Pick<Live, 'active' | 'recent'> {
	const newestFirst = [...executions].sort((a, b) => (a.queued_at < b.queued_at ? 1 : a.queued_at > b.queued_at ? -1 : 0));
	return {
		active: newestFirst.filter(isActive),
		recent: newestFirst.filter((execution) => !isActive(execution)).slice(0, keptRecent),
	};
}

export function isActive({status}: Execution): boolean {
	return status === 'queued' || status === 'running';
}

function withConnectors(status: Status, {connectors}: Changes): Status {
	if (connectors.size === 0) return status;
	const known = new Set(status.connectors.map(({api_name}) => api_name));
	const added = [...connectors.values()].filter(({api_name}) => !known.has(api_name));
	return {...status, connectors: [...status.connectors.map((connector) => connectors.get(connector.api_name) ?? connector), ...added]};
}

/** Rows that went through a load step between two pictures of the same execution. */
export function rowsBetween(before: Execution | undefined, after: Execution): number {
	return before ? Math.max(0, rowsOf(after) - rowsOf(before)) : 0;
}

function rowsOf({counts}: Execution): number {
	return counts.created + counts.updated + counts.skipped + counts.errored;
}

/** The samples with one more, in rows a minute. */
export function sampled(rowRate: readonly number[], rows: number, tookMs: number): readonly number[] {
	return [...rowRate, tookMs <= 0 ? 0 : Math.round((rows * 60_000) / tookMs)].slice(-keptSamples);
}
