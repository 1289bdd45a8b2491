import type {Hono} from 'hono';
import {type RowsFilter, type RowsPage, readRows} from '../../report/rows.js';
import {listTables} from '../../report/tables.js';
import {columnValues} from '../../report/values.js';
import {explain} from '../browse/explain.js';
import {find} from '../browse/find.js';
import {noTables, tableContext} from '../browse/table-context.js';
import type {StoredExecution} from '../control/stored-execution.js';
import type {Rooms} from '../rooms.js';
import {type Asked, serve} from './answer.js';
import {mostItems, page, pageSize} from './page.js';

/** The tables of executions, whatever their size: every filter, sort and page is the engine's work. */
export function serveTables(app: Hono, rooms: Rooms): void {
	const {control, browse, paths} = rooms;
	serve(app, 'GET /executions/:id/tables', async ({path}) => {
		const stored = control.executions.find(path('id'));
		return {items: (await browse.tables(stored, listTables)) ?? []};
	});
	serve(app, 'GET /executions/:id/tables/:table/rows', async ({path, query}) => {
		const stored = control.executions.find(path('id'));
		const {items, total} = await rowsOf(rooms, stored, path('table'), query);
		return page(items, total, query.offset);
	});
	serve(app, 'GET /executions/:id/tables/:table/values', async ({path, query: {column, limit}}) => {
		const stored = control.executions.find(path('id'));
		const context = await tableContext(paths, stored);
		const request = {...context, table: path('table'), column, limit: pageSize(limit, mostItems.rows)};
		const items = await browse.tables(stored, (session) => columnValues(session, request));
		if (!items) throw noTables(stored.id);
		return {items};
	});
	serve(app, 'GET /executions/:id/explain', async ({path, query: {row, scope}}) => {
		return await explain(rooms, control.executions.find(path('id')), row, scope ?? undefined);
	});
	serve(app, 'GET /find', async ({query, signal}) => await find(rooms, query, signal()));
}

type RowsQuery = Asked<'GET /executions/:id/tables/:table/rows'>['query'];

async function rowsOf({browse, paths}: Rooms, stored: StoredExecution, table: string, query: RowsQuery): Promise<RowsPage> {
	const context = await tableContext(paths, stored);
	const filter: RowsFilter = {
		outcome: query.outcome ?? undefined,
		reason: query.reason ?? undefined,
		state: query.state ?? undefined,
		find: query.find ?? undefined,
		column: query.column ?? undefined,
		value: query.column === null ? undefined : query.value,
	};
	const limit = pageSize(query.limit, mostItems.rows);
	const request = {...context, ...filter, table, offset: query.offset, limit, sort: query.sort ?? undefined, descending: query.descending};
	const found = await browse.tables(stored, (session) => readRows(session, request));
	if (!found) throw noTables(stored.id);
	return found;
}
