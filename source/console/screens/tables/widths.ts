import {widthOf} from '../../text/fit.js';
import {cellOf, nameOf, type Row} from './cells.js';
import type {View} from './view.js';

const looked = 60;
const widest = 28;
/** A page keeps its widths: they would cost more than drawing it. */
const known = new WeakMap<readonly Row[], Map<string, number>>();

/** How many cells a column takes by itself: as many as its title and the first rows of a page held need, within bounds. */
export function naturalWidth(table: string, {pages}: View, column: string): number {
	if (column === 'row') return 8;
	const least = Math.min(widest, Math.max(6, widthOf(nameOf(column)) + 1));
	const page = pages.values().next().value;
	if (page === undefined) return least;
	const widths = known.get(page) ?? new Map<string, number>();
	known.set(page, widths);
	const found = widths.get(column) ?? Math.max(least, ...page.slice(0, looked).map((row) => widthOf(textOf(cellOf(table, row, column)))));
	widths.set(column, found);
	return Math.min(widest, found);
}

function textOf(cell: ReturnType<typeof cellOf>): string {
	return typeof cell === 'string' ? cell : cell.text;
}
