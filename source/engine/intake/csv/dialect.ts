import {SluiceError} from '../../../model/errors.js';
import {type Delimiter, delimiters} from '../../../model/read-options.js';
import {delimiterByte} from './record.js';

const [quote, lineFeed, carriageReturn] = [0x22, 0x0a, 0x0d];
/** Why 200: enough rows to outvote a title line or an address with commas in it. */
const rowsCompared = 200;

/** What the connector says of a CSV, which goes before what is detected. */
export type GivenDialect = {readonly delimiter: Delimiter | null; readonly headerRow: number | 'none' | null};

/** How a CSV is written, and what stands before its header. */
export type Dialect = {readonly delimiter: Delimiter; readonly skipBytes: number; readonly firstLine: number};

/**
 * The dialect of a CSV from its first bytes (SPEC 4): a tab for `.tsv` and `.dat`; what Excel's `sep=;` line says; else the delimiter that
 * divides most rows into as many cells as the first row, the one that makes more cells when two agree, a comma when none divides the first.
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
	return {delimiter: mostRegular(head.subarray(start.skipBytes), whole), ...start};
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

function mostRegular(head: Uint8Array, whole: boolean): Delimiter {
	let best: {delimiter: Delimiter; share: number; columns: number} = {delimiter: ',', share: 0, columns: 1};
	for (const delimiter of delimiters) {
		const counts = cellCounts(head, delimiterByte(delimiter), whole);
		const columns = counts[0] ?? 1;
		if (columns < 2) continue;
		const share = counts.filter((count) => count === columns).length / counts.length;
		if (share > best.share || (share === best.share && columns > best.columns)) best = {delimiter, share, columns};
	}
	return best.delimiter;
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
