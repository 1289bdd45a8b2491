import stringWidth from 'string-width';
import {toJson} from '../model/json.js';
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
	context.print(items.length === 0 ? empty : alignedTable(items, columns));
}

export function alignedTable<Item>(items: readonly Item[], columns: readonly Column<Item>[]): string {
	const cells = items.map((item) => columns.map(({of}) => shown(of(item))));
	const widths = columns.map(({title}, column) => Math.max(stringWidth(title), ...cells.map((row) => stringWidth(row[column] ?? ''))));
	const line = (row: readonly string[]) =>
		row
			.map((cell, column) => {
				const blank = ' '.repeat(Math.max(0, (widths[column] ?? 0) - stringWidth(cell)));
				return columns[column]?.right ? blank + cell : cell + blank;
			})
			.join('  ')
			.trimEnd();
	return [line(columns.map(({title}) => title)), ...cells.map(line)].join('\n');
}

/** A value as one line of text: control characters are shown as symbols, so that a cell cannot drive the terminal. */
export function shown(value: unknown): string {
	if (value === null || value === undefined) return '';
	const text = typeof value === 'string' ? value : typeof value === 'object' ? toJson(value) : String(value);
	return text.replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, (character) => {
		const code = character.charCodeAt(0);
		return String.fromCodePoint(code < 0x20 ? 0x2400 + code : 0x2421);
	});
}

export function duration(from: string | null, to: string | null): string {
	if (!from) return '';
	const ms = (to ? Date.parse(to) : Date.now()) - Date.parse(from);
	if (ms < 1000) return `${ms} ms`;
	if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
	return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

export function thousands(value: number | null | undefined): string {
	return value === null || value === undefined ? '' : value.toLocaleString('en-GB');
}
