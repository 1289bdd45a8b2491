import {mkdir, rm} from 'node:fs/promises';
import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import type {Connector} from '../model/connector.js';
import type {Execution} from '../model/execution.js';
import type {ObjectDefinition} from '../model/object.js';
import type {SqlSession} from '../model/sql-session.js';
import {writeZip, type ZipEntries} from './archive/zip-file.js';
import {keptColumns} from './kept/columns.js';
import {fieldCell} from './kept/record-cells.js';
import {loadSheet} from './sheets/load.js';
import {sqlOutputSheet} from './sheets/sql-output.js';
import {type SummarySheet, summaryRows, summaryWidths} from './sheets/summary.js';
import {variablesSheet} from './sheets/variables.js';
import {listTables} from './tables.js';
import type {CellKind} from './workbook/cell-sql.js';
import {stylesXml} from './workbook/cell-style.js';
import {contentTypesXml, packageRelationshipsXml, sheetPath, workbookRelationshipsXml, workbookXml} from './workbook/package-parts.js';
import {excelLimits} from './workbook/sheet-frame.js';
import {sheetNamer} from './workbook/sheet-names.js';
import {smallSheet} from './workbook/small-sheet.js';
import {type SheetPart, type SheetSource, type TableSheetOptions, writeTableSheet} from './workbook/table-sheet.js';

export type ReportRequest = {
	readonly session: SqlSession;
	/** The execution's folder, absolute: parts of the report are built in a folder of it, which is removed again. */
	readonly folder: string;
	/** The same folder as the SQL engine sees it, where its sandbox shows it elsewhere. */
	readonly engineFolder?: string;
	/** Where the `.xlsx` goes, absolute; its folder exists. */
	readonly target: string;
	readonly execution: Execution;
	readonly connector: Connector;
	readonly objects: readonly ObjectDefinition[];
	/** Whether this run did the diff check. */
	readonly diffCheck: boolean;
	/** Threads of the engine; default: the machine's, at most 4. */
	readonly threads?: number;
	/** Rows a sheet takes before it continues in the next; default, and at most, 1,048,575. */
	readonly rowsPerSheet?: number;
};

type Written = {readonly name: string; readonly part: SheetPart};

/**
 * Builds the report of an execution from the tables it keeps (SPEC 12): of a failed one, those it reached. It can be built again at
 * any time; until the new one is whole, the old file stays.
 *
 * @returns the target, its size in bytes, and the names of its sheets in order
 * @throws SluiceError `report.unwritable`, `report.damaged`, `sql.*`
 */
export async function writeReport(request: ReportRequest): Promise<{path: string; bytes: number; sheets: readonly string[]}> {
	const {session, target} = request;
	const folder = 'report.building';
	const scratch = {host: join(request.folder, folder), engine: join(request.engineFolder ?? request.folder, folder)};
	await rm(scratch.host, {recursive: true, force: true});
	await mkdir(scratch.host, {recursive: true, mode: 0o700});
	const options: TableSheetOptions = {
		scratch,
		threads: request.threads ?? Math.min(4, availableParallelism()),
		rowsPerSheet: Math.min(request.rowsPerSheet ?? excelLimits.rows, excelLimits.rows),
		// why 1: level 2 makes the report a quarter smaller and takes a quarter longer
		compressionLevel: 1,
	};
	const names: string[] = [];
	try {
		const bytes = await writeZip(target, async (entries) => {
			names.push(...(await fillWorkbook(entries, session, request, options)));
		});
		return {path: target, bytes, sheets: names};
	} finally {
		await rm(scratch.host, {recursive: true, force: true});
	}
}

async function fillWorkbook(
	entries: ZipEntries,
	session: SqlSession,
	request: ReportRequest,
	options: TableSheetOptions,
): Promise<readonly string[]> {
	const named = sheetNamer();
	const summary: Written = {name: named('Summary'), part: {rows: 0, columns: 0, xml: ''}};
	const written: Written[] = [summary];
	const listed: SummarySheet[] = [];
	const clean = new Map<string, ReadonlySet<string>>();
	let copying: Promise<void> = Promise.resolve();
	try {
		for (const {table} of await listTables(session)) {
			const parts = await buildSheets(session, table, request, options, clean);
			for (const [index, part] of parts.sheets.entries()) {
				const name = named(parts.title, index + 1);
				const number = written.push({name, part});
				listed.push({name, title: index === 0 ? parts.title : `${parts.title} (${index + 1})`, rows: part.rows, note: parts.note});
				// why not awaited: the zip copies this sheet while the engine builds the next
				copying = copying.then(() => addSheet(entries, number, part));
				copying.catch(() => {});
			}
		}
	} finally {
		await copying;
	}
	await entries.text(sheetPath(1), smallSheet(summaryRows({...request, sheets: listed}), summaryWidths));
	const sheets = written.map(({name, part}) => ({name, filtered: part === summary.part ? null : part}));
	await entries.text('xl/styles.xml', stylesXml);
	await entries.text('xl/workbook.xml', workbookXml(sheets));
	await entries.text('xl/_rels/workbook.xml.rels', workbookRelationshipsXml(sheets.length));
	await entries.text('_rels/.rels', packageRelationshipsXml);
	await entries.text('[Content_Types].xml', contentTypesXml(sheets.length));
	return written.map(({name}) => name);
}

type Built = {readonly title: string; readonly sheets: readonly SheetPart[]; readonly note: string | null};

/** @param clean by table of the SQL output, the columns that need no care; added to here */
async function buildSheets(
	session: SqlSession,
	table: string,
	request: ReportRequest,
	options: TableSheetOptions,
	clean: Map<string, ReadonlySet<string>>,
): Promise<Built> {
	const file = `table-${clean.size + 1}`;
	const write = async (source: SheetSource): Promise<Built> => {
		const written = await writeTableSheet(session, source, file, options);
		clean.set(table, written.clean);
		const note =
			source.columns.length > excelLimits.columns ? `cut: ${source.columns.length} columns; the SQL output holds them all` : null;
		return {title: source.title, sheets: written.parts, note};
	};
	if (table.startsWith('sql:')) return await write(await sqlOutputSheet(session, table, exportedCells(request)));
	if (table.startsWith('load:')) return await write(await loadSheet(session, table, {...request, mode: request.execution.mode}));
	const scope = table.slice('variables:'.length);
	const unchanged = (await keptColumns(session, `diff:${scope}`)).length > 0;
	const known = clean.get(`sql:${scope}`) ?? new Set();
	const prepared = await variablesSheet(session, table, request.connector, {unchanged, threads: options.threads, clean: known});
	try {
		return await write(prepared.source);
	} finally {
		await prepared.done();
	}
}

/** The records of an export keep days and decimals as text; the fields' types say what they are. */
function exportedCells({connector, objects}: ReportRequest): (column: string) => CellKind | null {
	const from = connector.export?.from;
	const fields = from && 'object' in from ? (objects.find(({apiName}) => apiName === from.object)?.fields ?? []) : [];
	return (column) => {
		const field = fields.find(({apiName}) => apiName === column);
		return field && !field.multiple ? fieldCell(field.type) : null;
	};
}

async function addSheet(entries: ZipEntries, number: number, {xml}: SheetPart): Promise<void> {
	if (typeof xml === 'string') return await entries.text(sheetPath(number), xml);
	await entries.splice(sheetPath(number), xml);
	// why at once: at its largest, the disk then holds the report and two sheets, not the report twice
	await rm(xml.path, {force: true});
}
