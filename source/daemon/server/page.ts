import type {List} from '../../api/contract.js';

/** A page as the contract frames it: `next` is the offset of the page after it, or null. */
export function page<Item>(items: readonly Item[], total: number, offset: number): List<Item> {
	const end = offset + items.length;
	return {items, total, next: items.length > 0 && end < total ? end : null};
}

/** A page of a list that is here whole. `limit` 0: all of it. */
export function pageOf<Item>(all: readonly Item[], {offset, limit}: {offset: number; limit: number}): List<Item> {
	return page(all.slice(offset, limit === 0 ? undefined : offset + limit), all.length, offset);
}
