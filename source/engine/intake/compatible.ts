import {cleanName} from '../../model/clean-name.js';
import {SluiceError} from '../../model/errors.js';
import {nearest} from '../../model/nearest.js';
import {spelledOut, withoutUnseen} from '../../text/visible.js';
import type {PageHead} from './page.js';

/** A column that the SQL or a variable names. `table` is the page it must be in, by any of its table names; null: the input's one page. */
export type NeededColumn = {
	readonly table: string | null;
	/** Where the page stands when none has that name; where none stands there, nothing is asked. */
	readonly position?: number;
	readonly column: string;
	/** Who needs it, for the message, such as `variable price` or `transform.sql`. */
	readonly by: string;
};

/**
 * Whether an input has every column that is needed of it (SPEC 4: compatible).
 *
 * @param file the input's name, for the message
 * @param pages in order: `page_idx_<n>` counts too
 * @returns null, or the error `intake.incompatible` that names all that is missing, each with the nearest header
 */
export function missingColumns(file: string, pages: readonly PageHead[], needed: readonly NeededColumn[]): SluiceError | null {
	const missing = new Map<string, string[]>();
	for (const need of needed) {
		const what = whatIsMissing(pages, need);
		if (what === null) continue;
		const by = missing.get(what) ?? [];
		if (!by.includes(need.by)) by.push(need.by);
		missing.set(what, by);
	}
	if (missing.size === 0) return null;
	const list = [...missing].map(([what, by]) => `${what}, named by ${by.join(', ')}`);
	const many = missing.size === 1 ? 'a column' : `${missing.size} columns`;
	return new SluiceError('intake.incompatible', `${file} lacks ${many}: ${list.join('; ')}`, {
		where: file,
		expected: `the columns ${[...new Set(needed.map(({column}) => column))].join(', ')}`,
	});
}

function whatIsMissing(pages: readonly PageHead[], need: NeededColumn): string | null {
	const {table, column, position} = need;
	const page = pageNeeded(pages, need);
	if (!page && position !== undefined) return null;
	if (!page)
		return table === null
			? `"${column}"`
			: `"${column}" (the input has no page "${table}"${hint(
					table,
					pages.flatMap((each) => each.tableNames),
				)})`;
	if (page.columns.includes(column)) return null;
	const place = pages.length > 1 ? ` in ${page.name}` : '';
	return `"${column}"${place}${headerHint(column, page)}`;
}

/** The page that a column is needed of. */
export function pageNeeded(pages: readonly PageHead[], {table, position}: NeededColumn): PageHead | undefined {
	return pageOf(pages, table) ?? (position === undefined ? undefined : pages[position]);
}

/** The page that a table name means; the first one for null. */
export function pageOf(pages: readonly PageHead[], table: string | null): PageHead | undefined {
	if (table === null) return pages[0];
	const named = pages.find((page) => page.tableNames.includes(table));
	if (named) return named;
	const position = /^page_idx_(\d+)$/.exec(table);
	return position ? pages[Number(position[1])] : undefined;
}

/** The header as the person wrote it, not as it was cleaned. */
function headerHint(column: string, {columns, headers}: PageHead): string {
	for (const header of headers) {
		const difference = smallDifference(column, header);
		if (difference) return ` (the header "${spelledOut(header)}" ${difference})`;
	}
	const close = nearest(column, columns);
	if (close === undefined) return '';
	return ` (nearest header: "${spelledOut(headers[columns.indexOf(close)] || close)}")`;
}

/** What keeps a header that looks like the wanted one from being it. */
function smallDifference(column: string, header: string): string | null {
	const clean = cleanName(header.normalize('NFC'));
	if (clean === '') return null;
	if (clean === column.toLowerCase()) return 'differs in case only; columns are lower-case';
	if (cleanName(header.normalize('NFD')) === column) return 'differs in Unicode form only';
	const seen = withoutUnseen(header);
	if (seen !== header && cleanName(seen.normalize('NFC')) === column) return 'has a character that is not seen';
	return null;
}

function hint(name: string, known: readonly string[]): string {
	const close = nearest(name, known);
	return close === undefined ? '' : `; nearest: "${close}"`;
}
