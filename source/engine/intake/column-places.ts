import {SluiceError} from '../../model/errors.js';
import {spelledOut} from '../../text/visible.js';
import {cleanName} from './header.js';
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
 * Whether the columns that only their place tells apart stand as in the sample (SPEC 4), as far as the connector names them.
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
		const told = columnsToldByPlace(page);
		const model = sample.find(({tableNames}) => tableNames.some((name) => page.tableNames.includes(name))) ?? sample[at];
		for (const column of names) {
			const found = told.get(column);
			const place = model?.columns.indexOf(column) ?? -1;
			const expected = model?.headers[place];
			if (found === undefined || expected === undefined || plain(found) === plain(expected)) continue;
			wrong.push(`"${column}" is the header "${spelledOut(found)}", but "${spelledOut(expected)}" in the sample`);
		}
	}
	if (wrong.length === 0) return null;
	return new SluiceError(
		'intake.column_places',
		`${file} has columns that only their place tells apart in other places: ${wrong.join('; ')}`,
		{
			where: file,
			expected: 'these columns as they stand in the sample file',
		},
	);
}

function plain(header: string): string {
	return header.normalize('NFC').trim();
}
