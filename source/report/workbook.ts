import {rm} from 'node:fs/promises';
import type {Connector} from '../model/connector.js';
import type {Execution} from '../model/execution.js';
import type {ObjectDefinition} from '../model/object.js';
import type {SqlSession} from '../model/sql-session.js';
import {writeZip, type ZipEntries} from './archive/zip-file.js';
import {type BuiltSheets, SheetBuilder} from './sheets/builder.js';
import {summaryRows, summaryWidths} from './sheets/summary.js';
import {listTables} from './tables.js';
import {stylesXml} from './workbook/cell-style.js';
import {contentTypesXml, packageRelationshipsXml, sheetPath, workbookRelationshipsXml, workbookXml} from './workbook/package-parts.js';
import {sheetNamer} from './workbook/sheet-names.js';
import {smallSheet} from './workbook/small-sheet.js';
import type {SheetPart} from './workbook/table-sheet.js';

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
	/** The workspace's, in which times are shown. UTC unless given. */
	readonly timezone?: string;
	/** Whether this run did the diff check. */
	readonly diffCheck: boolean;
	/** Threads of the engine; default: the machine's, at most 4. */
	readonly threads?: number;
	/** Rows a sheet takes before it continues in the next; default, and at most, 1,048,575. */
	readonly rowsPerSheet?: number;
	/** Sheets that were built beforehand; whatever it has not built is built now. It is closed with the report. */
	readonly sheets?: SheetBuilder;
};

/**
 * Builds the report of an execution from the tables it keeps (SPEC 12): of a failed one, those it reached. It can be built again at
 * any time; until the new one is whole, the old file stays.
 *
 * @returns the target, its size in bytes, and the names of its sheets in order
 * @throws SluiceError `report.unwritable`, `report.damaged`, `sql.*`
 */
export async function writeReport(request: ReportRequest): Promise<{path: string; bytes: number; sheets: readonly string[]}> {
	const {target} = request;
	const sheets = request.sheets ?? (await SheetBuilder.open({...request, mode: request.execution.mode}));
	const names: string[] = [];
	try {
		const bytes = await writeZip(target, async (entries) => {
			names.push(...(await fillWorkbook(entries, request, sheets)));
		});
		return {path: target, bytes, sheets: names};
	} finally {
		await sheets.close();
	}
}

async function fillWorkbook(entries: ZipEntries, request: ReportRequest, sheets: SheetBuilder): Promise<readonly string[]> {
	const tables = await addTables(entries, request, sheets);
	const named = sheetNamer();
	const summary = {name: named('Summary'), filtered: null};
	const listed = tables.flatMap(({title, sheets: parts, note}) =>
		parts.map((part, index) => ({
			sheet: {name: named(title, index + 1), title: index === 0 ? title : `${title} (${index + 1})`, rows: part.rows, note},
			filtered: part,
		})),
	);
	const workbook = [summary, ...listed.map(({sheet: {name}, filtered}) => ({name, filtered}))];
	const summarised = summaryRows({...request, timezone: request.timezone ?? 'UTC', sheets: listed.map(({sheet}) => sheet)});
	await entries.text(sheetPath(1), smallSheet(summarised, summaryWidths));
	await entries.text('xl/styles.xml', stylesXml);
	await entries.text('xl/workbook.xml', workbookXml(workbook));
	await entries.text('xl/_rels/workbook.xml.rels', workbookRelationshipsXml(workbook.length));
	await entries.text('_rels/.rels', packageRelationshipsXml);
	await entries.text('[Content_Types].xml', contentTypesXml(workbook.length));
	return workbook.map(({name}) => name);
}

/**
 * Adds the sheets of every table, in the order in which they are done: while the engine builds one, those that are done are copied. Those
 * that nobody has begun are built here, one after the other.
 */
async function addTables(entries: ZipEntries, {session, threads}: ReportRequest, sheets: SheetBuilder): Promise<readonly BuiltSheets[]> {
	const tables = await listTables(session);
	const add = async (index: number): Promise<BuiltSheets> => {
		const {table = ''} = tables[index] ?? {};
		const built = await sheets.sheetsOf(table, session, threads);
		const before = tables.slice(0, index).reduce((sum, {rows}) => sum + sheets.sheetsFor(rows), 1);
		await Promise.all(built.sheets.map((part, nth) => addSheet(entries, before + nth + 1, part)));
		return built;
	};
	let last: Promise<unknown> = Promise.resolve();
	const added = tables.map(({table}, index) => {
		if (sheets.isBegun(table)) return add(index);
		const next = last.then(() => add(index));
		last = next.catch(() => undefined);
		return next;
	});
	// why all: the parts that others still build are in a folder that goes with the report
	await Promise.allSettled(added);
	return await Promise.all(added);
}

async function addSheet(entries: ZipEntries, number: number, {xml}: SheetPart): Promise<void> {
	if (typeof xml === 'string') return await entries.text(sheetPath(number), xml);
	await entries.splice(sheetPath(number), xml);
	// why at once: its folder is only removed with the report
	await rm(xml.path, {force: true});
}
