import {SluiceError} from '../../../model/errors.js';
import {maxPages} from '../bounds.js';
import {baseName} from '../page-names.js';
import type {Archive, Entry} from './archive.js';

/** The `.csv` members of an archive that are pages, by name, and the names of the files that are left aside (SPEC 4). */
export type Members = {readonly pages: readonly Entry[]; readonly ignored: readonly string[]};

const unsafe = /(^|[\\/])\.\.([\\/]|$)|^[\\/]|^[A-Za-z]:/;

/**
 * Finds the pages of an archive: `.csv` files at its root, or in one folder of it; `__MACOSX/` and `._*` do not count.
 *
 * Ordered by name, as a person would list them: the order inside an archive is the packer's whim, and `page_idx_0` must not be.
 *
 * @throws SluiceError `intake.archive_layout`, `intake.encrypted`, `intake.expansion` for too many pages
 */
export function csvMembers({name, entries}: Archive): Members {
	const files = entries.filter((entry) => !entry.folder && !isSystem(entry.name));
	const pages = files.filter((entry) => entry.name.toLowerCase().endsWith('.csv'));
	const escaping = pages.find((entry) => unsafe.test(entry.name));
	if (escaping) throw layout(name, `${name} holds ${JSON.stringify(escaping.name)}, which names a place outside the archive`);
	if (pages.length === 0) throw layout(name, `${name} holds no .csv file${holdsInstead(files)}`);
	if (pages.length > maxPages) {
		throw new SluiceError('intake.too_many_pages', `${name} holds ${pages.length} .csv files`, {
			where: name,
			expected: `at most ${maxPages} .csv files`,
		});
	}
	checkFolders(name, pages);
	const encrypted = pages.find((entry) => entry.encrypted);
	if (encrypted)
		throw new SluiceError('intake.encrypted', `${encrypted.name} in ${name} is encrypted`, {where: `${name}, ${encrypted.name}`});
	pages.sort((a, b) => (baseName(a.name) < baseName(b.name) ? -1 : 1));
	const isPage = new Set(pages);
	const ignored = files.filter((entry) => !isPage.has(entry)).map((entry) => entry.name);
	return {pages, ignored};
}

function isSystem(name: string): boolean {
	return name.split('/').includes('__MACOSX') || baseName(name).startsWith('._');
}

function checkFolders(archive: string, pages: readonly Entry[]): void {
	const folders = new Set(pages.map(({name}) => name.split('/').slice(0, -1).join('/')));
	const deep = [...folders].find((folder) => folder.includes('/'));
	if (deep !== undefined) throw layout(archive, `${archive} holds .csv files in a folder inside a folder: ${deep}/`);
	folders.delete('');
	if (folders.size > 1) throw layout(archive, `${archive} holds .csv files in several folders: ${[...folders].sort().join(', ')}`);
	const seen = new Set<string>();
	for (const {name} of pages) {
		const base = baseName(name);
		if (seen.has(base)) throw layout(archive, `${archive} holds ${base} more than once`);
		seen.add(base);
	}
}

function holdsInstead(files: readonly Entry[]): string {
	if (files.length === 0) return ': it is empty';
	const [shown, more] = [files.slice(0, 3).map((entry) => entry.name), files.length - 3];
	return `, only ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function layout(archive: string, message: string): SluiceError {
	return new SluiceError('intake.archive_layout', message, {
		where: archive,
		expected: '.csv files at the root of the archive, or all in one folder',
	});
}

/** What goes wrong while a member is read names the archive as well. */
export async function ofMember<Result>(archive: string, member: string, read: () => Promise<Result>): Promise<Result> {
	try {
		return await read();
	} catch (error) {
		if (!(error instanceof SluiceError) || error.message.includes(archive)) throw error;
		const {code, message, where, expected, cure, cause} = error;
		throw new SluiceError(code, `${archive}: ${message}`, {where: `${archive}, ${where ?? member}`, expected, cure, cause});
	}
}
