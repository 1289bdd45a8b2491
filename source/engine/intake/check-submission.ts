import type {Limits} from '../../model/limits.js';
import {defaultReadOptions, type ReadOptions} from '../../model/read-options.js';
import {unreachable} from '../../model/unreachable.js';
import {fileBytes, inflated} from './bytes.js';
import {peekCsv} from './csv/read-csv.js';
import {Parts} from './excel/parts.js';
import {peekExcel} from './excel/read-excel.js';
import {ExpansionBudget} from './expansion-budget.js';
import {peekJson} from './json/read-json.js';
import {type Input, openInput} from './open-input.js';
import type {PageHead} from './page.js';
import {baseName, distinctTableNames, fileTableNames} from './page-names.js';
import {peekParquet} from './parquet/read-parquet.js';
import {entryBytes, openArchive} from './zip/archive.js';
import {csvMembers, ofMember} from './zip/members.js';

export type Submission = {
	readonly sizeBytes: number;
	/** Its pages, as far as their heads show; null where a header is too long to be seen there. */
	readonly pages: readonly PageHead[] | null;
	/** Whether `pages` name every column: JSON may bring more keys further on. */
	readonly complete: boolean;
};

/** Archives with more pages than this are looked into when they run. */
const pagesLookedAt = 50;

/**
 * What can be said of a file the moment it is submitted, without reading all of it: existence, type, size, encryption, header (SPEC 4).
 * What only the whole file shows fails stage `intake` (`readInput`).
 *
 * @param name the name it came with, whose extension says how it is read
 * @throws SluiceError `intake.*`
 */
export async function checkSubmission(
	path: string,
	name: string,
	limits: Pick<Limits, 'maxInputBytes'>,
	read: ReadOptions = defaultReadOptions,
): Promise<Submission> {
	const input = await openInput(path, name, limits.maxInputBytes);
	const pages = await peek(input, limits.maxInputBytes, read);
	const known = pages.filter((page) => page !== null);
	const complete = known.length === pages.length && input.kind !== 'json';
	return {sizeBytes: input.sizeBytes, pages: known.length === pages.length ? known : null, complete};
}

async function peek({path, name, kind, sizeBytes}: Input, maxInputBytes: number, read: ReadOptions): Promise<readonly (PageHead | null)[]> {
	const budget = new ExpansionBudget(name, maxInputBytes);
	const tableNames = fileTableNames(name);
	const target = {name, tableNames, read};
	switch (kind) {
		case 'csv':
			return [await peekCsv(fileBytes(path, name), target)];
		case 'gzip':
			return [await peekCsv(inflated({path, name, kind: 'gzip', count: () => budget.counter(name, sizeBytes)}), target)];
		case 'zip':
			return await peekZip({path, name, read}, budget);
		case 'excel':
			return await peekExcel(await Parts.open(path, name, budget), read);
		case 'json':
			return [await peekJson(fileBytes(path, name), target)];
		case 'parquet':
			return [await peekParquet(path, name, tableNames)];
		default:
			return unreachable(kind);
	}
}

async function peekZip(
	{path, name, read}: {path: string; name: string; read: ReadOptions},
	budget: ExpansionBudget,
): Promise<readonly (PageHead | null)[]> {
	const archive = await openArchive(path, name);
	const {pages} = csvMembers(archive);
	budget.declare(pages);
	const names = distinctTableNames(pages.map((entry) => fileTableNames(baseName(entry.name))));
	const heads: (PageHead | null)[] = [];
	for (const [at, entry] of pages.entries()) {
		if (at >= pagesLookedAt) heads.push(null);
		else {
			const target = {name: baseName(entry.name), tableNames: names[at] ?? [], read};
			const bytes = await entryBytes(archive, entry, budget);
			heads.push(await ofMember(name, target.name, () => peekCsv(bytes, target)));
		}
	}
	return heads;
}
