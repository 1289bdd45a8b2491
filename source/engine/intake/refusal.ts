import {basename} from 'node:path';
import {SluiceError} from '../../model/errors.js';
import type {ReadOptions} from '../../model/read-options.js';
import {checkSubmission} from './check-submission.js';
import {columnsToldByPlace, misplacedColumns} from './column-places.js';
import {missingColumns, type NeededColumn} from './compatible.js';
import {headerHint} from './header-hint.js';
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
	if (!needs.sample || !pages.some((page) => [...columnsToldByPlace(page).keys()].some((column) => used.has(column)))) return null;
	return misplacedColumns(name, pages, await samplePages(needs.sample, needs), [...used]);
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
	const {path, name, needed, read, maxInputBytes} = needs;
	const hint = headerHint(await rawPages(path, name, maxInputBytes, read), pages, needed, read);
	if (hint === null) return error;
	return new SluiceError(error.code, `${error.message}; ${hint.read}`, {
		where: error.where,
		expected: error.expected,
		...(hint.cure === null ? {} : {cure: hint.cure}),
	});
}
