// biome-ignore-all lint/suspicious/noControlCharactersInRegex: sequences of terminals begin with one.
import {type Cells, cellsOf} from './cells.js';

/** A line as it stands on the terminal. `uncertain`: terminals disagree about the width of something in it. */
export type DrawnLine = {readonly text: string; readonly cells: Cells; readonly uncertain: boolean};

const ascii = /^[\x20-\x7e\u001b]*$/;
/** Characters whose width every terminal knows. Emoji, Indic, Arabic and combining ones are not among them. */
const certain =
	/^[\u0020-\u024f\u0370-\u052f\u2010-\u2027\u2030-\u205e\u2190-\u21ff\u2200-\u22ff\u2300-\u2319\u2400-\u2421\u2500-\u25fc\u2713-\u2717\u270e\u2800-\u28ff\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff60]?$/;

/** What is to be sent so that a terminal that shows `before` shows `lines`: changed cells alone. Empty when nothing changed. */
export function frameDiff(
	before: readonly DrawnLine[],
	lines: readonly string[],
	colour: boolean,
): {bytes: string; drawn: readonly DrawnLine[]} {
	const drawn: DrawnLine[] = [];
	let bytes = '';
	for (let row = 0; row < Math.max(before.length, lines.length); row++) {
		const text = lines[row] ?? '';
		const old = before[row];
		if (old?.text === text) {
			drawn.push(old);
			continue;
		}
		const cells = cellsOf(text, colour);
		const uncertain = !ascii.test(text) && cells.some((cell, at) => at % 2 === 0 && !certain.test(cell));
		bytes += uncertain || old?.uncertain ? wholeLine(row, cells) : changedCells(row, old?.cells ?? [], cells);
		drawn.push({text, cells, uncertain});
	}
	return {bytes, drawn: drawn.slice(0, lines.length)};
}

/** A line written anew, the column set again after each character that a terminal may take for wider or narrower than it is. */
function wholeLine(row: number, cells: Cells): string {
	let out = `\u001b[${row + 1};1H\u001b[0m\u001b[2K`;
	let style = '0';
	for (let at = 0; at < cells.length; at += 2) {
		const cell = cells[at] ?? '';
		if (cell === '') continue;
		const own = cells[at + 1] ?? '0';
		if (own !== style) {
			style = own;
			out += `\u001b[${style}m`;
		}
		out += cell;
		if (!certain.test(cell)) out += `\u001b[${at / 2 + 1 + (cells[at + 2] === '' ? 2 : 1)}G`;
	}
	return style === '0' ? out : `${out}\u001b[0m`;
}

/** From the first cell that changed to the last one. */
function changedCells(row: number, old: Cells, cells: Cells): string {
	const same = (a: number, b: number): boolean => cells[a] === old[b] && cells[a + 1] === old[b + 1];
	const shorter = Math.min(cells.length, old.length);
	let from = 0;
	while (from < shorter && same(from, from)) from += 2;
	let until = cells.length;
	if (cells.length === old.length) while (until > from && same(until - 2, until - 2)) until -= 2;
	// why: writing into the right half of a wide character destroys its left half.
	while (from > 0 && (cells[from] === '' || old[from] === '')) from -= 2;
	while (until < cells.length && (cells[until] === '' || old[until] === '')) until += 2;
	if (from >= until && cells.length >= old.length) return '';
	let out = `\u001b[${row + 1};${from / 2 + 1}H`;
	let style = '0';
	for (let at = from; at < until; at += 2) {
		const cell = cells[at] ?? '';
		if (cell === '') continue;
		const own = cells[at + 1] ?? '0';
		if (own !== style) {
			style = own;
			out += `\u001b[${style}m`;
		}
		out += cell;
	}
	if (style !== '0') out += '\u001b[0m';
	return cells.length < old.length ? `${out}\u001b[K` : out;
}
