import type {Delimiter, ReadOptions} from '../../model/read-options.js';
import {unreachable} from '../../model/unreachable.js';
import {type Bytes, fileBytes, inflated} from './bytes.js';
import {byPreference, saidDelimiter, startOf} from './csv/dialect.js';
import {textRows} from './csv/text-rows.js';
import {Parts} from './excel/parts.js';
import {sheetTextRows} from './excel/text-rows.js';
import {ExpansionBudget} from './expansion-budget.js';
import type {TextRow} from './header-row.js';
import {openInput} from './open-input.js';
import {baseName} from './page-names.js';
import type {Encoding} from './text/encoding.js';
import {headAsUtf8} from './text/utf8-bytes.js';
import {entryBytes, openArchive} from './zip/archive.js';
import {csvMembers} from './zip/members.js';

/** The beginning of a text, whose rows depend on the delimiter. */
export type TextPage = {
	readonly kind: 'text';
	readonly name: string;
	readonly source: Bytes;
	readonly head: Buffer;
	readonly whole: boolean;
	readonly encoding: Encoding;
};

/** The beginning of a sheet. */
export type SheetPage = {readonly kind: 'sheet'; readonly name: string; readonly rows: readonly TextRow[]};

/** A page of which nothing is taken for its header yet. */
export type RawPage = TextPage | SheetPage;

/** Members of an archive that are looked into. */
const pagesLookedAt = 50;

/**
 * The beginnings of an input's pages, for a look at rows above and below the header. None for what names its columns itself.
 *
 * @throws SluiceError `intake.*` as `checkSubmission` does
 */
export async function rawPages(path: string, name: string, maxInputBytes: number, read: ReadOptions): Promise<readonly RawPage[]> {
	const {kind, sizeBytes} = await openInput(path, name, maxInputBytes);
	const budget = new ExpansionBudget(name, maxInputBytes);
	switch (kind) {
		case 'csv':
			return [await textPage(fileBytes(path, name), name, read)];
		case 'gzip':
			return [await textPage(inflated({path, name, kind: 'gzip', count: () => budget.counter(name, sizeBytes)}), name, read)];
		case 'zip': {
			const archive = await openArchive(path, name);
			const {pages} = csvMembers(archive);
			budget.declare(pages);
			const found: RawPage[] = [];
			for (const entry of pages.slice(0, pagesLookedAt))
				found.push(await textPage(await entryBytes(archive, entry, budget), baseName(entry.name), read));
			return found;
		}
		case 'excel':
			return (await sheetTextRows(await Parts.open(path, name, budget), read)).map((sheet) => ({kind: 'sheet', ...sheet}));
		case 'json':
		case 'parquet':
			return [];
		default:
			return unreachable(kind);
	}
}

async function textPage(source: Bytes, name: string, {encoding}: ReadOptions): Promise<TextPage> {
	return {kind: 'text', name, source, ...(await headAsUtf8(source, encoding))};
}

/** The first rows of a page that are not blank, whatever the connector says of its header; of a text as each delimiter divides them. */
export function rowsOf(
	page: RawPage,
	read: Pick<ReadOptions, 'delimiter'>,
): readonly {readonly delimiter: Delimiter | null; readonly rows: readonly TextRow[]}[] {
	if (page.kind === 'sheet') return [{delimiter: null, rows: page.rows}];
	const {head, whole, name} = page;
	const start = startOf(head, name, {headerRow: null});
	const said = saidDelimiter(head, name, read);
	return (said ? [said] : byPreference).map((delimiter) => ({delimiter, rows: textRows(head, start, whole, delimiter)}));
}
