import type {SqlSession} from '../model/sql-session.js';
import {keptTable} from '../model/sql-text.js';
import type {RowsRequest} from './rows/request.js';
import {condition} from './rows/row-query.js';
import {columnNamed, tableShape} from './rows/table-columns.js';
import {keptColumns} from './run-tables/columns.js';
import {relationsOf} from './run-tables/related.js';

export {similarReasons} from './rows/similar-reasons.js';

export type ValueCount = {readonly value: string | null; readonly rows: number};

/**
 * The values of a column and how many rows have each, the most frequent first; blank is null. The request's filters narrow the rows.
 *
 * @param request `column` is counted; `where` is the column that must have `value`; `limit`: how many values at most, 100 unless given
 * @throws SluiceError `report.no_table`, `report.no_column`
 */
export async function columnValues(
	session: SqlSession,
	request: Omit<RowsRequest, 'column'> & {readonly column: string; readonly where?: string | undefined},
): Promise<readonly ValueCount[]> {
	const {column, where: filtered, ...others} = request;
	const filter = {...others, column: filtered};
	const relations = await relationsOf(session, request.table, request);
	const shape = tableShape(await keptColumns(session, request.table), request, relations);
	const scope = request.table.slice(request.table.indexOf(':') + 1);
	const unchanged = (await keptColumns(session, `diff:${scope}`)).length > 0 && request.table.startsWith('variables:');
	const where = condition(shape, filter, {unchanged});
	const found = await session.rows<{value: string | null; rows: string | number}>(
		`SELECT nullIf(${columnNamed(shape, column).text}, '') AS value, count() AS rows
FROM ${keptTable(request.table)}${where === '' ? '' : `\nWHERE ${where}`}
GROUP BY value
ORDER BY rows DESC, value NULLS LAST
LIMIT ${Math.max(1, Math.trunc(request.limit ?? 100))}`,
	);
	return found.map(({value, rows}) => ({value, rows: Number(rows)}));
}
