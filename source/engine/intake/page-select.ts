import {dirname} from 'node:path';
import {enginePath} from '../../model/engine-path.js';
import {identifier, literal} from '../../model/sql-text.js';
import {lineColumn, surplusColumn} from './header.js';
import type {Page, PageDelimiter} from './page.js';
import {parquetSource} from './parquet/engine-column.js';
import {writtenDelimiter} from './row-writer.js';

/**
 * The settings under which chDB reads a page's normal form as it is: an empty cell is NULL and `\N` text, blanks around a cell stay, a
 * single quote is a character, and a record that does not have every cell is an error, not a guess.
 */
const csvSettings = {
	format_csv_null_representation: "''",
	format_csv_allow_single_quotes: '0',
	format_csv_allow_double_quotes: '1',
	input_format_csv_trim_whitespaces: '0',
	input_format_csv_empty_as_default: '1',
	input_format_csv_allow_variable_number_of_columns: '0',
	input_format_csv_skip_first_lines: '0',
	input_format_allow_errors_num: '0',
} as const;

/**
 * Rows come in the order of the file whatever the number of threads, a geometry is bytes, a folder named `a=1` is no column, and a moment is
 * written with the digits of its type.
 */
const parquetSettings = [
	'input_format_parquet_preserve_order = 1',
	'input_format_parquet_allow_geoparquet_parser = 0',
	'use_hive_partitioning = 0',
	'formatdatetime_f_prints_scale_number_of_digits = 1',
	'formatdatetime_f_prints_single_zero = 0',
].join(', ');

/**
 * The SELECT that reads a page in chDB: `_line UInt64` first, then every column as `Nullable(String)`, under its cleaned name.
 *
 * It names every column: for some thousand columns it is longer than the engine's default `max_query_size` (256 KiB), which the session
 * must raise beforehand. Row order is the page's under `max_threads = 1`, else `ORDER BY _line`.
 */
export function pageSelect({file, columns, format}: Pick<Page, 'file' | 'columns' | 'format'>): string {
	if (format.kind === 'parquet') {
		const cells = format.columns.map(({text}, at) => `${text} AS ${identifier(columns[at] ?? '')}`);
		const types = format.columns.map(({name, type}) => `${identifier(name)} ${type}`).join(', ');
		const from = `file(${fileLiteral(file)}, 'Parquet', ${literal(types)}) AS ${parquetSource}`;
		const line = `${parquetSource}._row_number + 1 AS ${lineColumn}`;
		return `SELECT ${[line, ...cells].join(', ')} FROM ${from} SETTINGS ${parquetSettings}`;
	}
	return `SELECT * FROM file(${fileLiteral(file)}, 'CSV', ${literal(structure(columns))}) SETTINGS ${settingsOf(format.delimiter)}, use_hive_partitioning = 0`;
}

/** Yields `_line UInt64` and `_surplus Nullable(String)` of the rows that have surplus cells; null where the page has no notes. */
export function surplusSelect({notes}: Pick<Page, 'notes'>): string | null {
	return notes ? `SELECT ${lineColumn}, ${surplusColumn} FROM ${notesTable(notes)} WHERE ${surplusColumn} IS NOT NULL` : null;
}

/** Yields `line UInt64` and `notes Array(String)`, the warnings of each row that has any; null where the page has none. */
export function notesSelect({notes}: Pick<Page, 'notes'>): string | null {
	return notes ? `SELECT ${lineColumn} AS line, groupArray(warning) AS notes FROM ${notesTable(notes)} GROUP BY line` : null;
}

function notesTable(file: string): string {
	const columns = `${lineColumn} UInt64, ${surplusColumn} Nullable(String), warning String`;
	return `(SELECT * FROM file(${fileLiteral(file)}, 'CSV', ${literal(columns)}) SETTINGS ${settingsOf(writtenDelimiter)}, use_hive_partitioning = 0)`;
}

/**
 * What follows `CREATE TABLE <name>` for a table that is the page's file: the columns of `pageSelect`, none of them hidden. Null where only a
 * SELECT reads the page, or a column has a name that the engine gives to something of a file's.
 */
export function pageAsTable({file, columns, format}: Pick<Page, 'file' | 'columns' | 'format'>): string | null {
	if (format.kind !== 'csv' || columns.some((column) => column.startsWith('_'))) return null;
	return `(${structure(columns)}) ENGINE = File(CSV, ${fileLiteral(file)}) SETTINGS ${settingsOf(format.delimiter)}`;
}

/** A page's file stands in the folder `pages` of the folder that the engine works in. */
function fileLiteral(file: string): string {
	return literal(enginePath(file, dirname(dirname(file))));
}

function structure(columns: readonly string[]): string {
	return [`${lineColumn} UInt64`, ...columns.map((column) => `${identifier(column)} Nullable(String)`)].join(', ');
}

function settingsOf(delimiter: PageDelimiter): string {
	const settings = Object.entries({format_csv_delimiter: literal(delimiter), ...csvSettings});
	return settings.map(([name, value]) => `${name} = ${value}`).join(', ');
}
