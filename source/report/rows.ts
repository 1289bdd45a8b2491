import type {SqlSession} from '../model/sql-session.js';
import {keptTable} from '../model/sql-text.js';
import {type FewRows, fewRows, type Left} from './rows/few-rows.js';
import {withRelated} from './rows/related-rows.js';
import {pageRows, type RowsRequest} from './rows/request.js';
import {countQuery, isPlain, markEvery, type Place, pageQuery} from './rows/row-query.js';
import {type Given, loadReading, type Reading, sqlReading, type TableRow} from './rows/shapes.js';
import {type TableShape, tableShape} from './rows/table-columns.js';
import {scopeOf, variablesReading} from './rows/variables-reading.js';
import {type KeptColumn, keptColumns} from './run-tables/columns.js';
import {type Relations, relationsOf} from './run-tables/related.js';

export type {RowsFilter, RowsRequest} from './rows/request.js';
export type {TableRow} from './rows/shapes.js';

export type RowsPage = {readonly items: readonly TableRow[]; readonly total: number};

/** A table opened for reading: its columns looked up once. */
type Opened = {
	readonly shape: TableShape;
	readonly kept: readonly KeptColumn[];
	readonly unchanged: boolean;
	readonly relations: Relations | null;
};

async function openTable(session: SqlSession, request: RowsRequest): Promise<Opened> {
	const kept = await keptColumns(session, request.table);
	const relations = await relationsOf(session, request.table, request);
	const shape = tableShape(kept, request, relations);
	const unchanged = request.table.startsWith('variables:') && (await keptColumns(session, `diff:${scopeOf(shape)}`)).length > 0;
	return {shape, unchanged, kept, relations};
}

/**
 * A page of a table in the shapes of SPEC 13, with how many rows the filter leaves in all. Integers beyond a double are bigint:
 * print with `toJson`.
 *
 * @param known the total, where the caller has it: nothing is then counted
 * @throws SluiceError `report.no_table`, `report.no_column`
 */
export async function readRows(session: SqlSession, request: RowsRequest, known: {readonly total?: number} = {}): Promise<RowsPage> {
	const opened = await openTable(session, request);
	const left = known.total === undefined ? await count(session, request, opened) : {total: known.total, last: 0, marks: [], numbers: []};
	const few = await fewRows(session, request, opened.shape, opened, left);
	const items: TableRow[] = [];
	for await (const batch of batches(session, ...nearest(request, left.marks), opened, few)) items.push(...batch);
	return {items, total: left.total};
}

/** The same page, counted from the last mark before it, and looked for only up to the first mark after it. */
function nearest(request: RowsRequest, marks: readonly number[]): readonly [RowsRequest, Place] {
	const {offset = 0, limit = pageRows} = request;
	const at = Math.min(Math.floor(offset / markEvery), marks.length - 1);
	const mark = marks[at];
	if (mark === undefined || request.sort !== undefined || request.descending) return [request, {}];
	const upto = limit === 0 ? undefined : marks[Math.ceil((offset + limit) / markEvery)];
	return [
		{...request, offset: offset - at * markEvery},
		{after: mark - 1, ...(upto === undefined ? {} : {upto})},
	];
}

async function* batches(
	session: SqlSession,
	request: RowsRequest,
	place: Place,
	opened: Opened,
	few: FewRows | null,
): AsyncGenerator<readonly TableRow[]> {
	const gapless = isPlain(request) && (await isGapless(session, request.table));
	const context = {...place, aside: few?.aside, texts: few?.texts, unchanged: opened.unchanged, gapless};
	if (request.table.startsWith('variables:')) {
		yield* variablesBatches(session, request, opened, context);
		return;
	}
	if (opened.relations) {
		const reading = loadReading(opened.shape, request);
		const rows = await whole(session, pageQuery(opened.shape, request, reading.select.join(', '), context));
		yield await withRelated(session, rows.map(reading.row), opened.relations, request);
		return;
	}
	const reading: Reading<TableRow> = request.table.startsWith('load:') ? loadReading(opened.shape, request) : sqlReading(opened.shape);
	for await (const rows of given(session, pageQuery(opened.shape, request, reading.select.join(', '), context)))
		yield rows.map(reading.row);
}

/** why page by page: the raw texts are another statement, and a session runs one at a time */
async function* variablesBatches(
	session: SqlSession,
	request: RowsRequest,
	{shape, kept, unchanged}: Opened,
	context: Place & {
		readonly unchanged: boolean;
		readonly gapless: boolean;
		readonly aside: string | undefined;
		readonly texts: string | undefined;
	},
): AsyncGenerator<readonly TableRow[]> {
	const output = await keptColumns(session, `sql:${scopeOf(shape)}`);
	const reading = variablesReading(shape, request, output, kept, unchanged, context.texts);
	const wanted = request.limit === 0 ? Number.POSITIVE_INFINITY : (request.limit ?? pageRows);
	const keyed = request.sort === undefined && !request.descending;
	let {after} = context;
	for (let done = 0; done < wanted; ) {
		const limit = Math.min(batchRows, wanted - done);
		const page = {...request, limit, offset: keyed && done > 0 ? 0 : (request.offset ?? 0) + done};
		const place = keyed && after !== undefined ? {...context, after} : context;
		const rows = await whole(session, pageQuery(shape, page, reading.select.join(', '), place));
		const numbers = rows.map(([row]) => Number(row));
		const raws = await byRow(session, reading.rawQuery(numbers));
		const since = await byRow(session, reading.sinceQuery(numbers));
		if (rows.length > 0) yield rows.map((row) => reading.row(row, raws.get(Number(row[0])), textOf(since.get(Number(row[0]))?.[1])));
		if (rows.length < limit) return;
		done += rows.length;
		after = numbers.at(-1);
	}
}

const batchRows = 5000;
const textOf = (value: unknown) => (value === undefined ? undefined : String(value));

async function count(session: SqlSession, request: RowsRequest, {shape, unchanged}: Opened): Promise<Left> {
	type Integer = string | number;
	type Found = {rows: Integer; last: Integer; marks: readonly Integer[]; numbers: readonly Integer[]};
	const [found] = await session.rows<Found>(countQuery(shape, request, {unchanged}));
	return {
		total: Number(found?.rows ?? 0),
		last: Number(found?.last ?? 0),
		marks: (found?.marks ?? []).map(Number),
		numbers: (found?.numbers ?? []).map(Number),
	};
}

/** Whether the rows number 1 to n: so in every table but those of a failed run. */
async function isGapless(session: SqlSession, table: string): Promise<boolean> {
	const [found] = await session.rows<{rows: string | number; last: string | number}>(
		`SELECT count() AS rows, max(__row) AS last FROM ${keptTable(table)}`,
	);
	return Number(found?.rows) === Number(found?.last);
}

/** Rows of a query, block by block. */
async function* given(session: SqlSession, sql: string): AsyncGenerator<readonly Given[]> {
	for await (const block of session.blocks(sql)) {
		const rows = block[0]?.length ?? 0;
		for (let start = 0; start < rows; start += batchRows)
			yield Array.from({length: Math.min(batchRows, rows - start)}, (_, row) => block.map((column) => column[start + row]));
	}
}

async function whole(session: SqlSession, sql: string): Promise<readonly Given[]> {
	const all: Given[] = [];
	for await (const rows of given(session, sql)) all.push(...rows);
	return all;
}

async function byRow(session: SqlSession, sql: string | null): Promise<ReadonlyMap<number, Given>> {
	const rows = sql === null ? [] : await whole(session, sql);
	return new Map(rows.map((row) => [Number(row[0]), row]));
}
