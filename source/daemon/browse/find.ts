import type {FoundRow} from '../../api/contract.js';
import {SluiceError} from '../../model/errors.js';
import {findRows} from '../../report/find.js';
import type {StoredExecution} from '../control/stored-execution.js';
import {readSnapshot} from '../dispatch/snapshot.js';
import type {Rooms} from '../rooms.js';
import {knownConnector} from '../server/known-connector.js';

export type FindQuery = {readonly text: string; readonly connector: string | null; readonly since: string | null; readonly limit: number};

const executionsAtOnce = 50;
const mostRows = 1_000;

/** The rows of ended executions that hold a text, newest execution first, until there are enough of them (SPEC 0, 13). */
export async function find(rooms: Rooms, {text, connector, since, limit}: FindQuery, signal: AbortSignal): Promise<readonly FoundRow[]> {
	const {control, browse, paths} = rooms;
	if (connector !== null) knownConnector(rooms, connector);
	const wanted = Math.min(limit === 0 ? mostRows : limit, mostRows);
	const from = since === null ? null : instantOf(since, new Date());
	const found: FoundRow[] = [];
	const filter = {connector, status: null, mode: null, object: null, operation: null};
	for (let offset = 0; ; offset += executionsAtOnce) {
		const {items} = control.executions.list({...filter, offset, limit: executionsAtOnce});
		for (const stored of items) {
			if (from !== null && stored.queuedAt < from) return found;
			if (stored.status === 'queued' || stored.status === 'running') continue;
			found.push(...(await inExecution(stored)));
			if (found.length >= wanted) return found.slice(0, wanted);
		}
		if (items.length < executionsAtOnce) return found;
	}

	async function inExecution(stored: StoredExecution): Promise<readonly FoundRow[]> {
		const snapshot = await readSnapshot(paths.execution(stored.id).configuration);
		if (!snapshot) return [];
		const {connector: ran, objects} = snapshot;
		const request = {text, limit: wanted - found.length, mode: stored.mode, connector: ran, objects};
		const rows = (await browse.passing(stored, (session) => findRows(session, request), signal)) ?? [];
		const at = stored.startedAt ?? stored.queuedAt;
		return rows.map((row) => ({execution: stored.id, connector: stored.connector, at, ...row}));
	}
}

/** A day, an instant, or a span such as `7d` or `12h` back from now, as an instant. */
export function instantOf(since: string, now: Date): string {
	const [, count, unit] = /^(\d{1,6})\s*([mhdw])$/.exec(since.trim()) ?? [];
	const hours = {m: 1 / 60, h: 1, d: 24, w: 168}[unit ?? ''];
	if (count !== undefined && hours !== undefined) return new Date(now.getTime() - Number(count) * hours * 3_600_000).toISOString();
	const parsed = Date.parse(since);
	if (!Number.isNaN(parsed)) return new Date(parsed).toISOString();
	throw new SluiceError('usage.invalid', `"${since}" is not a time`, {expected: 'a day such as 2026-11-20, an instant, or 7d, 12h, 30m'});
}
