import type {SqlSession} from '../../model/sql-session.js';
import {keptTable} from '../../model/sql-text.js';
import {keptColumns, theirs} from '../kept/columns.js';
import {cellKindOf, columnText} from '../kept/engine-type.js';
import type {CellKind} from '../workbook/cell-sql.js';
import type {SheetSource} from '../workbook/table-sheet.js';

/**
 * `SQL Output (<scope>)`: the columns as the SQL left them.
 *
 * @param cellOf what the cells of a column are, where that is known better than by its type
 */
export async function sqlOutputSheet(
	session: SqlSession,
	table: string,
	cellOf = (_column: string): CellKind | null => null,
): Promise<SheetSource> {
	const columns = theirs(table, await keptColumns(session, table));
	return {
		title: `SQL Output (${table.slice('sql:'.length)})`,
		table: keptTable(table),
		columns: columns.map((column) => ({
			header: column.name,
			kind: cellOf(column.name) ?? cellKindOf(column.type),
			sql: columnText(column),
		})),
	};
}
