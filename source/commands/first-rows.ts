import type {Client} from '../api/client.js';
import type {Execution} from '../model/execution.js';
import {own} from '../model/own.js';
import {alignedTable, shown} from './output.js';

const firstRows = 5;

/** The first rows that a dry run of an export would have written, as a table; null for every other execution (SPEC 11). */
export async function firstRowsText(client: Client, {id, operation, mode, rows, status}: Execution): Promise<readonly string[] | null> {
	const [table] = Object.keys(rows.by_scope);
	if (operation !== 'export' || mode !== 'dry' || table === undefined || status === 'running') return null;
	const {items, total} = await client.rows(id, `sql:${table}`, {limit: firstRows});
	const values = items.map((item) => (item.values ?? {}) as Readonly<Record<string, unknown>>);
	if (values.length === 0) return null;
	const titles = Object.keys(values[0] ?? {});
	const shownRows = alignedTable(
		values,
		titles.map((title) => ({title, of: (row) => shown(own(row, title))})),
	);
	return [`First ${values.length} of ${total} rows`, ...shownRows, `all of them: sluice rows ${id} sql:${table}`];
}
