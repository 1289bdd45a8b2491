import type {Delimiter} from '../../../model/read-options.js';
import type {PageDelimiter} from '../page.js';

const [quote, lineFeed, carriageReturn] = [0x22, 0x0a, 0x0d];

/** A cell of a record as it stands in the file: its bytes, quotes included, and whether it opens with one. */
export type RawCell = {readonly start: number; readonly end: number; readonly quoted: boolean};

/** The cells of one record, `bytes[start..end)` without its line end. Inside quotes a delimiter is text. */
export function rawCells(bytes: Uint8Array, start: number, end: number, delimiter: number): RawCell[] {
	const cells: RawCell[] = [];
	let from = start;
	for (;;) {
		const quoted = bytes[from] === quote && from < end;
		let at = from;
		if (quoted) at = closingQuote(bytes, from, end) + 1;
		while (at < end && bytes[at] !== delimiter) at++;
		cells.push({start: from, end: at, quoted});
		if (at >= end) return cells;
		from = at + 1;
	}
}

function closingQuote(bytes: Uint8Array, open: number, end: number): number {
	for (let at = open + 1; at < end; at++) {
		if (bytes[at] !== quote) continue;
		if (bytes[at + 1] !== quote || at + 1 >= end) return at;
		at++;
	}
	return end - 1;
}

/**
 * The text of a cell as bytes: outer quotes off, doubled ones single. What follows a closing quote belongs to the text (`"a"b` is `ab`);
 * a quote that does not open the cell is text.
 */
export function cellText(bytes: Uint8Array, {start, end, quoted}: RawCell): Uint8Array {
	if (!quoted) return bytes.subarray(start, end);
	const close = closingQuote(bytes, start, end);
	const text: number[] = [];
	for (let at = start + 1; at < close; at++) {
		text.push(bytes[at] ?? 0);
		if (bytes[at] === quote) at++;
	}
	for (let at = close + 1; at < end; at++) text.push(bytes[at] ?? 0);
	return Uint8Array.from(text);
}

/** A cell in normal form: quoted when it has to be, or when it was, so that `""` stays the empty string. */
export function normalCell(bytes: Uint8Array, cell: RawCell, delimiter: number): Uint8Array {
	const text = cellText(bytes, cell);
	if (!cell.quoted && !text.some((byte) => byte === quote || byte === delimiter || byte === lineFeed || byte === carriageReturn))
		return text;
	const out = [quote];
	for (const byte of text) {
		if (byte === quote) out.push(quote);
		out.push(byte);
	}
	out.push(quote);
	return Uint8Array.from(out);
}

export function delimiterByte(delimiter: Delimiter | PageDelimiter): number {
	return delimiter.charCodeAt(0);
}
