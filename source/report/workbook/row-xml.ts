import type {SqlSession} from '../../model/sql-session.js';
import {literal} from '../../model/sql-text.js';
import type {SizeBounds} from '../archive/gzip-member.js';
import {
	type CellKind,
	type ColumnProfile,
	carefulCell,
	cellLambdas,
	cellXml,
	concatenated,
	isSpecial,
	maySpecial,
	type Piece,
} from './cell-sql.js';
import {columnLetters, excelLimits} from './sheet-frame.js';

/** A column of a sheet. `sql` gives its canonical text, Nullable(String), from the columns of the sheet's table. */
export type SheetColumn = {
	readonly header: string;
	readonly kind: CellKind;
	readonly sql: string;
	/** The text can hold nothing that needs care (ids, our own words), so nobody looks. */
	readonly safe?: boolean;
	/** Known beforehand: every row has a short value of our own, or none has any. Nobody looks then. */
	readonly filled?: 'always' | 'never';
	/** A value of the kind, if any, for certain: variables and fields are kept in canonical text. */
	readonly canonical?: boolean;
};

/** How a table's rows become XML. */
export type RowXml = {
	readonly rows: number;
	readonly lastRow: number;
	/** Bounds of the bytes of all rows' XML. */
	readonly size: SizeBounds;
	/** Bytes of each column's longest value, where that is known. */
	readonly longest: readonly number[];
	/** Headers of the columns whose text needs no care, where somebody looked. */
	readonly clean: ReadonlySet<string>;
	/** What the inner SELECT takes from the table. */
	readonly values: string;
	/** SQL of one row's XML, from `values` and `rowAlias`. */
	readonly row: string;
	/** Where the rows come from in place of the sheet's table: cells that were made beforehand. `done` removes it. */
	readonly made?: {readonly table: string; done(): Promise<void>};
};

/** why such names: an alias that has a column's name would hide it, and the SQL may name its columns as it likes */
export const rowAlias = '__sluice_n';
const valueAlias = (index: number) => `__sluice_v${index}`;
const allValues = '__sluice_values';

/** why 100: the engine's time to plan grows with the square of the columns, 5 s at 500; beyond, one lambda serves them all */
const widest = 100;

/** Looks at a table's columns, and says how its rows become XML. */
export async function rowXml(session: SqlSession, table: string, columns: readonly SheetColumn[], threads: number): Promise<RowXml> {
	if (columns.length > columnsAtOnce) return await groupedRows(session, table, columns, threads);
	return await (columns.length > widest ? wideRows : narrowRows)(session, table, columns, threads);
}

/** why 20: the longest of our own values is the digits of a row's number */
const ownBytes = 20;

async function narrowRows(session: SqlSession, table: string, columns: readonly SheetColumn[], threads: number): Promise<RowXml> {
	const values = columns.map(({sql}, index) => `${sql} AS ${valueAlias(index)}`).join(', ');
	const {rows, lastRow, profiles} = await profileOf(session, columns, `SELECT __row, ${values} FROM ${table}`, threads);
	const cells = profiles.flatMap((profile, index): readonly Piece[] =>
		cellXml(columns[index]?.kind ?? 'text', {letters: columnLetters(index + 1), value: valueAlias(index), row: rowAlias, profile, rows}),
	);
	return {
		rows,
		lastRow,
		size: sizeOf(columns, profiles, rows),
		longest: profiles.map(({longestBytes}) => longestBytes),
		clean: new Set(columns.flatMap(({header, kind}, index) => (kind === 'text' && profiles[index]?.special === false ? [header] : []))),
		values,
		row: rowOf(cells),
	};
}

type Profile = {readonly rows: number; readonly lastRow: number; readonly profiles: readonly ColumnProfile[]};

/** Looks at all columns in one statement; at each text for itself only where the texts of some row, taken together, may need care. */
async function profileOf(session: SqlSession, columns: readonly SheetColumn[], from: string, threads: number): Promise<Profile> {
	// why not ifNull: it copies every text
	const text = (index: number) => `assumeNotNull(${valueAlias(index)})`;
	const bytesOf = (index: number) => `ifNull(length(${valueAlias(index)}), 0)`;
	const looked = columns.flatMap(({safe, filled}, index) => (safe || filled ? [] : [index]));
	const texts = looked.filter((index) => columns[index]?.kind === 'text');
	const isOneSpecial = (index: number) => {
		const {kind = 'text', canonical = false} = columns[index] ?? {};
		return `max(${bytesOf(index)} > 0 AND ${isSpecial(kind, text(index), canonical)})`;
	};
	const aggregates = columns.flatMap(({filled}, index) => {
		if (filled === 'always') return ['0', '10', `count() * ${ownBytes}`, '0'];
		if (filled === 'never') return ['count()', '0', '0', '0'];
		const special = looked.includes(index) && !texts.includes(index) ? isOneSpecial(index) : '0';
		return [`countIf(${bytesOf(index)} = 0)`, `max(${bytesOf(index)})`, `sum(${bytesOf(index)})`, special];
	});
	const anySpecial = texts.length === 0 ? '0' : `max(${maySpecial(texts.map(text))})`;
	const [rows = 0, lastRow = 0, mayBe = 0, ...rest] = await figures(
		session,
		['count()', 'max(__row)', anySpecial, ...aggregates],
		from,
		threads,
	);
	const certain = mayBe === 1 ? await figures(session, texts.map(isOneSpecial), from, threads) : [];
	const profiles = columns.map((_, index): ColumnProfile => {
		const [blanks = 0, longestBytes = 0, bytes = 0, special = 0] = rest.slice(index * 4, index * 4 + 4);
		const isLong = texts.includes(index) && longestBytes > excelLimits.cellUnits;
		return {blanks, longestBytes, bytes, special: special === 1 || isLong || certain[texts.indexOf(index)] === 1};
	});
	return {rows, lastRow, profiles};
}

/** The engine's memory to plan a statement grows with the square of its columns: 14 GB for 10,000 of them, some 40 MB for these. */
const columnsAtOnce = 500;

/** Stands for the row's number in cells that are made before it is known. No text holds it: control characters are written `_xHHHH_`. */
const rowMark = "'\\x01'";

let groupedTables = 0;

/** Makes the cells of very many columns in groups, one statement each, in a table of their own; a row is then put together from them. */
async function groupedRows(session: SqlSession, table: string, columns: readonly SheetColumn[], threads: number): Promise<RowXml> {
	const cells = `run.report_cells_${++groupedTables}`;
	const done = () => session.execute(`DROP TABLE IF EXISTS ${cells} SYNC`);
	await done();
	try {
		await session.execute(`CREATE TABLE ${cells} (__row UInt64, part UInt16, xml String) ENGINE = MergeTree ORDER BY (__row, part)`);
		for (let from = 0; from < columns.length; from += columnsAtOnce) {
			const filled = columns.flatMap((column, index) =>
				index >= from && index < from + columnsAtOnce && (column.filled !== 'never' || index === 0) ? [{column, index}] : [],
			);
			if (filled.length === 0) continue;
			const values = `[${filled.map(({column}) => column.sql).join(', ')}]`;
			await session.execute(`INSERT INTO ${cells}
WITH ${cellLambdas.join(', ')}
SELECT __row, ${from / columnsAtOnce}, ${joinedCells(filled, allValues, rowMark)}
FROM (SELECT __row, ${values} AS ${allValues} FROM ${table} ORDER BY __row)
SETTINGS max_threads = 1, max_block_size = 256, prefer_column_name_to_alias = 1`);
		}
		const [rows = 0, lastRow = 0] = await figures(session, ['count()', 'max(__row)'], `SELECT __row FROM ${table}`, threads);
		return {
			rows,
			lastRow,
			size: {atLeast: 0, atMost: Number.POSITIVE_INFINITY},
			longest: [],
			clean: new Set(),
			values: `xml AS ${allValues}`,
			row: rowOf([{sql: `replaceAll(${allValues}, ${rowMark}, ${rowAlias})`}]),
			made: {
				table: `(SELECT __row, arrayStringConcat(arrayMap(p -> p.2, arraySort(groupArray((part, xml))))) AS xml FROM ${cells} GROUP BY __row SETTINGS optimize_aggregation_in_order = 1)`,
				done,
			},
		};
	} catch (error) {
		await done().catch(() => undefined);
		throw error;
	}
}

/** The XML of the cells of a row, whatever their values hold. @param row SQL of the row's number */
function joinedCells(columns: readonly {readonly column: SheetColumn; readonly index: number}[], values: string, row: string): string {
	const kinds = [...new Set(columns.map(({column}) => column.kind))];
	const cells = kinds.map((kind, index) => [`k = ${index}`, carefulCell(kind, {sql: 'l'}, row, 'assumeNotNull(v)')]);
	const cell = `multiIf(ifNull(v, '') = '', '', ${cells.flat().join(', ')}, '')`;
	const letters = columns.map(({index}) => literal(columnLetters(index + 1))).join(', ');
	const kindOf = columns.map(({column}) => kinds.indexOf(column.kind)).join(', ');
	return `arrayStringConcat(arrayMap((v, l, k) -> ${cell}, ${values}, [${letters}], [${kindOf}]))`;
}

async function wideRows(session: SqlSession, table: string, columns: readonly SheetColumn[], threads: number): Promise<RowXml> {
	const values = `[${columns.map(({sql}) => sql).join(', ')}] AS ${allValues}`;
	const [rows = 0, lastRow = 0] = await figures(session, ['count()', 'max(__row)'], `SELECT __row FROM ${table}`, threads);
	const joined = joinedCells(
		columns.map((column, index) => ({column, index})),
		allValues,
		rowAlias,
	);
	return {
		rows,
		lastRow,
		size: {atLeast: 0, atMost: Number.POSITIVE_INFINITY},
		longest: [],
		clean: new Set(),
		values,
		row: rowOf([{sql: joined}]),
	};
}

/** why 7: a byte of text becomes `_x0000_` at most; why 100: more than the longest markup of a cell with the longest serial number */
function sizeOf(columns: readonly SheetColumn[], profiles: readonly ColumnProfile[], rows: number): SizeBounds {
	const cells = profiles.reduce((sum, {blanks}) => sum + rows - blanks, 0);
	const most = profiles.reduce((sum, {bytes}, index) => sum + bytes * (columns[index]?.kind === 'text' ? 7 : 1), 0);
	return {atLeast: cells * 15, atMost: cells * 100 + rows * 40 + most};
}

function rowOf(cells: readonly Piece[]): string {
	return concatenated([{fixed: '<row r="'}, {sql: rowAlias}, {fixed: '">'}, ...cells, {fixed: '</row>'}]);
}

async function figures(session: SqlSession, aggregates: readonly string[], from: string, threads: number): Promise<readonly number[]> {
	const list = aggregates.map((aggregate) => `toUInt64(${aggregate})`).join(', ');
	const [found] = await session.rows<{figures: readonly (string | number)[]}>(
		`SELECT [${list}] AS figures FROM (${from}) SETTINGS max_threads = ${threads}, prefer_column_name_to_alias = 1`,
	);
	return (found?.figures ?? []).map(Number);
}
