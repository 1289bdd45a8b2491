import type {SqlSession} from '../../model/sql-session.js';
import {keptTable} from '../../model/sql-text.js';
import {keptColumns, theirs} from '../kept/columns.js';
import {cellKindOf, columnText} from '../kept/engine-type.js';
import type {SheetSource} from '../workbook/table-sheet.js';

/** `SQL Output (<scope>)`: the columns as the SQL left them. */
export async function sqlOutputSheet(session: SqlSession, table: string): Promise<SheetSource> {
	const columns = theirs(table, await keptColumns(session, table));
	return {
		title: `SQL Output (${table.slice('sql:'.length)})`,
		table: keptTable(table),
		columns: columns.map((column) => ({header: column.name, kind: cellKindOf(column.type), sql: columnText(column)})),
	};
}
