import {rm} from 'node:fs/promises';
import type {Connector} from '../model/connector.js';
import type {Execution} from '../model/execution.js';
import type {ObjectDefinition} from '../model/object.js';
import type {SqlSession} from '../model/sql-session.js';
import {writeZip, type ZipEntries} from './archive/zip-file.js';
import {SheetBuilder} from './sheets/builder.js';
import {type SummarySheet, summaryRows, summaryWidths} from './sheets/summary.js';
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
	/** Whether this run did the diff check. */
	readonly diffCheck: boolean;
	/** Threads of the engine; default: the machine's, at most 4. */
	readonly threads?: number;
	/** Rows a sheet takes before it continues in the next; default, and at most, 1,048,575. */
	readonly rowsPerSheet?: number;
	/** Sheets that were built beforehand; whatever it has not built is built now. It is closed with the report. */
	readonly sheets?: SheetBuilder;
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
	const {session} = request;
	const named = sheetNamer();
	const summary: Written = {name: named('Summary'), part: {rows: 0, columns: 0, xml: ''}};
	const written: Written[] = [summary];
	const listed: SummarySheet[] = [];
	let copying: Promise<void> = Promise.resolve();
	try {
		for (const {table} of await listTables(session)) {
			const parts = await sheets.sheetsOf(table, session, request.threads);
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
	const listing = written.map(({name, part}) => ({name, filtered: part === summary.part ? null : part}));
	await entries.text('xl/styles.xml', stylesXml);
	await entries.text('xl/workbook.xml', workbookXml(listing));
	await entries.text('xl/_rels/workbook.xml.rels', workbookRelationshipsXml(listing.length));
	await entries.text('_rels/.rels', packageRelationshipsXml);
	await entries.text('[Content_Types].xml', contentTypesXml(listing.length));
	return written.map(({name}) => name);
}

async function addSheet(entries: ZipEntries, number: number, {xml}: SheetPart): Promise<void> {
	if (typeof xml === 'string') return await entries.text(sheetPath(number), xml);
	await entries.splice(sheetPath(number), xml);
	// why at once: at its largest, the disk then holds the report and two sheets, not the report twice
	await rm(xml.path, {force: true});
}
