import {SluiceError} from '../../../model/errors.js';
import {type Delimiter, delimiters, type ReadOptions} from '../../../model/read-options.js';
import {maxColumns} from '../bounds.js';
import {cleanHeaders} from '../header.js';
import {cellText, delimiterByte, rawCells} from './record.js';

const [quote, lineFeed, carriageReturn, space] = [0x22, 0x0a, 0x0d, 0x20];
/** Why 200: enough rows to outvote a title line or an address with commas in it. */
const rowsCompared = 200;

/** What the connector says of a CSV, which goes before what is detected. */
export type GivenDialect = Pick<ReadOptions, 'delimiter' | 'headerRow' | 'usedNames' | 'sampleDelimiter'>;

/** How a CSV is written, and what stands before its header. */
export type Dialect = {
	readonly delimiter: Delimiter;
	/** Another delimiter that divides the rows as regularly, so that lesser signs decided; null where there is none. */
	readonly rival: Delimiter | null;
	readonly skipBytes: number;
	readonly firstLine: number;
};

/**
 * The dialect of a CSV from its first bytes (SPEC 4): a tab for `.tsv` and `.dat`; what Excel's `sep=;` line says; else the delimiter that
 * makes most of the columns that the connector uses; then the one that divides most rows into as many cells as the first row; where two
 * agree, the delimiter of the sample, the one beside quotes, the one that is not followed by a space each time in the first row, the one that
 * makes more cells, the one with fewer spaces behind it. A comma when none divides the first row. Lines before the header are left out as
 * lines, whatever quotes they hold.
 *
 * @throws SluiceError `intake.header_row` when the head has fewer lines than the header row is said to have before it
 */
export function detectDialect(head: Uint8Array, whole: boolean, name: string, given: GivenDialect = detected): Dialect {
	const start = startOf(head, name, given);
	const said = saidDelimiter(head, name, given);
	if (said) return {delimiter: said, rival: null, ...start};
	return {...mostLikely(head.subarray(start.skipBytes), whole, given), ...start};
}

/** The delimiter that needs no look at the rows: what the connector says, Excel's line `sep=;`, or the extension. */
export function saidDelimiter(head: Uint8Array, name: string, {delimiter}: Pick<GivenDialect, 'delimiter'>): Delimiter | null {
	return delimiter ?? hintOf(head).delimiter ?? (/\.(tsv|dat)(\.gz)?$/i.test(name) ? '\t' : null);
}

function hintOf(head: Uint8Array): {readonly delimiter: Delimiter | null; readonly bytes: number} {
	const hint = /^"?sep=([,;\t|])"?(\r\n|\n|\r)/i.exec(Buffer.from(head.subarray(0, 10)).toString('latin1'));
	return {delimiter: delimiters.find((candidate) => candidate === hint?.[1]) ?? null, bytes: hint?.[0].length ?? 0};
}

const detected: GivenDialect = {delimiter: null, headerRow: null};

/**
 * Where the row begins that is the header, or the first of those before it that are blank.
 *
 * @throws SluiceError `intake.header_row` as `detectDialect`
 */
export function startOf(
	head: Uint8Array,
	name: string,
	{headerRow}: Pick<GivenDialect, 'headerRow'>,
): Pick<Dialect, 'skipBytes' | 'firstLine'> {
	const hintBytes = hintOf(head).bytes;
	const hinted = {skipBytes: hintBytes, firstLine: hintBytes > 0 ? 2 : 1};
	if (headerRow === null || headerRow === 'none' || headerRow <= hinted.firstLine) return hinted;
	let [at, line] = [0, 1];
	for (; at < head.length && line < headerRow; at++) {
		const byte = head[at];
		if (byte === lineFeed || (byte === carriageReturn && head[at + 1] !== lineFeed)) line++;
	}
	if (line === headerRow && at < head.length) return {skipBytes: at, firstLine: headerRow};
	throw new SluiceError('intake.header_row', `${name} has no line ${headerRow}, where its header is said to stand`, {
		where: `${name}, line ${line}`,
		expected: `a header on line ${headerRow} (read.header_row)`,
	});
}

/** What speaks for a delimiter; an earlier entry goes before a later one. Where the first two are equal, there is a tie. */
export type Evidence = readonly [
	namesUsed: number,
	/** The share of rows with as many cells as the first. */
	regular: number,
	ofSample: number,
	quotedWhole: number,
	/** 0 where a space follows each delimiter of the first row, as in `Street, No`. */
	unspaced: number,
	columns: number,
	tight: number,
];

/** The comma last: of two that divide alike, the comma is the one that stands in texts and numbers. */
export const byPreference = ['\t', ';', '|', ','] as const;

function mostLikely(head: Uint8Array, whole: boolean, given: GivenDialect): Pick<Dialect, 'delimiter' | 'rival'> {
	const found = byPreference.flatMap((delimiter) => {
		const evidence = evidenceFor(delimiter, head, whole, given);
		return evidence === null ? [] : [{delimiter, evidence}];
	});
	const best = strongest(found);
	if (best === null) return {delimiter: ',', rival: null};
	return {
		delimiter: best.delimiter,
		rival: found.find((other) => other !== best && isTie(other.evidence, best.evidence))?.delimiter ?? null,
	};
}

/** What speaks for a delimiter in rows of which the first is the header; null where it does not divide that. */
export function evidenceFor(
	delimiter: Delimiter,
	rows: Uint8Array,
	whole: boolean,
	{usedNames = [], sampleDelimiter}: Pick<GivenDialect, 'usedNames' | 'sampleDelimiter'>,
): Evidence | null {
	const byte = delimiterByte(delimiter);
	const counts = cellCounts(rows, byte, whole);
	const columns = counts[0] ?? 1;
	if (columns < 2) return null;
	const regular = counts.filter((count) => count === columns).length / counts.length;
	const {quotedWhole, unspaced, tight} = surroundings(rows, byte);
	return [namesUsed(rows, byte, usedNames), regular, sampleDelimiter === delimiter ? 1 : 0, quotedWhole, unspaced, columns, tight];
}

/** Of several, the first for which most speaks. */
export function strongest<Candidate extends {readonly evidence: Evidence}>(found: readonly Candidate[]): Candidate | null {
	let best: Candidate | null = null;
	for (const candidate of found) if (best === null || isStronger(candidate.evidence, best.evidence)) best = candidate;
	return best;
}

function isTie([names, regular]: Evidence, [otherNames, otherRegular]: Evidence): boolean {
	return names === otherNames && regular === otherRegular;
}

function isStronger(one: Evidence, other: Evidence): boolean {
	const differs = one.findIndex((value, at) => value !== other[at]);
	return differs >= 0 && (one[differs] ?? 0) > (other[differs] ?? 0);
}

/** How many of the names that the connector uses are columns of the first row that is not blank. */
function namesUsed(head: Uint8Array, delimiter: number, names: readonly string[]): number {
	if (names.length === 0) return 0;
	let start = 0;
	while (start < head.length && (head[start] === lineFeed || head[start] === carriageReturn)) start++;
	let end = start;
	while (end < head.length && head[end] !== lineFeed && head[end] !== carriageReturn) end++;
	const cells = rawCells(head, start, end, delimiter).map((cell) => Buffer.from(cellText(head, cell)).toString());
	const columns = new Set(cleanHeaders(cells.slice(0, maxColumns)));
	return names.filter((name) => columns.has(name)).length;
}

/**
 * Whether quotes stand beside the delimiter, whether one of the first row has no space behind it, and which share of all of them has none.
 */
function surroundings(head: Uint8Array, delimiter: number): {quotedWhole: number; unspaced: number; tight: number} {
	let [quotedWhole, found, tight, firstRowEnds] = [0, 0, 0, -1];
	let unspaced = 0;
	for (let at = 0, rows = 0; at < head.length && rows < rowsCompared; at++) {
		const byte = head[at];
		if (byte === lineFeed || byte === carriageReturn) {
			if (byte === lineFeed) rows++;
			if (found > 0 && firstRowEnds < 0) firstRowEnds = at;
		}
		if (byte !== delimiter) continue;
		found++;
		if (head[at + 1] !== space) {
			tight++;
			if (firstRowEnds < 0) unspaced = 1;
		}
		if (head[at - 1] === quote || head[at + 1] === quote) quotedWhole++;
	}
	return {quotedWhole: quotedWhole > 0 ? 1 : 0, unspaced, tight: found === 0 ? 0 : tight / found};
}

/** Cells per row, rows without text left out, as is a last row that may be cut off. */
function cellCounts(head: Uint8Array, delimiter: number, whole: boolean): number[] {
	const counts: number[] = [];
	let [cells, filled, quoted, cellStart] = [1, false, false, true];
	// why by index: an iterator over a quarter of a megabyte holds the daemon for tens of milliseconds
	for (let at = 0; at < head.length; at++) {
		const byte = head[at] ?? 0;
		if (quoted) {
			if (byte === quote) quoted = false;
			continue;
		}
		if (byte === lineFeed || byte === carriageReturn) {
			if (filled) counts.push(cells);
			if (counts.length === rowsCompared) return counts;
			[cells, filled, cellStart] = [1, false, true];
			continue;
		}
		// A doubled quote inside a quoted cell closes and opens it again.
		if (byte === quote && (cellStart || head[at - 1] === quote)) quoted = true;
		cellStart = byte === delimiter;
		if (cellStart) cells++;
		else filled = true;
	}
	if (filled && !quoted && (whole || counts.length === 0)) counts.push(cells);
	return counts;
}
