import type {Execution} from '../../model/execution.js';
import {type Changes, type Live, nothingYet} from '../live/live.js';
import {rowsBetween} from '../live/merge.js';

/** A line of any execution's log, as the wallboard shows it. */
export type LoggedLine = {
	readonly at: string;
	readonly level: 'info' | 'warning' | 'error';
	readonly execution: string;
	readonly connector: string;
	readonly message: string;
};

/** What the wallboard remembers: the last picture of the daemon, and what it has seen go by. */
export type Wall = {
	readonly live: Live;
	/** Rows a minute, a value a sample, newest last. */
	readonly rate: readonly number[];
	/** Executions that waited, a value a sample. */
	readonly queue: readonly number[];
	/** Newest last. */
	readonly lines: readonly LoggedLine[];
	/** Rows that went through a load step since the last sample. */
	readonly rows: number;
	readonly sampledAt: number;
};

/** A sample stands for so long; sixty of them are the five minutes that are shown. */
export const sampleMs = 5_000;
export const samples = 60;
const keptLines = 100;

/** The wallboard before it heard anything: five quiet minutes. */
export function emptyWall(now: number): Wall {
	const quiet = Array.from({length: samples}, () => 0);
	return {live: nothingYet, rate: quiet, queue: quiet, lines: [], rows: 0, sampledAt: now};
}

/** The wallboard after news from the daemon. */
export function heard(wall: Wall, live: Live, changes: Changes): Wall {
	const before = new Map(executionsOf(wall.live).map((execution) => [execution.id, execution]));
	const after = executionsOf(live);
	const rows = after.reduce((sum, execution) => sum + rowsBetween(before.get(execution.id), execution), 0);
	const connectors = new Map(after.map(({id, connector}) => [id, connector]));
	const added = [...changes.logs].flatMap(([execution, lines]) =>
		lines.map(({at, level, message}): LoggedLine => ({at, level, execution, connector: connectors.get(execution) ?? '', message})),
	);
	const lines = added.length === 0 ? wall.lines : [...wall.lines, ...added].sort(byTime).slice(-keptLines);
	return {...wall, live, lines, rows: wall.rows + rows};
}

/** The wallboard after a sample's time: one more value in each series. While the daemon is lost nothing is known, so nothing is drawn. */
export function sampled(wall: Wall, now: number): Wall {
	const took = now - wall.sampledAt;
	if (took <= 0) return wall;
	const rate = wall.live.lost ? 0 : Math.round((wall.rows * 60_000) / took);
	const queued = wall.live.lost ? 0 : queuedOf(wall.live);
	return {...wall, rate: withOne(wall.rate, rate), queue: withOne(wall.queue, queued), rows: 0, sampledAt: now};
}

/** How the last twenty live runs of each connector ended, all together; `share` is null where none ended yet. */
export function successOf({status}: Live): {readonly clean: number; readonly all: number; readonly share: number | null} {
	const health = (status?.connectors ?? []).flatMap((connector) => connector.health);
	const clean = health.filter((ended) => ended === 'completed' || ended === 'warning').length;
	return {clean, all: health.length, share: health.length === 0 ? null : clean / health.length};
}

/** All that wait, as everywhere; only the newest of them are known one by one. */
function queuedOf({status, active}: Live): number {
	return status?.daemon.queued ?? active.filter((one) => one.status === 'queued').length;
}

function executionsOf({active, recent}: Live): readonly Execution[] {
	return [...active, ...recent];
}

function withOne(values: readonly number[], value: number): readonly number[] {
	return [...values, value].slice(-samples);
}

function byTime(a: LoggedLine, b: LoggedLine): number {
	return a.at < b.at ? -1 : a.at > b.at ? 1 : 0;
}
