import {join} from 'node:path';
import {cleanName} from '../../../model/clean-name.js';
import type {ReadOptions} from '../../../model/read-options.js';
import {flushBytes} from '../bounds.js';
import {cleanHeaders} from '../header.js';
import type {Page, PageHead} from '../page.js';
import {PageFile} from '../page-file.js';
import type {PageListener} from '../page-listener.js';
import {distinctTableNames, fileTableNames} from '../page-names.js';
import {notesFile, RowNotes} from '../row-notes.js';
import {RowWarnings, surplusRows} from '../row-warnings.js';
import {RowWriter, writtenDelimiter} from '../row-writer.js';
import {firstRows} from './first-rows.js';
import type {Parts} from './parts.js';
import {emptyWorkbook, noHeaderRow, type SheetEnd, selectSheets} from './select-sheets.js';
import {readSharedStrings, type SharedStrings} from './shared-strings.js';
import {cellText, hasMissingString, missingString} from './sheet-cells.js';
import {addressOf, type LostCell, noStoredValue, type SheetCell, type SheetRow, sheetReader} from './sheet-rows.js';
import {SheetTable} from './sheet-table.js';
import {readWorkbook, type Sheet, type Workbook} from './workbook.js';

/**
 * Reads each sheet of a workbook that is not empty into a page, in the order of the sheets (SPEC 4). The first row with text is the header.
 *
 * Why not exceljs: its reader takes numbers as floats (digits are lost), throws uncaught on cells without addresses, and is three times slower.
 *
 * @throws SluiceError `intake.empty` when no sheet holds anything, `intake.sheet`, `intake.header_row`, `intake.type`, `intake.corrupt`,
 * `intake.expansion`, `intake.encrypted`
 */
export async function readExcel(
	parts: Parts,
	{folder, read}: {folder: string; read: ReadOptions},
	listener: PageListener,
): Promise<Page[]> {
	const workbook = await readWorkbook(parts);
	const {sheets, leftOut} = selectSheets(parts.name, workbook.sheets, read);
	for (const {name} of leftOut) listener.onLog(`${parts.name}: sheet ${name} is hidden and left out (read.hidden takes it)`);
	const strings = await readSharedStrings(parts, workbook.strings);
	const pages: Omit<Page, 'tableNames'>[] = [];
	const ends: SheetEnd[] = [];
	for (const sheet of sheets) {
		const page = await readSheet({parts, workbook, strings, sheet, read, file: join(folder, `page-${pages.length}.csv`)}, listener);
		if ('headers' in page) pages.push(page);
		else {
			ends.push(page);
			const warning = noHeaderRow(page, read);
			if (warning) listener.onWarning({message: warning});
			else listener.onLog(`${parts.name}: sheet ${sheet.name} is empty and left out`);
		}
	}
	if (pages.length === 0) throw emptyWorkbook(parts.name, {ends, leftOut, read});
	const names = sheetTableNames(parts.name, pages);
	const hidden = leftOut.length === 0 ? {} : {leftOut: leftOut.map(({name}) => name)};
	return pages.map((page, at) => ({...page, ...hidden, tableNames: names[at] ?? []}));
}

/** Rows that are looked at for a header before all texts of the workbook are read. */
const likelyRows = 20;

/** The headers of all sheets that have one, as `readExcel` finds them, reading no further than that. */
export async function peekExcel(parts: Parts, read: ReadOptions): Promise<PageHead[]> {
	const workbook = await readWorkbook(parts);
	const {sheets, leftOut} = selectSheets(parts.name, workbook.sheets, read);
	const heads = await headersOf(parts, workbook, sheets, read, likelyRows);
	// The rows that were looked at may hold blank texts alone.
	const all = heads.every(({headers, whole}) => headers !== null || whole)
		? heads
		: await headersOf(parts, workbook, sheets, read, Number.POSITIVE_INFINITY);
	const found = all.flatMap(({sheet, headers}) => (headers === null ? [] : [{name: sheet.name, hidden: sheet.hidden, headers}]));
	if (found.length === 0) {
		const ends = all.map(({sheet, lastRow, lastText}) => ({sheet: sheet.name, lastRow, lastText}));
		throw emptyWorkbook(parts.name, {ends, leftOut, read});
	}
	const names = sheetTableNames(parts.name, found);
	return found.map((head, at) => ({...head, tableNames: names[at] ?? [], columns: cleanHeaders(head.headers)}));
}

type SheetHead = {
	readonly sheet: Sheet;
	readonly headers: readonly string[] | null;
	/** Whether every row was looked at. */
	readonly whole: boolean;
	readonly lastRow: number;
	readonly lastText: number;
};

/** The header of each sheet, as far as it is among the first `most` rows that are not plainly blank. */
async function headersOf(
	parts: Parts,
	workbook: Workbook,
	sheets: readonly Sheet[],
	read: ReadOptions,
	most: number,
): Promise<SheetHead[]> {
	const from = typeof read.headerRow === 'number' ? read.headerRow : 1;
	const first: {sheet: Sheet; rows: readonly SheetRow[]; lastRow: number; whole: boolean}[] = [];
	for (const sheet of sheets) first.push({sheet, ...(await firstRows(parts, workbook, sheet, {from, most}))});
	const wanted = new Set<number>();
	for (const {rows} of first) for (const {cells} of rows) for (const cell of cells) if (typeof cell === 'number') wanted.add(cell);
	const strings = await readSharedStrings(parts, workbook.strings, wanted);
	return first.map(({sheet, rows, lastRow, whole}) => {
		const table = new SheetTable(read, strings);
		for (const row of rows) {
			if (hasMissingString(row.cells, strings)) throw missingString(parts.name, sheet.name, row, strings);
			table.add(row);
			if (table.headers) break;
		}
		return {sheet, headers: table.headers, whole, lastRow, lastText: table.lastText};
	});
}

type SheetSource = {parts: Parts; workbook: Workbook; strings: SharedStrings; sheet: Sheet; read: ReadOptions; file: string};

async function readSheet(
	{parts, workbook, strings, sheet, read, file}: SheetSource,
	{onLog, onWarning, onRows, onBytes}: PageListener,
): Promise<Omit<Page, 'tableNames'> | SheetEnd> {
	const writer = new RowWriter(`${parts.name}, ${sheet.name}`);
	const notes = new RowNotes(notesFile(file), sheet.name, onBytes);
	const surplus = surplusRows(sheet.name, notes);
	const lost = new RowWarnings(`of ${sheet.name} have cells that are read as blank: errors, or formulas without a stored value`);
	const table = new SheetTable(read, strings);
	let [merges, lastRow] = [0, 0];
	const onRow = (row: SheetRow) => {
		lastRow = row.row;
		const ready = table.add(row);
		if (ready) writeRow(ready, table.width);
	};
	const writeRow = (ready: SheetRow, columns: number) => {
		const {row, cells, lost: lostCells} = ready;
		const lostHere = lostCells.length === 0 ? lostCells : lostCells.filter(({column, held}) => column < columns || held !== noStoredValue);
		if (lostHere.length > 0) {
			const warning = lostWarning(sheet.name, row, lostHere);
			lost.add(row, warning);
			notes.warn(row, warning);
		}
		const width = table.readyWidth;
		if (hasMissingString(cells, strings)) throw missingString(parts.name, sheet.name, ready, strings);
		if (width === 0 || ready === table.headerRow) return;
		if (width > columns)
			surplus.add(
				row,
				cells.slice(columns, width).map((cell) => cellText(cell, strings)),
				columns,
			);
		writer.begin(row);
		for (let column = 0; column < columns; column++) writeCell(writer, cells[column] ?? null, strings);
		writer.end();
	};
	const onMerge = () => {
		merges++;
	};
	const out = await PageFile.create(file, onBytes);
	try {
		let told = 0;
		for await (const _ of parts.pieces(sheet.path, sheetReader({...workbook, onRow, onMerge}))) {
			await notes.flush();
			if (writer.waiting < flushBytes) continue;
			await out.write(writer.take());
			onRows(writer.rows - told);
			told = writer.rows;
		}
		await out.write(writer.take());
		await out.finish();
		onRows(writer.rows - told);
		const {headers} = table;
		if (headers === null) return {sheet: sheet.name, lastRow, lastText: table.lastText};
		const format = {kind: 'csv', delimiter: writtenDelimiter} as const;
		const page = {name: sheet.name, hidden: sheet.hidden, file, headers, columns: cleanHeaders(headers), rows: writer.rows, format};
		return tell({...page, notes: await notes.finish()});
	} finally {
		await Promise.all([out.close(), notes.close()]);
	}

	function tell(page: Omit<Page, 'tableNames'>): Omit<Page, 'tableNames'> {
		surplus.tell(onWarning);
		lost.tell(onWarning);
		if (merges > 0) onLog(`${parts.name}: sheet ${sheet.name} has ${merges} merged ranges; the value stands in the first cell of each`);
		if (page.rows === 0) onWarning({message: `${sheet.name} has a header and no rows`});
		return page;
	}
}

/** How many cells of a row a warning names. */
const mostNamedCells = 10;

function lostWarning(sheet: string, row: number, lost: readonly LostCell[]): string {
	const cells = lost.slice(0, mostNamedCells).map(({column, held}) => `${addressOf(column, row)} (${held})`);
	if (lost.length > cells.length) cells.push(`${lost.length - cells.length} more`);
	const cure = lost.some(({held}) => held === noStoredValue) ? '; open the workbook in Excel and save it' : '';
	return `${sheet}, row ${row}: read as blank: ${cells.join(', ')}${cure}`;
}

function writeCell(writer: RowWriter, cell: SheetCell, strings: SharedStrings): void {
	if (typeof cell !== 'number') writer.cell(cell);
	else writer.encoded(strings.bytes, strings.startOf(cell), strings.ends[cell] ?? 0);
}

/** A sheet is reachable by its own name; the only one of a workbook by the file's too. */
function sheetTableNames(file: string, sheets: readonly {name: string}[]): readonly (readonly string[])[] {
	const own = sheets.map(({name}) => [cleanName(name) || '_']);
	const [only] = own;
	if (own.length !== 1 || !only) return distinctTableNames(own);
	return [[...new Set([...only, ...fileTableNames(file)])]];
}
