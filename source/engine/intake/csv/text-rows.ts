import type {Delimiter} from '../../../model/read-options.js';
import {rowsCompared, type TextRow} from '../header-row.js';
import {cellText, delimiterByte, rawCells} from './record.js';

const [quote, lineFeed, carriageReturn] = [0x22, 0x0a, 0x0d];
/** Lines that a quoted cell may take. A quote that stays open for longer is one of a text before the table. */
const mostLinesOfRow = 20;
/** Cells of a row that are looked at. */
const mostCells = 2000;

/**
 * The first rows of a text that are not blank, each with the line it begins on, divided by one delimiter. A last row that may be cut off is
 * left out.
 *
 * @param start where the first row begins
 */
export function textRows(
	head: Uint8Array,
	{skipBytes, firstLine}: {readonly skipBytes: number; readonly firstLine: number},
	whole: boolean,
	delimiter: Delimiter,
): TextRow[] {
	const byte = delimiterByte(delimiter);
	const rows: TextRow[] = [];
	let [start, line] = [skipBytes, firstLine];
	while (start < head.length && rows.length < rowsCompared) {
		const {end, lines} = rowEnd(head, start, byte);
		if (end === head.length && !whole && rows.length > 0) break;
		const cells = rawCells(head, start, end, byte)
			.slice(0, mostCells)
			.map((cell) => Buffer.from(cellText(head, cell)).toString('utf8'));
		if (cells.some((cell) => cell.trim() !== '')) rows.push({line, cells});
		start = lineEndAfter(head, end);
		line += lines;
	}
	return rows;
}

/** Where a row ends, its line end excluded, and how many lines it takes. */
function rowEnd(head: Uint8Array, start: number, delimiter: number): {readonly end: number; readonly lines: number} {
	let [quoted, cellStart, lines, firstEnd] = [false, true, 1, -1];
	for (let at = start; at < head.length; at++) {
		const byte = head[at];
		const endsLine = byte === lineFeed || byte === carriageReturn;
		if (quoted) {
			if (byte === quote) quoted = false;
			if (!endsLine) continue;
			if (firstEnd < 0) firstEnd = at;
			if (byte === carriageReturn && head[at + 1] === lineFeed) at++;
			if (++lines > mostLinesOfRow) return {end: firstEnd, lines: 1};
			continue;
		}
		if (endsLine) return {end: at, lines};
		// A doubled quote inside a quoted cell closes and opens it again.
		if (byte === quote && (cellStart || head[at - 1] === quote)) quoted = true;
		cellStart = byte === delimiter;
	}
	return quoted && firstEnd >= 0 ? {end: firstEnd, lines: 1} : {end: head.length, lines};
}

function lineEndAfter(head: Uint8Array, end: number): number {
	return head[end] === carriageReturn && head[end + 1] === lineFeed ? end + 2 : end + 1;
}
