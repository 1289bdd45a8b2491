import {cleanName} from '../../model/clean-name.js';
import {uniqueNames} from './header.js';

/** Extensions that stand at the end of another one. */
const wrappers = /\.gz$/i;

/** The table names of a file: the cleaned name with and without its extension (`vendors.csv` → `vendors_csv`, `vendors`; SPEC 5.1). */
export function fileTableNames(file: string): readonly string[] {
	const names = [file];
	if (wrappers.test(file)) names.push(file.replace(wrappers, ''));
	const last = names.at(-1) ?? file;
	names.push(last.replace(/(?<=.)\.[^.]*$/, ''));
	return [...new Set(names.map(cleanName).filter((name) => name !== ''))];
}

/** The same for several pages of one input: a name that an earlier page has taken becomes `<name>__duplicate_1__`. */
export function distinctTableNames(pages: readonly (readonly string[])[]): readonly (readonly string[])[] {
	const unused = uniqueNames();
	return pages.map((names) => names.map(unused));
}

/** The last part of an archive member's or uploaded file's path. */
export function baseName(path: string): string {
	return path.split(/[\\/]/).at(-1) ?? path;
}
