import type {List} from '../../api/contract.js';

/** How many items a page holds at most, however many were asked for: a client asks for the next one (SPEC 17). */
export const mostItems = {
	executions: 500,
	history: 1_000,
	deliveries: 1_000,
	records: 5_000,
	rows: 10_000,
	found: 1_000,
	log: 10_000,
} as const;

/** The size of a page. `asked` 0: as many as a page holds. */
export function pageSize(asked: number, most: number): number {
	return asked === 0 ? most : Math.min(asked, most);
}

/** A page as the contract frames it: `next` is the offset of the page after it, or null. */
export function page<Item>(items: readonly Item[], total: number, offset: number): List<Item> {
	const end = offset + items.length;
	return {items, total, next: items.length > 0 && end < total ? end : null};
}

/** A page of a list that is here whole. `limit` 0: all of it. */
export function pageOf<Item>(all: readonly Item[], {offset, limit}: {offset: number; limit: number}): List<Item> {
	return page(all.slice(offset, limit === 0 ? undefined : offset + limit), all.length, offset);
}
