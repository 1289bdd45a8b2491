import type {Hono} from 'hono';
import {type RowsFilter, type RowsPage, readRows} from '../../report/rows.js';
import {listTables} from '../../report/tables.js';
import {columnValues} from '../../report/values.js';
import {explain} from '../browse/explain.js';
import {find} from '../browse/find.js';
import {noTables, tableContext} from '../browse/table-context.js';
import type {StoredExecution} from '../control/stored-execution.js';
import type {Services} from '../services.js';
import {type Asked, serve} from './answer.js';
import {mostItems, page, pageSize} from './page.js';

/** The tables of executions, whatever their size: every filter, sort and page is the engine's work. */
export function serveTables(app: Hono, services: Services): void {
	const {control, browse, paths} = services;
	serve(app, 'GET /executions/:id/tables', async ({path}) => {
		const stored = control.executions.find(path('id'));
		return {items: (await browse.tables(stored, listTables)) ?? []};
	});
	serve(app, 'GET /executions/:id/tables/:table/rows', async ({path, query}) => {
		const stored = control.executions.find(path('id'));
		const {items, total} = await rowsOf(services, stored, path('table'), query);
		return page(items, total, query.offset);
	});
	serve(app, 'GET /executions/:id/tables/:table/values', async ({path, query}) => {
		const {column, where, limit} = query;
		const stored = control.executions.find(path('id'));
		const context = await tableContext(paths, stored);
		const request = {
			...context,
			...filterOf({...query, column: where}),
			table: path('table'),
			column,
			where: where ?? undefined,
			limit: pageSize(limit, mostItems.rows),
		};
		const items = await browse.tables(stored, (session) => columnValues(session, request));
		if (!items) throw noTables(stored.id);
		return {items};
	});
	serve(app, 'GET /executions/:id/explain', async ({path, query: {row, scope}}) => {
		return await explain(services, control.executions.find(path('id')), row, scope ?? undefined);
	});
	serve(app, 'GET /find', async ({query, signal}) => await find(services, query, signal()));
}

type RowsQuery = Asked<'GET /executions/:id/tables/:table/rows'>['query'];

async function rowsOf({browse, paths}: Services, stored: StoredExecution, table: string, query: RowsQuery): Promise<RowsPage> {
	const context = await tableContext(paths, stored);
	const limit = pageSize(query.limit, mostItems.rows);
	const request = {
		...context,
		...filterOf(query),
		table,
		offset: query.offset,
		limit,
		sort: query.sort ?? undefined,
		descending: query.descending,
	};
	const found = await browse.tables(stored, (session) => readRows(session, request));
	if (!found) throw noTables(stored.id);
	return found;
}

type FilterQuery = Pick<RowsQuery, 'outcome' | 'reason' | 'state' | 'find' | 'column' | 'value'>;

function filterOf({outcome, reason, state, find: text, column, value}: FilterQuery): RowsFilter {
	return {
		outcome: outcome ?? undefined,
		reason: reason ?? undefined,
		state: state ?? undefined,
		find: text ?? undefined,
		column: column ?? undefined,
		value: column === null ? undefined : value,
	};
}
