import {join} from 'node:path';
import type {SqlSession} from '../../model/sql-session.js';
import {literal} from '../../model/sql-text.js';
import {type GzipMember, gzipMember, type SizeBounds} from '../archive/gzip-member.js';
import {cellLambdas} from './cell-sql.js';
import {type RowXml, rowAlias, rowXml, type SheetColumn} from './row-xml.js';
import {columnWidth, excelLimits, type SheetFrame, sheetFoot, sheetHead} from './sheet-frame.js';

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
 * @returns its parts, and the headers of text columns that need no care
 *
 * why not in this process: 1M rows of 12 columns take 1.2 s there and 10 to 20 s through a spreadsheet library
 */
export async function writeTableSheet(
	session: SqlSession,
	source: SheetSource,
	file: string,
	options: TableSheetOptions,
): Promise<{readonly parts: readonly SheetPart[]; readonly clean: ReadonlySet<string>}> {
	const columns = cutColumns(source.columns);
	const rowsXml = await rowXml(session, source.table, columns, options.threads);
	try {
		return await writeParts(session, {...source, table: rowsXml.made?.table ?? source.table}, columns, rowsXml, file, options);
	} finally {
		await rowsXml.made?.done();
	}
}

async function writeParts(
	session: SqlSession,
	source: SheetSource,
	columns: readonly SheetColumn[],
	{rows, lastRow, longest, clean, values, row, size}: RowXml,
	file: string,
	options: TableSheetOptions,
): ReturnType<typeof writeTableSheet> {
	const frame = (partRows: number): SheetFrame => ({
		headers: columns.map(({header}) => header),
		widths: columns.map(({header}, index) => columnWidth(header, longest[index] ?? 0)),
		rows: partRows,
	});
	if (rows === 0) return {parts: [{rows: 0, columns: columns.length, xml: sheetHead(frame(0)) + sheetFoot(frame(0))}], clean};
	const parts: SheetPart[] = [];
	for (let from = 0, part = 1; from < rows; from += options.rowsPerSheet, part++) {
		const partRows = Math.min(options.rowsPerSheet, rows - from);
		const name = `${file}-${part}.xml.gz`;
		const selection = {table: source.table, from, rows: partRows, contiguous: lastRow === rows};
		await session.execute(statement(join(options.scratch.engine, name), {values, row}, selection, frame(partRows), options));
		parts.push({
			rows: partRows,
			columns: columns.length,
			xml: await gzipMember(join(options.scratch.host, name), partSize(size, partRows / rows, frame(partRows))),
		});
	}
	return {parts, clean};
}

/** What a spreadsheet cannot show of a very wide table is left to the zip; the last column says so. */
function cutColumns(columns: readonly SheetColumn[]): readonly SheetColumn[] {
	if (columns.length <= excelLimits.columns) return columns;
	const kept = columns.slice(0, excelLimits.columns - 1);
	const mark = `… [cut: ${columns.length - kept.length} more columns]`;
	return [...kept, {header: mark, kind: 'text', sql: "'…'", safe: true}];
}

/** why so few: a row's XML is half a kilobyte, and blocks that stay in the processor's cache take a sixth less work than the session's */
const rowsAtOnce = 4096;

type Selection = {readonly table: string; readonly from: number; readonly rows: number; readonly contiguous: boolean};

function statement(
	path: string,
	{values, row}: Pick<RowXml, 'values' | 'row'>,
	selection: Selection,
	frame: SheetFrame,
	{threads, compressionLevel}: TableSheetOptions,
): string {
	// why not formatted in parallel on one thread: that takes two more, and a tenth to a quarter more of the processor
	const inParallel = threads > 1 ? 1 : 0;
	// why a delimiter and not a UNION for head and foot: UNION ALL put the foot after 8,192 rows
	return `INSERT INTO FUNCTION file(${literal(path)}, 'CustomSeparated', 'x String')
WITH ${cellLambdas.join(', ')}
SELECT ${row} AS x
FROM (${numbered(values, selection)})
SETTINGS max_threads = ${selection.contiguous ? threads : 1}, max_block_size = ${rowsAtOnce}, output_format_compression_level = ${compressionLevel}, engine_file_truncate_on_insert = 1, output_format_parallel_formatting = ${inParallel}, prefer_column_name_to_alias = 1,
	format_custom_escaping_rule = 'Raw', format_custom_field_delimiter = '', format_custom_row_before_delimiter = '', format_custom_row_after_delimiter = '', format_custom_row_between_delimiter = '',
	format_custom_result_before_delimiter = ${literal(sheetHead(frame))}, format_custom_result_after_delimiter = ${literal(sheetFoot(frame))}`;
}

/** The part's rows, each with the row of the sheet it stands in. Rows number without gaps in all but the tables of a failed run. */
function numbered(values: string, {table, from, rows, contiguous}: Selection): string {
	if (contiguous)
		return `SELECT toString(__row - ${from} + 1) AS ${rowAlias}, ${values} FROM ${table} WHERE __row > ${from} AND __row <= ${from + rows} ORDER BY __row`;
	return `SELECT toString(rowNumberInAllBlocks() + 2) AS ${rowAlias}, * FROM (SELECT ${values} FROM ${table} ORDER BY __row LIMIT ${rows} OFFSET ${from})`;
}

/** Bounds of a part's XML. why so loose for one of several: which values are in it nobody counted */
function partSize(all: SizeBounds, share: number, frame: SheetFrame): SizeBounds {
	const around = Buffer.byteLength(sheetHead(frame)) + Buffer.byteLength(sheetFoot(frame));
	return {atLeast: share === 1 ? all.atLeast + around : 0, atMost: all.atMost + around};
}
