import {join} from 'node:path';
import type {ReadOptions} from '../../../model/read-options.js';
import {readCsv} from '../csv/read-csv.js';
import type {ExpansionBudget} from '../expansion-budget.js';
import type {Page} from '../page.js';
import type {PageListener} from '../page-listener.js';
import {baseName, distinctTableNames, fileTableNames} from '../page-names.js';
import {type Archive, entryBytes} from './archive.js';
import {csvMembers, ofMember} from './members.js';

export type ZipTarget = {
	readonly folder: string;
	readonly budget: ExpansionBudget;
	readonly onRead: (bytes: number) => void;
	readonly read: ReadOptions;
};

/** Reads each `.csv` member of an archive into a page (SPEC 4). @throws SluiceError as `csvMembers`, `entryBytes` and `readCsv` do */
export async function readZip(
	archive: Archive,
	{folder, budget, onRead, read: options}: ZipTarget,
	listener: PageListener,
): Promise<Page[]> {
	const {pages, ignored} = csvMembers(archive);
	budget.declare(pages);
	if (ignored.length > 0)
		listener.onLog(`${archive.name}: left out ${ignored.slice(0, 20).join(', ')}${ignored.length > 20 ? ', ...' : ''}`);
	const names = distinctTableNames(pages.map((entry) => fileTableNames(baseName(entry.name))));
	const read: Page[] = [];
	for (const [at, entry] of pages.entries()) {
		const bytes = await entryBytes(archive, entry, budget, onRead);
		const target = {name: baseName(entry.name), tableNames: names[at] ?? [], file: join(folder, `page-${at}.csv`), read: options};
		read.push(await ofMember(archive.name, target.name, () => readCsv(bytes, target, listener)));
	}
	return read;
}
