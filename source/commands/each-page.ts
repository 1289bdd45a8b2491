import type {List} from '../api/contract.js';
import type {Context} from './command.js';
import {type Column, printList} from './output.js';

type Page = {readonly offset: number; readonly limit: number};

export type Wanted = {
	readonly offset?: number | undefined;
	/** 0: all. */
	readonly limit: number;
	/** How many are asked for at once. */
	readonly pageItems?: number;
	readonly newestFirst?: boolean;
};

/**
 * Asks for a list page by page and hands each over, so that neither side holds it whole. A list whose newest comes first moves on while it is
 * read: what came before in it is left out of the next page.
 *
 * @returns how many items there were
 */
export async function eachPage<Item>(
	ask: (page: Page) => Promise<List<Item>>,
	{offset: first = 0, limit, pageItems = 1_000, newestFirst = false}: Wanted,
	hand: (items: readonly Item[]) => void,
): Promise<number> {
	const wanted = limit === 0 ? Number.POSITIVE_INFINITY : limit;
	let handed = 0;
	let total: number | null = null;
	for (let offset: number | null = first; offset !== null && handed < wanted; ) {
		const page: List<Item> = await ask({offset, limit: Math.min(wanted - handed, pageItems)});
		const moved: number = newestFirst && total !== null ? Math.max(0, page.total - total) : 0;
		const items = page.items.slice(moved);
		total = page.total;
		if (items.length > 0) hand(items);
		handed += items.length;
		offset = page.items.length === 0 ? null : page.next;
	}
	return handed;
}

/** Prints a list page by page: one JSON object a line, or a table for each page. */
export async function printPages<Item>(
	context: Context,
	ask: (page: Page) => Promise<List<Item>>,
	wanted: Wanted,
	columns: readonly Column<Item>[],
	empty: string,
): Promise<void> {
	const printed = await eachPage(ask, wanted, (items) => printList(context, items, columns, empty));
	if (printed === 0) printList(context, [], columns, empty);
}
