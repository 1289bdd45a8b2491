import {widthOf} from '../text/fit.js';
import {cellsOf} from './cells.js';

/** The first and the number of the private characters of Unicode that stand for a line: one cell each, and never in what Ink is given. */
const first = 0xe000;
const most = 0x18ff;
const token = /[\ue000-\uf8ff]/g;

/**
 * Holds drawn lines while Ink places them. Ink takes every frame apart character by character (13 of 19 ms at 120x40), so it is given one
 * private character for each line, and the line itself is put in its place when the frame comes out. A line that begins further right
 * lies over one that begins further left: so overlays lie over the body.
 */
export class LinePlaceholders {
	readonly #lines = new Map<string, string>();
	readonly #free: string[] = [];
	#next = 0;

	/** A character that stands for this line until it is let go; the line itself when there are too many. */
	register(line: string): string {
		const stand = this.#free.pop() ?? (this.#next < most ? String.fromCharCode(first + this.#next++) : null);
		if (stand === null) return line;
		this.#lines.set(stand, line);
		return stand;
	}

	release(stand: string): void {
		if (this.#lines.delete(stand)) this.#free.push(stand);
	}

	/** A frame of Ink with every line in its place. */
	paint(frame: string): string {
		return frame
			.split('\n')
			.map((row) => this.#row(row))
			.join('\n');
	}

	#row(row: string): string {
		const stands = [...row.matchAll(token)];
		const [only] = stands;
		if (only === undefined) return row;
		if (stands.length === 1 && row.length === 1) return this.#lines.get(only[0]) ?? '';
		let cells: string[] = [];
		for (const {0: stand, index} of stands) {
			const line = cellsOf(this.#lines.get(stand) ?? '', true);
			const before = cells.slice(0, index * 2);
			while (before.length < index * 2) before.push(' ', '0');
			cells = [...before, ...line, ...cells.slice(index * 2 + line.length)];
		}
		return textOf(cells);
	}
}

/** Cells as a line again. Half of a wide character that something lies over becomes a blank. */
function textOf(cells: readonly string[]): string {
	let out = '';
	let style = '0';
	for (let at = 0; at < cells.length; at += 2) {
		const cell = cells[at] ?? '';
		const own = cells[at + 1] ?? '0';
		if (own !== style) out += `\u001b[${own}m`;
		style = own;
		const wide = widthOf(cell) === 2;
		if (wide && cells[at + 2] !== '') out += ' ';
		else if (cell === '' && widthOf(cells[at - 2] ?? '') !== 2) out += ' ';
		else out += cell;
	}
	return style === '0' ? out : `${out}\u001b[0m`;
}
