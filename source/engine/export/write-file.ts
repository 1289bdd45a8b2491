import {rmSync, statSync} from 'node:fs';
import {join} from 'node:path';
import type {CsvFormat} from '../../model/csv-format.js';
import {enginePath} from '../../model/engine-path.js';
import {identifier, keptTable, literal} from '../../model/sql-text.js';
import {unreachable} from '../../model/unreachable.js';
import {writeNew} from '../../platform/files/new-file.js';
import {sheetMoment} from '../../report/workbook/sheet-moment.js';
import {writeTableWorkbook} from '../../report/workbook/table-workbook.js';
import {csvValue, type ExportColumn, exportCell, exportText, jsonValue, rowsAlias} from './columns.js';
import {encodeExport} from './encode-export.js';
import type {ExportFile} from './export-file.js';
import {parquetValues} from './parquet-columns.js';

/**
 * Writes the file of an export into the execution's folder, rows in their order, streaming.
 *
 * @returns where it is
 * @throws SluiceError `sql.*`, `report.unwritable`, `export.encoding`
 */
export async function writeExportFile(request: ExportFile): Promise<string> {
	const {session, folder, format, csv, table, columns, rows, threads} = request;
	const path = join(folder, `export.${format}`);
	rmSync(path, {force: true});
	if (format === 'csv' && (csv.bom || csv.encoding !== 'utf-8')) {
		const plain = await writeExportFile({...request, csv: {...csv, bom: false, encoding: 'utf-8'}});
		return await encodeExport(request, plain);
	}
	if (format === 'xlsx') {
		const sheets = columns.map((column) => ({header: column.name, kind: exportCell(column), sql: sheetText(column, request.timezone)}));
		await writeTableWorkbook({session, folder, target: path, title: table, table: asRows(table), columns: sheets, threads});
		return path;
	}
	if (rows === 0 && format !== 'parquet') {
		await writeNew(path, format === 'csv' ? headerOf(columns, csv) : '');
		return path;
	}
	const values =
		format === 'parquet'
			? await parquetValues(session, keptTable(`sql:${table}`), columns)
			: columns.map((column) => valueFor(column, request));
	const selected = columns.map(({name}, at) => `${values[at]} AS ${identifier(name)}`).join(', ');
	// why the inner SELECT: an alias that has a column's name would hide it
	await session.execute(
		`INSERT INTO FUNCTION file(${literal(enginePath(path, folder))}, ${literal(engineFormat(format))})
SELECT ${selected}
FROM (SELECT * FROM ${keptTable(`sql:${table}`)} ORDER BY __row) AS ${rowsAlias}
SETTINGS max_threads = ${threads}, engine_file_truncate_on_insert = 1, prefer_column_name_to_alias = 1, format_csv_null_representation = '',
	format_csv_delimiter = ${literal(csv.delimiter)}, output_format_csv_crlf_end_of_line = ${csv.lineEnd === 'crlf' ? 1 : 0},
	output_format_json_quote_64bit_integers = 0, output_format_json_escape_forward_slashes = 0, output_format_json_quote_denormals = 0`,
	);
	statSync(path);
	return path;
}

/** How many cells are longer than a sheet can hold, so that they were cut in it. */
export async function cutCells({session, table, columns}: ExportFile): Promise<number> {
	const long = columns
		.filter((column) => exportCell(column) === 'text')
		.map((column) => {
			const text = `ifNull(${exportText(column)}, '')`;
			return `countIf(length(${text}) > ${mostUnits} AND lengthUTF8(${text}) + length(extractAll(${text}, '[\\\\x{10000}-\\\\x{10ffff}]')) > ${mostUnits})`;
		});
	if (long.length === 0) return 0;
	const [found] = await session.rows<{cut: string | number}>(
		`SELECT ${long.join(' + ')} AS cut FROM ${keptTable(`sql:${table}`)} AS ${rowsAlias}`,
	);
	return Number(found?.cut ?? 0);
}

function sheetText(column: ExportColumn, timezone: string): string {
	return exportCell(column) === 'datetime' ? sheetMoment(exportText(column), timezone) : exportText(column);
}

/** UTF-16 units that a cell of a sheet takes. */
const mostUnits = 32_767;

/** The table under the alias that the columns' expressions name. */
const asRows = (table: string) => `${keptTable(`sql:${table}`)} AS ${rowsAlias}`;

function valueFor(column: ExportColumn, {format, csv}: Pick<ExportFile, 'format' | 'csv'>): string {
	return format === 'csv' ? csvValue(column, csv.decimal) : jsonValue(column);
}

function headerOf(columns: readonly ExportColumn[], {delimiter, lineEnd}: CsvFormat): string {
	return `${columns.map(({name}) => `"${name.replaceAll('"', '""')}"`).join(delimiter)}${lineEnd === 'crlf' ? '\r\n' : '\n'}`;
}

function engineFormat(format: 'csv' | 'jsonl' | 'parquet'): string {
	switch (format) {
		case 'csv':
			return 'CSVWithNames';
		case 'jsonl':
			return 'JSONEachRow';
		case 'parquet':
			return 'Parquet';
		default:
			return unreachable(format);
	}
}
