import {join} from 'node:path';
import type {SqlSession} from '../../model/sql-session.js';
import {literal} from '../../model/sql-text.js';
import {type GzipMember, gzipMember} from '../archive/gzip-member.js';
import {type CellKind, type ColumnProfile, cellLambdas, cellXml, concatenated, isSpecial, type Piece} from './cell-sql.js';
import {columnLetters, columnWidth, excelLimits, type SheetFrame, sheetFoot, sheetHead} from './sheet-frame.js';

/** A column of a sheet. `sql` gives its canonical text, Nullable(String), from the columns of the sheet's table. */
export type SheetColumn = {
	readonly header: string;
	readonly kind: CellKind;
	readonly sql: string;
	/** The text can hold nothing that needs care (ids, our own words), so nobody looks. */
	readonly safe?: boolean;
};

/** A table as it goes into the workbook, in the order of its `__row`. */
export type SheetSource = {readonly title: string; readonly table: string; readonly columns: readonly SheetColumn[]};

/** A piece of a source that fits one sheet: its compressed XML, or the XML itself where it has no rows. */
export type SheetPart = {readonly rows: number; readonly columns: number; readonly xml: string | GzipMember};

/** A folder by two names: as this process sees it, and as the SQL engine in its sandbox does. */
export type Scratch = {readonly host: string; readonly engine: string};

export type TableSheetOptions = {
	readonly scratch: Scratch;
	readonly threads: number;
	/** Rows a sheet takes below its header before the next part begins. */
	readonly rowsPerSheet: number;
	readonly compressionLevel: number;
};

/**
 * Builds a table's sheets inside the SQL engine: one statement looks at the columns, one a part writes its XML, compressed.
 *
 * why not in this process: 1M rows of 12 columns take 1.2 s there and 10 to 20 s through a spreadsheet library
 */
export async function writeTableSheet(
	session: SqlSession,
	source: SheetSource,
	file: string,
	options: TableSheetOptions,
): Promise<readonly SheetPart[]> {
	const columns = cutColumns(source.columns);
	const {rows, lastRow, profiles} = await profile(session, source.table, columns, options.threads);
	const frame = (partRows: number): SheetFrame => ({
		headers: columns.map(({header}) => header),
		widths: columns.map(({header}, index) => columnWidth(header, profiles[index]?.longestBytes ?? 0)),
		rows: partRows,
	});
	if (rows === 0) return [{rows: 0, columns: columns.length, xml: sheetHead(frame(0)) + sheetFoot(frame(0))}];
	const parts: SheetPart[] = [];
	for (let from = 0, part = 1; from < rows; from += options.rowsPerSheet, part++) {
		const partRows = Math.min(options.rowsPerSheet, rows - from);
		const name = `${file}-${part}.xml.gz`;
		const selection = {table: source.table, from, rows: partRows, contiguous: lastRow === rows};
		await session.execute(statement(join(options.scratch.engine, name), columns, profiles, rows, selection, frame(partRows), options));
		parts.push({
			rows: partRows,
			columns: columns.length,
			xml: await gzipMember(join(options.scratch.host, name), mostBytes(profiles, partRows)),
		});
	}
	return parts;
}

/** What a spreadsheet cannot show of a very wide table is left to the zip; the last column says so. */
function cutColumns(columns: readonly SheetColumn[]): readonly SheetColumn[] {
	if (columns.length <= excelLimits.columns) return columns;
	const kept = columns.slice(0, excelLimits.columns - 1);
	const mark = `… [cut: ${columns.length - kept.length} more columns]`;
	return [...kept, {header: mark, kind: 'text', sql: "'…'", safe: true}];
}

const wide = 'max_ast_elements = 10000000, max_expanded_ast_elements = 10000000';

/** The columns as `v0`, `v1`, ... beside `__row`. */
function selected(columns: readonly SheetColumn[]): string {
	return columns.map(({sql}, index) => `${sql} AS v${index}`).join(', ');
}

async function profile(session: SqlSession, table: string, columns: readonly SheetColumn[], threads: number) {
	const aggregates = columns.flatMap(({kind, safe}, index) => {
		const value = `v${index}`;
		const special = safe ? '0' : `max(ifNull(${value}, '') != '' AND ${isSpecial(kind, `ifNull(${value}, '')`)})`;
		return [`countIf(ifNull(${value}, '') = '')`, `max(length(ifNull(${value}, '')))`, `sum(length(ifNull(${value}, '')))`, special];
	});
	const sql = `SELECT [count(), max(__row)${aggregates.map((aggregate) => `, toUInt64(${aggregate})`).join('')}] AS figures FROM (SELECT __row, ${selected(columns)} FROM ${table}) SETTINGS max_threads = ${threads}, ${wide}`;
	const [row] = await session.rows<{figures: readonly (string | number)[]}>(sql);
	const [rows = 0, lastRow = 0, ...rest] = (row?.figures ?? []).map(Number);
	const profiles: readonly ColumnProfile[] = columns.map((_, index) => {
		const [blanks = 0, longestBytes = 0, bytes = 0, special = 0] = rest.slice(index * 4, index * 4 + 4);
		return {blanks, longestBytes, bytes, special: special === 1};
	});
	return {rows, lastRow, profiles};
}

type Selection = {readonly table: string; readonly from: number; readonly rows: number; readonly contiguous: boolean};

function statement(
	path: string,
	columns: readonly SheetColumn[],
	profiles: readonly ColumnProfile[],
	rows: number,
	selection: Selection,
	frame: SheetFrame,
	{threads, compressionLevel}: TableSheetOptions,
): string {
	const cells = columns.flatMap(({kind}, index): readonly Piece[] => {
		const known = profiles[index] ?? {blanks: 0, longestBytes: 0, bytes: 0, special: true};
		return cellXml(kind, {letters: columnLetters(index + 1), value: `v${index}`, row: 'n', profile: known, rows});
	});
	const row = concatenated([{fixed: '<row r="'}, {sql: 'n'}, {fixed: '">'}, ...cells, {fixed: '</row>'}]);
	// why a delimiter and not a UNION for head and foot: UNION ALL put the foot after 8,192 rows
	return `INSERT INTO FUNCTION file(${literal(path)}, 'CustomSeparated', 'x String')
WITH ${cellLambdas.join(', ')}
SELECT ${row} AS x
FROM (${numbered(columns, selection)})
SETTINGS max_threads = ${selection.contiguous ? threads : 1}, ${wide}, output_format_compression_level = ${compressionLevel}, engine_file_truncate_on_insert = 1,
	format_custom_escaping_rule = 'Raw', format_custom_field_delimiter = '', format_custom_row_before_delimiter = '', format_custom_row_after_delimiter = '', format_custom_row_between_delimiter = '',
	format_custom_result_before_delimiter = ${literal(sheetHead(frame))}, format_custom_result_after_delimiter = ${literal(sheetFoot(frame))}`;
}

/** The part's rows with `n`, the row of the sheet each stands in. Rows number without gaps in all but the tables of a failed run. */
function numbered(columns: readonly SheetColumn[], {table, from, rows, contiguous}: Selection): string {
	const values = selected(columns);
	if (contiguous)
		return `SELECT toString(__row - ${from} + 1) AS n, ${values} FROM ${table} WHERE __row > ${from} AND __row <= ${from + rows} ORDER BY __row`;
	return `SELECT toString(rowNumberInAllBlocks() + 2) AS n, * FROM (SELECT ${values} FROM ${table} ORDER BY __row LIMIT ${rows} OFFSET ${from})`;
}

/** More bytes than the part's XML can have: each byte of a value may become six (`_x0000_` is seven for one, but at most 7). */
function mostBytes(profiles: readonly ColumnProfile[], rows: number): number {
	return 1_000_000 + profiles.reduce((sum, {bytes}) => sum + bytes * 7 + rows * 120, 0);
}
