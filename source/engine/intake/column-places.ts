import {cleanName} from '../../model/clean-name.js';
import {SluiceError} from '../../model/errors.js';
import {spelledOut} from '../../text/visible.js';
import type {PageHead} from './page.js';

/**
 * The columns that only their place tells apart, each with its header: those whose headers clean to one name (`___` and
 * `_____duplicate_1__` are `имя` and `тел`), and those of whose header nothing is left but underscores. Blank headers are left out.
 */
export function columnsToldByPlace({headers, columns}: PageHead): ReadonlyMap<string, string> {
	const bases = headers.map((header) => cleanName(header.normalize('NFC')));
	const times = new Map<string, number>();
	for (const base of bases) times.set(base, (times.get(base) ?? 0) + 1);
	return new Map(
		columns.flatMap((column, at) => {
			const base = bases[at] ?? '';
			const told = base !== '' && ((times.get(base) ?? 0) > 1 || /^_+$/.test(base));
			return told ? [[column, headers[at] ?? ''] as const] : [];
		}),
	);
}

/**
 * Whether the columns that only their place tells apart stand as in the sample (SPEC 4), as far as the connector names them; and whether no
 * other header cleans to the name of one of the sample's.
 *
 * @param names the names that the connector uses
 * @returns null, or the error `intake.column_places` with the headers of both
 */
export function misplacedColumns(
	file: string,
	pages: readonly PageHead[],
	sample: readonly PageHead[],
	names: readonly string[],
): SluiceError | null {
	const wrong: string[] = [];
	for (const [at, page] of pages.entries()) {
		const model = modelOf(page, at, sample);
		if (model === undefined) continue;
		const told = new Set([...columnsToldByPlace(page).keys(), ...columnsToldByPlace(model).keys()]);
		for (const column of names) {
			const [found, expected] = [headerOf(page, column), headerOf(model, column)];
			if (found === undefined || expected === undefined || plain(found) === plain(expected)) continue;
			if (!told.has(column) && !areOtherNames(found, expected)) continue;
			wrong.push(`"${column}" is the header "${spelledOut(found)}", but "${spelledOut(expected)}" in the sample`);
		}
	}
	if (wrong.length === 0) return null;
	return new SluiceError('intake.column_places', `${file} has other columns under names that the connector uses: ${wrong.join('; ')}`, {
		where: file,
		expected: 'these columns as they stand in the sample file',
	});
}

const placeCure = 'read: {columns: […]} in connector.yaml gives names by place';

/** The page of the sample that a page is held against: the one of its name, else the one in its place. */
export function modelOf(page: PageHead, at: number, sample: readonly PageHead[]): PageHead | undefined {
	return sample.find(({tableNames}) => tableNames.some((name) => page.tableNames.includes(name))) ?? sample[at];
}

/** Says of each page which columns that the connector names depend on their place. @param names the names that the connector uses */
export function placeWarnings(
	pages: readonly PageHead[],
	names: readonly string[],
): readonly {readonly message: string; readonly cure: string}[] {
	return pages.flatMap((page) => {
		const byPlace = columnsToldByPlace(page);
		const named = names
			.filter((column) => byPlace.has(column))
			.map((column) => `"${column}" (header "${spelledOut(byPlace.get(column) ?? '')}")`);
		if (named.length === 0) return [];
		const told = `${page.name}: only their place tells these columns from others: ${named.join(', ')}`;
		return [{message: `${told}; a file where they stand otherwise than in the sample is refused`, cure: placeCure}];
	});
}

function headerOf({headers, columns}: PageHead, column: string): string | undefined {
	return headers[columns.indexOf(column)];
}

/** A header as it is compared: neither case nor the kind of its white space matters. */
function plain(header: string): string {
	return header.normalize('NFC').replace(/\s+/g, ' ').trim().toLowerCase();
}

/** Whether both have letters or currencies that cleaning takes away, and not the same (`Größe` and `Grüße` clean to one name). */
function areOtherNames(one: string, other: string): boolean {
	const [lost, otherLost] = [one, other].map((header) => plain(header).replace(/[^\p{L}\p{N}\p{Sc}]|[a-z0-9]/gu, ''));
	return lost !== '' && otherLost !== '' && lost !== otherLost;
}
