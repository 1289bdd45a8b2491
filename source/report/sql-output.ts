import {mkdir, rm} from 'node:fs/promises';
import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import {enginePath} from '../model/engine-path.js';
import type {SqlSession} from '../model/sql-session.js';
import {identifier, keptTable, literal} from '../model/sql-text.js';
import {gzipMember} from './archive/gzip-member.js';
import {writeZip} from './archive/zip-file.js';
import {csvColumn, safeHeader} from './csv/csv-column.js';
import {entryNamer} from './csv/entry-names.js';
import {type KeptColumn, keptColumns, theirs} from './run-tables/columns.js';
import {columnText, isLongDecimal} from './run-tables/engine-type.js';
import {listTables} from './tables.js';

export type SqlOutputRequest = {
	readonly session: SqlSession;
	/** The execution's folder, absolute, and the same as the SQL engine sees it, where that differs. */
	readonly folder: string;
	readonly engineFolder?: string;
	/** Where the `.zip` goes, absolute; its folder exists. */
	readonly target: string;
	/** Puts an apostrophe before text that a spreadsheet would run (SPEC 17); default: the data as it is. */
	readonly safeCsv?: boolean;
	readonly threads?: number;
	/** Told when the engine has done its part; the archive is still being put together then. */
	readonly onTablesWritten?: () => void;
};

/**
 * Writes the SQL output (SPEC 12): one CSV with a header per output table, those that end in `errors` included, rows in their order.
 * Text is quoted, so that an empty text (`""`) and NULL (nothing) stay different, as intake reads them. With SQL off the table is
 * the page as it was read. The old file stays until the new one is whole.
 *
 * @returns the target, its size in bytes and the names in the archive
 * @throws SluiceError `report.unwritable`, `report.damaged`, `sql.*`
 */
export async function writeSqlOutput(request: SqlOutputRequest): Promise<{path: string; bytes: number; files: readonly string[]}> {
	const {session, target, safeCsv = false} = request;
	const folder = 'sql-output.building';
	const host = join(request.folder, folder);
	const engine = join(request.engineFolder ?? enginePath(request.folder, request.folder), folder);
	const threads = request.threads ?? Math.min(4, availableParallelism());
	await rm(host, {recursive: true, force: true});
	await mkdir(host, {recursive: true, mode: 0o700});
	const files: string[] = [];
	try {
		const bytes = await writeZip(target, async (entries) => {
			const named = entryNamer();
			let copying: Promise<void> = Promise.resolve();
			try {
				for (const {table} of (await listTables(session)).filter((one) => one.table.startsWith('sql:'))) {
					const name = named(table.slice('sql:'.length));
					const part = `${files.push(name)}.csv.gz`;
					await session.execute(await csvStatement(session, table, join(engine, part), threads, safeCsv));
					const member = await gzipMember(join(host, part), {atLeast: 0, atMost: await mostBytes(session, table)});
					copying = copying.then(() => entries.splice(name, member));
					copying.catch(() => {});
				}
				request.onTablesWritten?.();
			} finally {
				await copying;
			}
		});
		return {path: target, bytes, files};
	} finally {
		await rm(host, {recursive: true, force: true});
	}
}

async function csvStatement(session: SqlSession, table: string, path: string, threads: number, safe: boolean): Promise<string> {
	const columns = theirs(table, await keptColumns(session, table));
	const selected = safe
		? columns.map((column) => `${csvColumn(column)} AS ${identifier(safeHeader(column.name))}`).join(', ')
		: `* EXCEPT (__row, __line)${shortDecimals(columns)}`;
	// why the inner SELECT: an alias that has a column's name would hide it
	return `INSERT INTO FUNCTION file(${literal(path)}, 'CSVWithNames')
SELECT ${selected}
FROM (SELECT * FROM ${keptTable(table)} ORDER BY __row) AS t
SETTINGS max_threads = ${threads}, output_format_compression_level = 1, engine_file_truncate_on_insert = 1, format_csv_null_representation = '',
	output_format_decimal_trailing_zeros = 1, prefer_column_name_to_alias = 1`;
}

/** Decimals of reference data have 20 digits after the point, most of them zeros. */
function shortDecimals(columns: readonly KeptColumn[]): string {
	const long = columns.filter(({type}) => isLongDecimal(type));
	return long.length === 0 ? '' : ` REPLACE (${long.map((column) => `${columnText(column)} AS ${identifier(column.name)}`).join(', ')})`;
}

/** More bytes than the CSV can have: quotes may double each byte. */
async function mostBytes(session: SqlSession, table: string): Promise<number> {
	const [found] = await session.rows<{bytes: string | number; rows: string | number; columns: string | number}>(
		`SELECT sum(data_uncompressed_bytes) AS bytes, sum(rows) AS rows, (SELECT count() FROM system.columns WHERE database = 'run' AND table = ${literal(table)}) AS columns
FROM system.parts WHERE active AND database = 'run' AND table = ${literal(table)}`,
	);
	const rows = Number(found?.rows ?? 0) + 1;
	const columns = Number(found?.columns ?? 0);
	return 2 * Number(found?.bytes ?? 0) + rows * columns * 40 + 1_000_000;
}
