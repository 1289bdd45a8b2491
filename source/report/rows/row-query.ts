import {keptTable, literal} from '../../model/sql-text.js';
import type {RowsFilter, RowsRequest} from './request.js';
import {pageRows} from './request.js';
import {reasonPattern} from './similar-reasons.js';
import {columnNamed, type NamedColumn, sortKey, type TableShape} from './table-columns.js';

/** The numbers between which a page lies, where they are known. */
export type Place = {readonly after?: number; readonly upto?: number};

/** What else the query may reach: whether the run did the diff check of this scope, and where its rows lie. */
export type QueryContext = Place & {readonly unchanged: boolean};

/**
 * The filter as a SQL condition; empty where nothing filters. Cheap conditions come first: the engine then reads other columns for
 * the rows that are left.
 *
 * @throws SluiceError `report.no_column`
 */
export function condition(shape: TableShape, filter: RowsFilter, context: QueryContext): string {
	const {outcome, reason, state, find, column, value} = filter;
	const family = shape.table.slice(0, shape.table.indexOf(':'));
	const terms: string[] = [];
	if (outcome !== undefined) terms.push(family === 'load' ? `__outcome = ${literal(outcome)}` : '0');
	if (state !== undefined) terms.push(family === 'variables' ? stateIs(shape.table, state, context) : '0');
	if (column !== undefined) terms.push(columnIs(columnNamed(shape, column), value ?? null));
	if (reason !== undefined)
		terms.push(
			family === 'sql'
				? '0'
				: `(__reason = ${literal(reason)} OR (__reason IS NOT NULL AND ${reasonPattern('__reason')} = ${literal(reason)}))`,
		);
	if (find !== undefined && find !== '') terms.push(holds(shape, find));
	return terms.join(' AND ');
}

function stateIs(table: string, state: string, context: QueryContext): string {
	const scope = table.slice('variables:'.length);
	// why the place again: else every page would learn all unchanged rows of the run by heart
	const within = between(context).map((term) => ` AND ${term}`);
	const same = context.unchanged ? `__row IN (SELECT __row FROM ${keptTable(`diff:${scope}`)} WHERE 1${within.join('')})` : '0';
	return state === 'unchanged' ? same : `__state = ${literal(state)} AND NOT (${same})`;
}

function between({after, upto}: Place): readonly string[] {
	return [...(after === undefined ? [] : [`__row > ${after}`]), ...(upto === undefined ? [] : [`__row < ${upto}`])];
}

function columnIs({name, text, column, kept}: NamedColumn, value: string | null): string {
	// why not as text: a number finds its row by the primary key
	if (name === 'row' && column === null && value !== null && /^\d{1,18}$/.test(value)) return `__row = ${value}`;
	if (value === null || value === '') return `ifNull(${kept ?? text}, '') = ''`;
	return kept === undefined ? `${text} = ${literal(value)}` : `(${kept} = ${literal(value)} OR ${text} = ${literal(value)})`;
}

/** What a search looks into: all that people see of a row but its numbers. In a dry run, ids of related records mean no record that exists. */
export function searchedColumns({columns, about, mode}: TableShape): readonly Pick<NamedColumn, 'name' | 'text'>[] {
	const own = columns.flatMap(({name, text, kept}) => [
		{name, text},
		...(kept === undefined || mode === 'dry' ? [] : [{name, text: kept}]),
	]);
	return [...own, ...about.filter(({name}) => name !== 'row' && name !== 'line')];
}

/** SQL: whether any column people see holds the text. why two functions: the one for ASCII is several times faster. */
export function holds(shape: TableShape, text: string): string {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: why: all of ASCII is meant
	const position = /^[\x00-\x7f]*$/.test(text) ? 'positionCaseInsensitive' : 'positionCaseInsensitiveUTF8';
	const searched = searchedColumns(shape);
	return `(${searched.map((column) => `${position}(ifNull(${column.text}, ''), ${literal(text)}) > 0`).join(' OR ') || '0'})`;
}

/**
 * A table has several parts, one after the other: with this the engine looks into one only when the page is not full before it begins, and
 * not for the first match of each (a rare match far down: 10 ms against 56 ms).
 */
const partByPart = 'read_in_order_use_virtual_row = 1';

/** Rows from one mark to the next. */
export const markEvery = 200;

/** Row numbers that still fit into a statement. */
const mostNumbers = 5000;

/**
 * The SELECT that counts the rows a filter leaves: `rows`; `last`, the number of the last of them; `marks`, the numbers of the first and
 * of every 200th after it, so that a page far down is looked for where it is; `numbers`, all of them where they are few. Without a filter
 * the table says itself where its rows are.
 */
export function countQuery(shape: TableShape, filter: RowsFilter, context: QueryContext): string {
	const where = condition(shape, filter, context);
	if (where === '') return `SELECT count() AS rows, 0 AS last, [] AS marks, [] AS numbers FROM ${keptTable(shape.table)}`;
	return `SELECT count() AS rows, max(row) AS last, arraySort(groupArrayIf(row, number % ${markEvery} = 0)) AS marks,
	if(count() <= ${mostNumbers}, groupArray(${mostNumbers})(row), []) AS numbers
FROM (SELECT __row AS row, rowNumberInAllBlocks() AS number FROM (SELECT __row FROM ${keptTable(shape.table)} WHERE ${where} ORDER BY __row))`;
}

/** Whether a page is the rows of its numbers, where the table has no gaps. */
export function isPlain({outcome, reason, state, column, find = '', sort, descending}: RowsRequest): boolean {
	return [outcome, reason, state, column, sort].every((part) => part === undefined) && find === '' && !descending;
}

/**
 * The SELECT of a page, `selected` from the table's columns, in order.
 *
 * why the range: without filter or sort a page is the rows of its numbers, read by the primary key wherever it lies (5 ms against
 * 60 ms for an OFFSET at 700,000)
 *
 * @param context `gapless` says that the rows number 1 to n; `after` and `upto` between which numbers the page lies; `aside` names the
 * table that holds what the filter leaves, and nothing else
 */
export function pageQuery(
	shape: TableShape,
	request: RowsRequest,
	selected: string,
	context: QueryContext & {readonly gapless: boolean; readonly aside?: string | undefined},
): string {
	const offset = Math.max(0, Math.trunc(request.offset ?? 0));
	const limit = Math.max(0, Math.trunc(request.limit ?? pageRows));
	const from = `SELECT ${selected} FROM ${context.aside ?? keptTable(shape.table)}`;
	if (isPlain(request) && context.gapless) {
		const first = Math.max(offset, context.after ?? 0);
		const last = limit === 0 ? '' : ` AND __row <= ${first + limit}`;
		return `${from} WHERE __row > ${first}${last} ORDER BY __row`;
	}
	const terms = [...between(context), context.aside === undefined ? condition(shape, request, context) : ''].filter((term) => term !== '');
	const direction = request.descending ? ' DESC' : '';
	const order =
		request.sort === undefined ? `__row${direction}` : `${sortKey(columnNamed(shape, request.sort))}${direction} NULLS LAST, __row`;
	const page = limit === 0 && offset === 0 ? '' : ` LIMIT ${limit === 0 ? '18446744073709551615' : limit} OFFSET ${offset}`;
	return `${from}${terms.length === 0 ? '' : ` WHERE ${terms.join(' AND ')}`} ORDER BY ${order}${page}${request.sort === undefined ? ` SETTINGS ${partByPart}` : ''}`;
}
