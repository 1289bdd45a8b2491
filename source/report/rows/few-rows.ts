import type {SqlSession} from '../../model/sql-session.js';
import {keptTable} from '../../model/sql-text.js';
import type {RowsRequest} from './request.js';
import {condition, type QueryContext} from './row-query.js';
import type {TableShape} from './table-columns.js';
import {scopeOf} from './variables-reading.js';

/** What a filter leaves: how many rows, the number of the last, of every 200th, and of each where they are few. */
export type Left = {
	readonly total: number;
	readonly last: number;
	readonly marks: readonly number[];
	readonly numbers: readonly number[];
};

/** Where the few rows stand that a filter left, and for `variables:` tables those of the SQL that have their numbers. */
export type FewRows = {readonly aside: string; readonly texts?: string};

/** Above, a copy takes more memory than going back and forth in it saves time. */
const mostCells = 2_000_000;
/** Rows lie together well enough where a page of them is no longer than this. */
const [sparse, longEnough] = [50, 20_000];

/**
 * Rows far from each other, set aside so that their pages lie together: a page of every 5,000th of a million rows would else read the
 * whole table again. Null where they are many, or near, or the session keeps nothing.
 */
export async function fewRows(
	session: SqlSession,
	request: RowsRequest,
	shape: TableShape,
	context: QueryContext,
	{total, last, marks, numbers}: Left,
): Promise<FewRows | null> {
	const {setAside} = session;
	const span = last - (marks[0] ?? last);
	const isFew = total > 0 && span > longEnough && span / total > sparse && total * (shape.columns.length + shape.about.length) < mostCells;
	if (!setAside || !isFew) return null;
	// why by their numbers where that can be: the condition may read every column of the table, and was asked once already
	const found =
		numbers.length > 0 ? numbers.join(', ') : `SELECT __row FROM ${keptTable(shape.table)} WHERE ${condition(shape, request, context)}`;
	const copy = (table: string) => setAside(`SELECT * FROM ${keptTable(table)} WHERE __row IN (${found}) ORDER BY __row`);
	const aside = await copy(shape.table);
	return shape.table.startsWith('variables:') ? {aside, texts: await copy(`sql:${scopeOf(shape)}`)} : {aside};
}
