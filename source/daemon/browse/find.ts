import type {Found, FoundRow, FoundRun, UnreadRun} from '../../api/contract.js';
import {toSluiceError} from '../../model/errors.js';
import {countRows, type FoundInTable, findRows} from '../../report/find.js';
import type {TableRows} from '../../report/tables.js';
import type {StoredExecution} from '../control/stored-execution.js';
import {readSnapshot} from '../dispatch/snapshot.js';
import {knownConnector} from '../server/known-connector.js';
import {mostItems, page, pageSize} from '../server/page.js';
import type {Services} from '../services.js';
import {sinceInstant} from './since.js';

export type FindQuery = {
	readonly text: string;
	readonly connector: string | null;
	readonly since: string | null;
	readonly offset: number;
	readonly limit: number;
};

const executionsAtOnce = 50;

/**
 * The rows of ended executions that hold a text, newest execution first: a page of them, how many there are in each execution, and which
 * executions could not be searched (SPEC 0, 13).
 */
export async function find(services: Services, query: FindQuery, signal: AbortSignal): Promise<Found> {
	const {control} = services;
	const {connector, since} = query;
	if (connector !== null) knownConnector(services, connector);
	const limit = pageSize(query.limit, mostItems.found);
	const from = since === null ? null : sinceInstant(since, new Date(), services.configuration.locale.timezone);
	const items: FoundRow[] = [];
	const runs: FoundRun[] = [];
	const unread: UnreadRun[] = [];
	let total = 0;
	const filter = {connector, status: null, mode: null, object: null, operation: null};
	for (let offset = 0; ; offset += executionsAtOnce) {
		const {items: listed} = control.executions.list({...filter, offset, limit: executionsAtOnce});
		for (const stored of listed) {
			if (from !== null && stored.queuedAt < from) return found();
			const run = {execution: stored.id, connector: stored.connector, mode: stored.mode, at: stored.startedAt ?? stored.queuedAt};
			const page = {offset: Math.max(0, query.offset - total), limit: limit - items.length};
			const looked = await inExecution(services, stored, query.text, page, signal);
			if ('reason' in looked) unread.push({...run, reason: looked.reason});
			if (!('rows' in looked) || looked.rows === 0) continue;
			total += looked.rows;
			runs.push({...run, rows: looked.rows, shown: looked.items.length});
			items.push(...looked.items.map((row) => ({...run, ...row})));
		}
		if (listed.length < executionsAtOnce) return found();
	}

	function found(): Found {
		return {...page(items, total, query.offset), runs, unread};
	}
}

type Looked = {readonly rows: number; readonly items: readonly FoundInTable[]} | {readonly reason: string};

const nothing: Looked = {rows: 0, items: []};

/** @param page of the execution's own rows; `limit` 0: they are only counted */
async function inExecution(
	{browse, paths}: Services,
	stored: StoredExecution,
	text: string,
	{offset, limit}: {readonly offset: number; readonly limit: number},
	signal: AbortSignal,
): Promise<Looked> {
	if (stored.status === 'queued') return nothing;
	if (stored.status === 'running') return {reason: 'it is running'};
	if (stored.clearedAt !== null) return {reason: 'its tables were cleared'};
	const snapshot = await readSnapshot(paths.execution(stored.id).configuration);
	if (!snapshot) return nothing;
	const request = {text, mode: stored.mode, connector: snapshot.connector, objects: snapshot.objects};
	const known = browse.counted.of(stored.id, text);
	const rowsIn = (tables: readonly TableRows[]) => tables.reduce((sum, {rows}) => sum + rows, 0);
	if (known && (limit === 0 || offset >= rowsIn(known))) return {rows: rowsIn(known), items: []};
	try {
		const looked = await browse.passing(
			stored,
			async (session) => {
				const tables = known ?? (await countRows(session, request));
				const rows = rowsIn(tables);
				const items = limit === 0 || offset >= rows ? [] : await findRows(session, {...request, counted: tables, offset, limit});
				return {tables, rows, items};
			},
			signal,
		);
		if (!looked) return nothing;
		browse.counted.keep(stored.id, text, looked.tables);
		return looked;
	} catch (error) {
		if (signal.aborted) throw error;
		return {reason: toSluiceError(error).message};
	}
}
