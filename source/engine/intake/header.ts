import {cleanHeader} from '../../model/clean-name.js';

/** The hidden column that holds a row's line (SPEC 5.1); no header may take its name. */
export const lineColumn = '_line';

/** The hidden column with the cells of a row that have no column, as a JSON list (SPEC 4). */
export const surplusColumn = '_surplus';

/**
 * The column names that a header row means (SPEC 4): each cleaned, with its accents composed; blank ones `_1`, `_2`, ... by a running counter; repeats
 * `<h>__duplicate_1__`, `<h>__duplicate_2__`. The result has the order of the headers and no repeats.
 */
export function cleanHeaders(headers: readonly string[]): readonly string[] {
	const unused = uniqueNames([lineColumn, surplusColumn]);
	let blanks = 0;
	return headers.map((header) => unused(cleanHeader(header) || `_${++blanks}`));
}

/** A function that hands each name out once: the second time it is `<name>__duplicate_1__`, then `..._2__`. */
export function uniqueNames(taken: Iterable<string> = []): (name: string) => string {
	const used = new Set(taken);
	const repeats = new Map<string, number>();
	return (name) => {
		let unique = name;
		let repeat = repeats.get(name) ?? 0;
		while (used.has(unique)) unique = `${name}__duplicate_${++repeat}__`;
		repeats.set(name, repeat);
		used.add(unique);
		return unique;
	};
}
