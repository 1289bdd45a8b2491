import {basename} from 'node:path';
import {SluiceError} from '../../model/errors.js';
import type {ReadOptions} from '../../model/read-options.js';
import {checkSubmission} from './check-submission.js';
import {columnsToldByPlace, misplacedColumns, modelOf} from './column-places.js';
import {missingColumns, type NeededColumn} from './compatible.js';
import {type HeaderHint, headerHint} from './header-hint.js';
import type {PageHead} from './page.js';
import {rawPages} from './raw-pages.js';

/** An input, and what its connector needs of it. */
export type InputNeeds = {
	/** Absolute path. */
	readonly path: string;
	/** The name it came with. */
	readonly name: string;
	readonly maxInputBytes: number;
	/** As `readingOf` gives it. */
	readonly read: ReadOptions;
	readonly needed: readonly NeededColumn[];
	/** Absolute path of the connector's sample file; null or absent where it has none, or is what is checked. */
	readonly sample?: string | null;
};

/**
 * Whether an input can be run on its connector: it has every column that is needed, and columns that only their place tells apart stand as
 * in the sample (SPEC 4: compatible).
 *
 * @param pages with every column
 * @returns null, or the error that says what was found and what to do
 */
export async function refusalOf(pages: readonly PageHead[], needs: InputNeeds): Promise<SluiceError | null> {
	const {name, needed, read} = needs;
	const missing = missingColumns(name, pages, needed);
	if (missing) return await explained(missing, pages, needs);
	const used = new Set(read.usedNames);
	if (!needs.sample || !pages.some((page) => needsSample(page, used))) return null;
	const sample = await samplePages(needs.sample, needs);
	return misplacedColumns(name, pages, sample, [...used]) ?? (await headerElsewhere(pages, sample, used, needs));
}

/** Whether a page lacks a name that is used, or has one whose header may be another than the sample's. */
function needsSample(page: PageHead, used: ReadonlySet<string>): boolean {
	const byPlace = columnsToldByPlace(page);
	return [...used].some((column) => {
		const header = page.headers[page.columns.indexOf(column)];
		return header === undefined || byPlace.has(column) || /[^\w\s]/.test(header);
	});
}

/** One name may stand in a row by chance. */
const fewestNames = 2;

/**
 * Which columns SQL needs is certain only when it runs: what it names may be an alias. But where a page lacks some of the sample's columns
 * that it names, and another of the first 50 rows has all of them, that row is the header.
 */
async function headerElsewhere(
	pages: readonly PageHead[],
	sample: readonly PageHead[],
	used: ReadonlySet<string>,
	needs: InputNeeds,
): Promise<SluiceError | null> {
	const needed = pages.flatMap((page, at): NeededColumn[] => {
		const [table] = page.tableNames;
		const columns = modelOf(page, at, sample)?.columns.filter((column) => used.has(column)) ?? [];
		if (table === undefined || columns.length < fewestNames || columns.every((column) => page.columns.includes(column))) return [];
		return columns.map((column) => ({table, column, by: 'the SQL'}));
	});
	const missing = missingColumns(needs.name, pages, needed);
	if (missing === null) return null;
	const hint = await hintFor(pages, {...needs, needed});
	return hint?.isElsewhere ? withHint(missing, hint) : null;
}

/** The heads of the sample's pages; none where it cannot be read, which `validate` reports. */
async function samplePages(sample: string, {maxInputBytes, read}: InputNeeds): Promise<readonly PageHead[]> {
	try {
		return (await checkSubmission(sample, basename(sample), {maxInputBytes}, read)).pages ?? [];
	} catch {
		return [];
	}
}

/** The same error with the row that was read as the header, and where the right one is found. */
async function explained(error: SluiceError, pages: readonly PageHead[], needs: InputNeeds): Promise<SluiceError> {
	const hint = await hintFor(pages, needs);
	return hint === null ? error : withHint(error, hint);
}

async function hintFor(pages: readonly PageHead[], {path, name, needed, read, maxInputBytes}: InputNeeds): Promise<HeaderHint | null> {
	return headerHint(await rawPages(path, name, maxInputBytes, read), pages, needed, read);
}

function withHint({code, message, where, expected}: SluiceError, {read, cure}: HeaderHint): SluiceError {
	return new SluiceError(code, `${message}; ${read}`, {where, expected, ...(cure === null ? {} : {cure})});
}
