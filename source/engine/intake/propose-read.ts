import {cleanName} from '../../model/clean-name.js';
import type {Delimiter, ReadOptions, ReadProposal} from '../../model/read-options.js';
import {detectDialect, type Evidence, evidenceFor, startOf, strongest} from './csv/dialect.js';
import {commonHeaderRow} from './header-hint.js';
import {findHeaderRow, linesSearched, type TextRow} from './header-row.js';
import {type RawPage, rawPages, rowsOf, type TextPage} from './raw-pages.js';
import {encodingInFull} from './text/utf8-bytes.js';

/** The header of a page as it is found. `headerRow`: what leads to it, null for the first row; `line`, `from`: the rows that do. */
type Found = {
	readonly page: RawPage;
	readonly headerRow: number | 'none' | null;
	readonly line: number;
	readonly from: number;
	readonly names: readonly string[];
	readonly delimiter: Delimiter | null;
};

type Proposed<Key extends keyof ReadProposal> = {readonly value: NonNullable<ReadProposal[Key]> | null; readonly note: string | null};

/**
 * Finds the keys of `read` that a file needs and its connector does not have (SPEC 4): the row of the header where it is not the first row,
 * an encoding that is only guessed, a delimiter where two divide the rows alike.
 *
 * @param read as `readingOf` gives it
 * @throws SluiceError `intake.*` where the file cannot be read
 */
export async function proposeRead(path: string, name: string, maxInputBytes: number, read: ReadOptions): Promise<ReadProposal> {
	const pages = await rawPages(path, name, maxInputBytes, read);
	if (pages.length === 0) return {notes: []};
	const found = pages.map((page) => foundIn(page, read));
	const row = read.headerRow === null && read.columns === null ? proposeHeaderRow(found) : nothing;
	const texts = pages.filter((page) => page.kind === 'text');
	const encoding = read.encoding === null ? await proposeEncoding(texts) : nothing;
	const delimiter = proposeDelimiter(found, {...read, headerRow: read.headerRow ?? row.value});
	return {
		...(row.value !== null && {header_row: row.value}),
		...(encoding.value !== null && {encoding: encoding.value}),
		...(delimiter.value !== null && {delimiter: delimiter.value}),
		notes: [row.note, encoding.note, delimiter.note].filter((note) => note !== null),
	};
}

const nothing = {value: null, note: null} as const;

/** What a page's rows show, with the delimiter for which most speaks. */
function foundIn(page: RawPage, read: ReadOptions): Found {
	const candidates = rowsOf(page, read).map(({delimiter, rows}) => {
		const headerRow = read.headerRow ?? (read.columns === null ? headerRowOf(rows, read.usedNames ?? []) : null);
		const at =
			typeof headerRow === 'number'
				? Math.max(
						0,
						rows.findIndex(({line}) => line >= headerRow),
					)
				: 0;
		const line = rows[at]?.line ?? 1;
		const found = {page, headerRow, line, from: (rows[at - 1]?.line ?? 0) + 1, names: rows[at]?.cells ?? [], delimiter};
		return {
			found,
			evidence: page.kind === 'text' && delimiter !== null ? evidenceAt(page, {delimiter, rows}, headerRow, read) : noEvidence,
		};
	});
	const best = strongest(candidates.flatMap(({found, evidence}) => (evidence === null ? [] : [{found, evidence}])));
	// The comma is the last one, and what a text is read with that nothing divides.
	return (best ?? candidates.at(-1))?.found ?? {page, headerRow: null, line: 1, from: 1, names: [], delimiter: null};
}

const noEvidence: Evidence = [0, 0, 0, 0, 0, 0, 0];

/**
 * What speaks for a delimiter where the header may be anywhere: the share of all rows that have as many cells as most, those above the
 * header included, so that a delimiter is not taken because it needs rows to be left out.
 */
function evidenceAt(
	{head, whole, name}: TextPage,
	{delimiter, rows}: {readonly delimiter: Delimiter; readonly rows: readonly TextRow[]},
	headerRow: Found['headerRow'],
	read: ReadOptions,
): Evidence | null {
	const evidence = evidenceFor(delimiter, head.subarray(startOf(head, name, {headerRow}).skipBytes), whole, read);
	const times = new Map<number, number>();
	for (const {cells} of rows) times.set(cells.length, (times.get(cells.length) ?? 0) + 1);
	const [usual] = [...times].sort(([, one], [, other]) => other - one);
	if (evidence === null || usual === undefined || usual[0] < 2) return null;
	const [namesUsed, , ofSample, quotedWhole, unspaced, , tight] = evidence;
	return [namesUsed, usual[1] / rows.length, ofSample, quotedWhole, unspaced, usual[0], tight];
}

/** How a connector reads that took over what is proposed. */
export function withProposal(read: ReadOptions, {header_row, encoding, delimiter}: ReadProposal): ReadOptions {
	return {
		...read,
		headerRow: header_row ?? read.headerRow,
		encoding: encoding ?? read.encoding,
		delimiter: delimiter === 'tab' ? '\t' : (delimiter ?? read.delimiter),
	};
}

/** The names that the connector uses go before what the rows look like. */
function headerRowOf(rows: readonly TextRow[], names: readonly string[]): Found['headerRow'] {
	const used = new Set(names.filter((name) => !/^_\d*$/.test(name)));
	const counts = rows.filter(({line}) => line <= linesSearched).map(({cells}) => cells.filter((cell) => used.has(cleanName(cell))).length);
	const [first = 0, most] = [counts[0], Math.max(0, ...counts)];
	// One name may be a word of a text by chance.
	if (most > first && most > 1) return rows[counts.indexOf(most)]?.line ?? null;
	return first > 0 ? null : findHeaderRow(rows);
}

function proposeHeaderRow(found: readonly Found[]): Proposed<'header_row'> {
	const odd = found.filter(({headerRow}) => headerRow !== null);
	if (odd.length === 0) return nothing;
	const several = found.length > 1;
	if (odd.length === found.length && odd.every(({headerRow}) => headerRow === 'none')) {
		return {value: 'none', note: `header_row: the first row${several ? ' of each page' : ''} holds values as the rows below it do`};
	}
	const row = odd.some(({headerRow}) => headerRow === 'none') ? null : commonHeaderRow(found);
	if (row === null) {
		const rows = odd.slice(0, 10).map(({page, headerRow}) => `${page.name}: ${headerRow}`);
		return {
			value: null,
			note: `header_row is one for all pages, and no number leads to the headers of all of them (${rows.join(', ')}${odd.length > rows.length ? ', …' : ''})`,
		};
	}
	const [first] = odd;
	const where =
		first?.page.kind === 'sheet' ? `row ${first.line} of sheet ${first.page.name}` : `line ${first?.line} of ${first?.page.name}`;
	return {value: row, note: `header_row: ${where} holds the names ${shownNames(first?.names ?? [])}`};
}

/** Names that a note shows. */
const mostNames = 4;

function shownNames(cells: readonly string[]): string {
	const names = cells.map((cell) => cell.trim()).filter((cell) => cell !== '');
	const shown = names.slice(0, mostNames).map((name) => JSON.stringify(name.length > 40 ? `${name.slice(0, 40)}…` : name));
	return `${shown.join(', ')}${names.length > mostNames ? ', …' : ''}`;
}

async function proposeEncoding(pages: readonly TextPage[]): Promise<Proposed<'encoding'>> {
	const found = [];
	for (const page of pages) found.push({page, ...(await encodingInFull(page.source))});
	const [guess] = found.filter(({guessed}) => guessed);
	if (!guess) return nothing;
	const other = found.find(({name, first}) => name !== guess.name && first !== null);
	if (other) {
		return {
			value: null,
			note: `encoding is one for all pages, and ${guess.page.name} is ${guess.name} by a guess, ${other.page.name} is ${other.name}`,
		};
	}
	const where =
		guess.first === null ? '' : `; it is first needed on line ${guess.first.line} of ${guess.page.name}, read as "${guess.first.shown}"`;
	return {value: guess.name, note: `encoding: a guess by the letters of the file${where}`};
}

/** The delimiter, where detection does not find it, or finds it by lesser signs. */
function proposeDelimiter(found: readonly Found[], read: ReadOptions): Proposed<'delimiter'> {
	if (read.delimiter !== null) return nothing;
	const doubtful = found.flatMap(({page, delimiter}) => {
		if (page.kind !== 'text' || delimiter === null) return [];
		const detected = detectDialect(page.head, page.whole, page.name, read);
		const rival = detected.delimiter === delimiter ? detected.rival : detected.delimiter;
		return rival === null ? [] : [{page, delimiter, rival}];
	});
	const [first] = doubtful;
	if (!first) return nothing;
	const {page, delimiter, rival} = first;
	const other = found.find((each) => each.delimiter !== delimiter);
	if (other)
		return {value: null, note: `delimiter is one for all pages, and ${page.name} and ${other.page.name} seem to have different ones`};
	return {
		value: delimiter === '\t' ? 'tab' : delimiter,
		note: `delimiter: ${named(rival)} divides the rows of ${page.name} as well; ${named(delimiter)} was taken`,
	};
}

function named(delimiter: Delimiter): string {
	return delimiter === '\t' ? 'tab' : `"${delimiter}"`;
}
