import type {SqlSession} from '../../model/sql-session.js';
import {identifier, keptTable, literal} from '../../model/sql-text.js';
import {keptColumns, theirs} from '../run-tables/columns.js';
import {cellKindOf, columnText, engineKind} from '../run-tables/engine-type.js';
import type {CellKind} from '../workbook/cell-sql.js';
import type {SheetSource} from '../workbook/table-sheet.js';

/**
 * `SQL Output (<scope>)`: the columns as the SQL left them.
 *
 * @param timezone on whose clocks moments in UTC are shown; those that the SQL gave another zone stay in it
 * @param cellOf what the cells of a column are, where that is known better than by its type
 */
export async function sqlOutputSheet(
	session: SqlSession,
	table: string,
	timezone: string,
	cellOf = (_column: string): CellKind | null => null,
): Promise<SheetSource> {
	const columns = theirs(table, await keptColumns(session, table));
	return {
		title: `SQL Output (${table.slice('sql:'.length)})`,
		table: keptTable(table),
		columns: columns.map((column) => ({
			header: column.name,
			kind: cellOf(column.name) ?? cellKindOf(column.type),
			sql: isInUtc(column.type) ? momentIn(column.name, timezone) : columnText(column),
		})),
	};
}

function isInUtc(type: string): boolean {
	return engineKind(type) === 'datetime' && type.includes("'UTC'");
}

function momentIn(name: string, timezone: string): string {
	return `replaceOne(CAST(toTimeZone(${identifier(name)}, ${literal(timezone)}) AS Nullable(String)), ' ', 'T')`;
}
