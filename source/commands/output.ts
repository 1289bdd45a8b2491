import stringWidth from 'string-width';
import {toJson} from '../model/json.js';
import {visible} from '../text/visible.js';
import type {Context} from './command.js';

/** One column of a printed table. */
export type Column<Item> = {
	readonly title: string;
	readonly of: (item: Item) => string | number | null | undefined;
	readonly right?: boolean;
};

/** Prints one JSON object a line, or an aligned table; `empty` is what a person reads when there is nothing. */
export function printList<Item>(context: Context, items: readonly Item[], columns: readonly Column<Item>[], empty: string): void {
	if (context.json) {
		for (const item of items) context.print(toJson(item));
		return;
	}
	context.print(...(items.length === 0 ? [empty] : alignedTable(items, columns)));
}

/** The lines of a table, its titles first. Titles and cells may hold anything. */
export function alignedTable<Item>(items: readonly Item[], columns: readonly Column<Item>[]): readonly string[] {
	const titles = columns.map(({title}) => visible(title));
	const cells = items.map((item) => columns.map(({of}) => shown(of(item))));
	const widths = titles.map((title, column) =>
		cells.reduce((most, row) => Math.max(most, stringWidth(row[column] ?? '')), stringWidth(title)),
	);
	const line = (row: readonly string[]) =>
		row
			.map((cell, column) => {
				const blank = ' '.repeat(Math.max(0, (widths[column] ?? 0) - stringWidth(cell)));
				return columns[column]?.right ? blank + cell : cell + blank;
			})
			.join('  ')
			.trimEnd();
	return [line(titles), ...cells.map(line)];
}

/** A value as one line of text that cannot drive the terminal. */
export function shown(value: unknown): string {
	if (value === null || value === undefined) return '';
	const text = typeof value === 'string' ? value : typeof value === 'object' ? toJson(value) : String(value);
	return visible(text);
}

export function thousands(value: number | null | undefined): string {
	return value === null || value === undefined ? '' : value.toLocaleString('en-GB');
}

/** A number with its noun: `1 execution`, `2 executions`. */
export function counted(number: number, noun: string, plural = `${noun}s`): string {
	return `${thousands(number)} ${number === 1 ? noun : plural}`;
}
