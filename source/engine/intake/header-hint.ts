import type {Delimiter, ReadOptions} from '../../model/read-options.js';
import {spelledOut} from '../../text/visible.js';
import {type NeededColumn, pageNeeded} from './compatible.js';
import {type FirstRow, firstRow} from './csv/read-csv.js';
import {cleanHeaders} from './header.js';
import {linesSearched, type TextRow} from './header-row.js';
import type {PageHead} from './page.js';
import {type RawPage, rowsOf} from './raw-pages.js';

/** What an input that lacks columns shows instead. */
export type HeaderHint = {
	/** The row that was read as the header, and how: a part of a sentence. */
	readonly read: string;
	/** What to write into `connector.yaml`, as a sentence; null where nothing is found. */
	readonly cure: string | null;
	/** Whether another row of each page that lacks columns has all of them. */
	readonly isElsewhere: boolean;
};

/** A page, and the columns that are needed of it. */
type Asked = {readonly page: RawPage; readonly wanted: readonly string[]; readonly lacks: boolean};

/** A row of a page, and the values of `read.header_row` that lead to it: from the one behind the row before on. */
type Place = {readonly page: RawPage; readonly line: number; readonly from: number; readonly delimiter: Delimiter | null};

/** Pages of which the first row is shown. */
const mostShown = 3;

/**
 * Says which row was read as the header of an input that lacks columns, and looks for the one that has them among the first 50 rows of each
 * page; in a text file with any delimiter.
 *
 * @param raw the beginnings of the pages, as `rawPages` gives them
 */
export function headerHint(
	raw: readonly RawPage[],
	pages: readonly PageHead[],
	needed: readonly NeededColumn[],
	read: ReadOptions,
): HeaderHint | null {
	const asked = raw.map((page): Asked => {
		const head = pages.find(({name}) => name === page.name);
		const wanted = needed.filter((need) => head !== undefined && pageNeeded(pages, need) === head).map(({column}) => column);
		return {page, wanted: [...new Set(wanted)], lacks: !wanted.every((column) => head?.columns.includes(column))};
	});
	const lacking = asked.filter(({lacks}) => lacks);
	if (lacking.length === 0) return null;
	const elsewhere = rowCure(asked, read);
	return {
		isElsewhere: elsewhere !== null,
		read: lacking
			.slice(0, mostShown)
			.map(({page}) => shownFirst(page, read, raw.length > 1))
			.join('; '),
		cure: elsewhere ?? headerlessCure(lacking, read),
	};
}

/** The row that is read as the header. */
function headerNow(page: RawPage, read: ReadOptions): FirstRow {
	const none = {headers: [], line: 1, delimiter: ','} as const;
	if (page.kind === 'text') return firstRow(page, page.name, read) ?? none;
	const from = typeof read.headerRow === 'number' ? read.headerRow : 1;
	const found = page.rows.find(({line}) => line >= from);
	return found ? {headers: found.cells, line: found.line, delimiter: ','} : none;
}

function shownFirst(page: RawPage, read: ReadOptions, ofSeveral: boolean): string {
	const {headers, line, delimiter} = headerNow(page, read);
	const shown = headers.slice(0, 20).map((header) => `"${spelledOut(header)}"`);
	const texts = `${shown.join(', ')}${headers.length > 20 ? ', …' : ''}`;
	if (page.kind === 'sheet') return `the first row read of sheet ${page.name} is row ${line}: ${texts}`;
	const {name, guessed} = page.encoding;
	const as = `delimiter ${delimiterName(delimiter)}, encoding ${name}${guessed ? ' by a guess' : ''}`;
	return `the first row read${ofSeveral ? ` of ${page.name}` : ''} is line ${line}: ${texts} (${as})`;
}

function rowCure(asked: readonly Asked[], read: ReadOptions): string | null {
	const places: Place[] = [];
	for (const {page, wanted, lacks} of asked) {
		if (!lacks) continue;
		const place = rowWith(page, wanted, read);
		if (place === null) return null;
		places.push(place);
	}
	const [first] = places;
	if (!first) return null;
	const where = capital(places.map(({page, line}) => rowName(page, line, asked.length > 1)).join(' and '));
	const has = `${where} ${places.length === 1 ? 'has' : 'have'} these columns`;
	const now = headerNow(first.page, read);
	if (places.length === 1 && first.line === now.line && first.delimiter !== null && read.delimiter === null)
		return `${has}: set read: {delimiter: ${delimiterName(first.delimiter)}} in connector.yaml.`;
	const others = asked.filter(({lacks}) => !lacks).map(({page}) => ({page, from: 1, line: headerNow(page, read).line}));
	const row = commonHeaderRow([...places, ...others]);
	if (row !== null) return `${has}: set read: {header_row: ${row}} in connector.yaml.`;
	const single = places.length === 1 && first.page.kind === 'sheet' && others.every(({page}) => !isWanted(asked, page));
	const cure = single
		? `set read: {sheet: ${JSON.stringify(first.page.name)}, header_row: ${first.line}} in connector.yaml`
		: 'remove the rows above the headers';
	return `${has}; read.header_row is one for all pages, and no number leads to the headers of all of them: ${cure}.`;
}

function isWanted(asked: readonly Asked[], page: RawPage): boolean {
	return asked.some((each) => each.page === page && each.wanted.length > 0);
}

/** The value of `read.header_row` that leads to a given row of each page; null where there is none. */
export function commonHeaderRow(places: readonly {readonly from: number; readonly line: number}[]): number | null {
	const row = Math.min(...places.map(({line}) => line));
	return places.every(({from}) => from <= row) ? row : null;
}

/** The first row that has all of the wanted columns. */
function rowWith(page: RawPage, wanted: readonly string[], read: ReadOptions): Place | null {
	let found: Place | null = null;
	for (const {delimiter, rows} of rowsOf(withoutExtension(page), read)) {
		const at = rows.findIndex((row) => row.line <= linesSearched && hasAll(row, wanted));
		const row = rows[at];
		if (row && (found === null || row.line < found.line)) found = {page, line: row.line, from: (rows[at - 1]?.line ?? 0) + 1, delimiter};
	}
	return found;
}

/** A cure looks at every delimiter, also where the extension says that it is a tab: the connector can say otherwise. */
function withoutExtension(page: RawPage): RawPage {
	return page.kind === 'text' ? {...page, name: ''} : page;
}

function hasAll({cells}: TextRow, wanted: readonly string[]): boolean {
	const columns = new Set(cleanHeaders(cells));
	return wanted.every((column) => columns.has(column));
}

/** For a file whose first row is data. */
function headerlessCure(lacking: readonly Asked[], read: ReadOptions): string | null {
	if (read.headerRow === 'none') return null;
	const cures = lacking.map(({page, wanted}) => {
		const {headers} = headerNow(page, read);
		const numbered = wanted.every((column) => Number(/^_(\d+)$/.exec(column)?.[1] ?? headers.length + 1) <= headers.length);
		const isData = headers.some((header) => /^\s*[-+]?\d[\d.,:/ -]*\s*$/.test(header) || /^[^@\s]+@[^@\s]+\.\w+$/.test(header.trim()));
		if (!isData && !numbered) return null;
		return numbered ? 'header_row: none' : 'header_row: none, columns: [names in the order of the file]';
	});
	const [option] = cures;
	if (!option || cures.some((each) => each !== option)) return null;
	return `The first row looks like data: if the file has no header, set read: {${option}} in connector.yaml.`;
}

function rowName(page: RawPage, line: number, ofSeveral: boolean): string {
	if (page.kind === 'sheet') return `row ${line} of sheet ${page.name}`;
	return ofSeveral ? `line ${line} of ${page.name}` : `line ${line}`;
}

function capital(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}

function delimiterName(delimiter: Delimiter): string {
	return delimiter === '\t' ? 'tab' : `"${delimiter}"`;
}
