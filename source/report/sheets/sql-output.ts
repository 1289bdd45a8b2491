import type {SqlSession} from '../../model/sql-session.js';
import {keptTable} from '../../model/sql-text.js';
import {isOurs, keptColumns} from '../kept/columns.js';
import {cellKindOf, columnText} from '../kept/engine-type.js';
import type {SheetSource} from '../workbook/table-sheet.js';

/** `SQL Output (<scope>)`: the columns as the SQL left them. */
export async function sqlOutputSheet(session: SqlSession, table: string): Promise<SheetSource> {
	const columns = (await keptColumns(session, table)).filter((column) => !isOurs(column));
	return {
		title: `SQL Output (${table.slice('sql:'.length)})`,
		table: keptTable(table),
		columns: columns.map((column) => ({header: column.name, kind: cellKindOf(column.type), sql: columnText(column)})),
	};
}
