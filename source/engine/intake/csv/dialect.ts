import {SluiceError} from '../../../model/errors.js';
import {type Delimiter, delimiters, type ReadOptions} from '../../../model/read-options.js';
import {maxColumns} from '../bounds.js';
import {cleanHeaders} from '../header.js';
import {cellText, delimiterByte, rawCells} from './record.js';

const [quote, lineFeed, carriageReturn, space] = [0x22, 0x0a, 0x0d, 0x20];
/** Why 200: enough rows to outvote a title line or an address with commas in it. */
const rowsCompared = 200;

/** What the connector says of a CSV, which goes before what is detected. */
export type GivenDialect = Pick<ReadOptions, 'delimiter' | 'headerRow' | 'usedNames'>;

/** How a CSV is written, and what stands before its header. */
export type Dialect = {readonly delimiter: Delimiter; readonly skipBytes: number; readonly firstLine: number};

/**
 * The dialect of a CSV from its first bytes (SPEC 4): a tab for `.tsv` and `.dat`; what Excel's `sep=;` line says; else the delimiter that
 * makes most of the columns that the connector uses; then the one that divides most rows into as many cells as the first row; where two
 * agree, the one beside quotes, the one that makes more cells, the one without spaces behind it. A comma when none divides the first row.
 * Lines before the header are left out as lines, whatever quotes they hold.
 *
 * @throws SluiceError `intake.header_row` when the head has fewer lines than the header row is said to have before it
 */
export function detectDialect(head: Uint8Array, whole: boolean, name: string, given: GivenDialect = detected): Dialect {
	const hint = /^"?sep=([,;\t|])"?(\r\n|\n|\r)/i.exec(Buffer.from(head.subarray(0, 10)).toString('latin1'));
	const start = startOf(head, hint?.[0].length ?? 0, name, given);
	const named = given.delimiter ?? delimiters.find((candidate) => candidate === hint?.[1]);
	if (named) return {delimiter: named, ...start};
	if (/\.(tsv|dat)(\.gz)?$/i.test(name)) return {delimiter: '\t', ...start};
	return {delimiter: mostLikely(head.subarray(start.skipBytes), whole, given.usedNames ?? []), ...start};
}

const detected: GivenDialect = {delimiter: null, headerRow: null};

function startOf(head: Uint8Array, hintBytes: number, name: string, {headerRow}: GivenDialect): Omit<Dialect, 'delimiter'> {
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

/** What speaks for a delimiter; an earlier entry goes before a later one. */
type Evidence = readonly [
	namesUsed: number,
	/** The share of rows with as many cells as the first. */
	regular: number,
	quotedWhole: number,
	columns: number,
	tight: number,
];

function mostLikely(head: Uint8Array, whole: boolean, names: readonly string[]): Delimiter {
	let best: {delimiter: Delimiter; evidence: Evidence} | undefined;
	// The comma last: of two that divide alike, the comma is the one that stands in texts and numbers.
	for (const delimiter of ['\t', ';', '|', ','] as const) {
		const byte = delimiterByte(delimiter);
		const counts = cellCounts(head, byte, whole);
		const columns = counts[0] ?? 1;
		if (columns < 2) continue;
		const regular = counts.filter((count) => count === columns).length / counts.length;
		const {quotedWhole, tight} = surroundings(head, byte);
		const evidence: Evidence = [namesUsed(head, byte, names), regular, quotedWhole, columns, tight];
		if (!best || isStronger(evidence, best.evidence)) best = {delimiter, evidence};
	}
	return best?.delimiter ?? ',';
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

/** Of the quotes beside a delimiter, how many open or close a cell; and which share of the delimiters has no space behind it. */
function surroundings(head: Uint8Array, delimiter: number): {quotedWhole: number; tight: number} {
	let [quotedWhole, found, tight] = [0, 0, 0];
	for (let at = 0, rows = 0; at < head.length && rows < rowsCompared; at++) {
		const byte = head[at];
		if (byte === lineFeed) rows++;
		if (byte !== delimiter) continue;
		found++;
		if (head[at + 1] !== space) tight++;
		if (head[at - 1] === quote || head[at + 1] === quote) quotedWhole++;
	}
	return {quotedWhole: quotedWhole > 0 ? 1 : 0, tight: found === 0 ? 0 : tight / found};
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
