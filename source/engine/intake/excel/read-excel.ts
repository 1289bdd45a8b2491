import {join} from 'node:path';
import {SluiceError} from '../../../model/errors.js';
import {flushBytes} from '../bounds.js';
import {cleanHeaders, cleanName} from '../header.js';
import type {Page, PageHead} from '../page.js';
import {PageFile} from '../page-file.js';
import type {PageListener} from '../page-listener.js';
import {distinctTableNames, fileTableNames} from '../page-names.js';
import {notesFile, RowNotes} from '../row-notes.js';
import {RowWarnings, surplusRows} from '../row-warnings.js';
import {RowWriter, writtenDelimiter} from '../row-writer.js';
import type {Parts} from './parts.js';
import {readSharedStrings, type SharedStrings} from './shared-strings.js';
import {type SheetCell, type SheetRow, sheetReader} from './sheet-rows.js';
import {readWorkbook, type Sheet, type Workbook} from './workbook.js';

/**
 * Reads each sheet of a workbook that is not empty into a page, in the order of the sheets (SPEC 4). The first row with text is the header.
 *
 * Why not exceljs: its reader takes numbers as floats (digits are lost), throws uncaught on cells without addresses, and is three times slower.
 *
 * @throws SluiceError `intake.empty` when no sheet holds anything, `intake.type`, `intake.corrupt`, `intake.expansion`, `intake.encrypted`
 */
export async function readExcel(parts: Parts, folder: string, listener: PageListener): Promise<Page[]> {
	const workbook = await readWorkbook(parts);
	const strings = await readSharedStrings(parts, workbook.strings);
	const pages: Omit<Page, 'tableNames'>[] = [];
	for (const sheet of workbook.sheets) {
		const page = await readSheet({parts, workbook, strings, sheet, file: join(folder, `page-${pages.length}.csv`)}, listener);
		if (page) pages.push(page);
		else listener.onLog(`${parts.name}: sheet ${sheet.name} is empty and left out`);
	}
	if (pages.length === 0) throw nothing(parts);
	const names = sheetTableNames(parts.name, pages);
	return pages.map((page, at) => ({...page, tableNames: names[at] ?? []}));
}

/** The headers of all sheets that have one, reading no further than their first row with text. */
export async function peekExcel(parts: Parts): Promise<PageHead[]> {
	const workbook = await readWorkbook(parts);
	const heads: {name: string; cells: readonly SheetCell[]}[] = [];
	for (const {name, path} of workbook.sheets) {
		let found: readonly SheetCell[] | undefined;
		const onRow = ({cells}: SheetRow) => {
			// A shared string may turn out to be blank; a header of blank texts alone is as good as none here.
			if (!found && cells.some((cell) => typeof cell === 'number' || !isBlank(cell))) found = [...cells];
		};
		await parts.read(path, sheetReader({...workbook, onRow, onMerge: () => {}}), () => found !== undefined);
		if (found) heads.push({name, cells: found});
	}
	if (heads.length === 0) throw nothing(parts);
	const wanted = new Set<number>();
	for (const {cells} of heads) for (const cell of cells) if (typeof cell === 'number') wanted.add(cell);
	const strings = await readSharedStrings(parts, workbook.strings, wanted);
	const names = sheetTableNames(parts.name, heads);
	return heads.map(({name, cells}, at) => {
		const headers = headerTexts(cells, strings);
		return {name, tableNames: names[at] ?? [], headers, columns: cleanHeaders(headers)};
	});
}

type SheetSource = {parts: Parts; workbook: Workbook; strings: SharedStrings; sheet: Sheet; file: string};

async function readSheet(
	{parts, workbook, strings, sheet, file}: SheetSource,
	{onLog, onWarning, onRows, onBytes}: PageListener,
): Promise<Omit<Page, 'tableNames'> | null> {
	const writer = new RowWriter(`${parts.name}, ${sheet.name}`);
	const notes = new RowNotes(notesFile(file), sheet.name, onBytes);
	const surplus = surplusRows(sheet.name, notes);
	const uncalculated = new RowWarnings(`of ${sheet.name} have formulas without a stored value`);
	let headers: readonly string[] = [];
	let merges = 0;
	const onRow = ({row, cells, uncalculated: missing}: SheetRow) => {
		const width = widthOf(cells, strings);
		if (missing)
			uncalculated.add(
				row,
				`${sheet.name}, row ${row}: a formula has no stored value and is read as blank; open and save the workbook in Excel`,
			);
		if (width === 0) return;
		if (headers.length === 0) {
			headers = headerTexts(cells, strings);
			return;
		}
		if (width > headers.length)
			surplus.add(
				row,
				cells.slice(headers.length, width).map((cell) => textOf(cell, strings)),
				headers.length,
			);
		writer.begin(row);
		for (let column = 0; column < headers.length; column++) writeCell(writer, cells[column] ?? null, strings);
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
		if (headers.length === 0) return null;
		const format = {kind: 'csv', delimiter: writtenDelimiter} as const;
		return tell({name: sheet.name, file, headers, columns: cleanHeaders(headers), rows: writer.rows, format, notes: await notes.finish()});
	} finally {
		await Promise.all([out.close(), notes.close()]);
	}

	function tell(page: Omit<Page, 'tableNames'>): Omit<Page, 'tableNames'> {
		surplus.tell(onWarning);
		uncalculated.tell(onWarning);
		if (merges > 0) onLog(`${parts.name}: sheet ${sheet.name} has ${merges} merged ranges; the value stands in the first cell of each`);
		if (page.rows === 0) onWarning({message: `${sheet.name} has a header and no rows`});
		return page;
	}
}

function writeCell(writer: RowWriter, cell: SheetCell, strings: SharedStrings): void {
	if (typeof cell !== 'number') writer.cell(cell);
	else if (cell < strings.count) writer.encoded(strings.bytes, strings.startOf(cell), strings.ends[cell] ?? 0);
	else writer.cell(null);
}

/** How many cells a row has up to its last one that is not blank. Excel writes cells that only carry a format. */
function widthOf(cells: readonly SheetCell[], strings: SharedStrings): number {
	for (let width = cells.length; width > 0; width--) {
		const cell = cells[width - 1] ?? null;
		if (typeof cell === 'number' ? !strings.isBlank(cell) : !isBlank(cell)) return width;
	}
	return 0;
}

function isBlank(text: string | null): boolean {
	return text === null || text.trim() === '';
}

function headerTexts(cells: readonly SheetCell[], strings: SharedStrings): readonly string[] {
	return cells.slice(0, widthOf(cells, strings)).map((cell) => textOf(cell, strings));
}

function textOf(cell: SheetCell, strings: SharedStrings): string {
	return typeof cell === 'number' ? (strings.text(cell) ?? '') : (cell ?? '');
}

/** A sheet is reachable by its own name; the only one of a workbook by the file's too. */
function sheetTableNames(file: string, sheets: readonly {name: string}[]): readonly (readonly string[])[] {
	const own = sheets.map(({name}) => [cleanName(name) || '_']);
	const [only] = own;
	if (own.length !== 1 || !only) return distinctTableNames(own);
	return [[...new Set([...only, ...fileTableNames(file)])]];
}

function nothing(parts: Parts): SluiceError {
	return new SluiceError('intake.empty', `${parts.name} has no sheet that holds anything`, {where: parts.name});
}
