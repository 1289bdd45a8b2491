import {SluiceError} from '../../../model/errors.js';
import type {Delimiter, ReadOptions} from '../../../model/read-options.js';
import type {Bytes} from '../bytes.js';
import {isWebPage, jsonBegun} from '../file-kind.js';
import {cleanHeaders} from '../header.js';
import {type IntakeWarning, type Page, type PageHead, pageDelimiter} from '../page.js';
import {PageFile} from '../page-file.js';
import type {PageListener} from '../page-listener.js';
import {notesFile, RowNotes} from '../row-notes.js';
import {surplusRows} from '../row-warnings.js';
import {headAsUtf8, readAsUtf8, type Utf8Text} from '../text/utf8-bytes.js';
import {type CsvOptions, CsvScanner} from './csv-scanner.js';
import {type Dialect, detectDialect} from './dialect.js';

export type CsvTarget = {
	/** The page's name, with its extension. */
	readonly name: string;
	readonly tableNames: readonly string[];
	/** Where the normal form goes, absolute. */
	readonly file: string;
	readonly read: ReadOptions;
};

/**
 * Reads one CSV into a page (SPEC 4).
 *
 * @throws SluiceError `intake.empty` without a header, `intake.unterminated_quote`, `intake.truncated`, `intake.encoding`, `intake.type`,
 * `intake.too_wide`; whatever the bytes themselves throw
 */
export async function readCsv(source: Bytes, target: CsvTarget, listener: PageListener): Promise<Page> {
	const {page, warnings} = await readAsUtf8(source, target.read.encoding, listener, (text) => writePage(text, target, listener));
	for (const warning of warnings) listener.onWarning(warning);
	if (page.rows === 0) listener.onWarning({message: `${page.name} has a header and no rows`});
	return page;
}

async function writePage(
	text: Utf8Text,
	{name, tableNames, file, read}: CsvTarget,
	{onRows, onBytes}: PageListener,
): Promise<{page: Page; warnings: readonly IntakeWarning[]}> {
	const dialect = dialectOf(text, name, read);
	const notes = new RowNotes(notesFile(file), name, onBytes);
	const surplus = surplusRows(name, notes);
	let headers: readonly string[] = [];
	const scanner = new CsvScanner({
		name,
		...dialect,
		...rowsOf(read),
		onHeader: (found) => {
			headers = found;
		},
		onSurplus: (line, cells) => surplus.add(line, cells, headers.length),
	});
	const out = await PageFile.create(file, onBytes);
	let told = 0;
	try {
		let skip = dialect.skipBytes;
		for await (const chunk of text.bytes.open()) {
			for (const rows of scanner.write(chunk.subarray(Math.min(skip, chunk.length)))) await out.write(rows);
			await notes.flush();
			skip -= Math.min(skip, chunk.length);
			onRows(scanner.rows - told);
			told = scanner.rows;
		}
		for (const rows of scanner.end()) await out.write(rows);
		await out.finish();
		onRows(scanner.rows - told);
		if (headers.length === 0) throw noHeader(name, dialect.firstLine);
		const warnings: IntakeWarning[] = [];
		surplus.tell((warning) => warnings.push(warning));
		const format = {kind: 'csv', delimiter: pageDelimiter(dialect.delimiter)} as const;
		const page = {name, tableNames, headers, columns: cleanHeaders(headers), file, rows: scanner.rows, format, notes: await notes.finish()};
		return {page, warnings};
	} finally {
		await Promise.all([out.close(), notes.close()]);
	}
}

function rowsOf({headerRow, columns, skipLast}: ReadOptions): Pick<CsvOptions, 'headerless' | 'columns' | 'skipLast'> {
	return {headerless: headerRow === 'none', columns, skipLast};
}

/** Bytes that hold most headers: what comes after them is only looked at when it is needed. */
const mostHeaders = 4096;

/** The row that holds the header, where it stands, and the delimiter that divides it. */
export type FirstRow = {readonly headers: readonly string[]; readonly line: number; readonly delimiter: Delimiter};

/** The header of a CSV without reading further than its head; null when the header is longer than that. */
export async function peekCsv(source: Bytes, target: Pick<CsvTarget, 'name' | 'tableNames' | 'read'>): Promise<PageHead | null> {
	const {name, tableNames, read} = target;
	const {head, whole} = await headAsUtf8(source, read.encoding);
	const found = firstRow({head, whole}, name, read);
	return found && {name, tableNames, headers: found.headers, columns: cleanHeaders(found.headers)};
}

export function firstRow({head, whole}: Pick<Utf8Text, 'head' | 'whole'>, name: string, read: ReadOptions): FirstRow | null {
	const dialect = dialectOf({head, whole}, name, read);
	let found: FirstRow | undefined;
	const scanner = new CsvScanner({
		name,
		...dialect,
		...rowsOf({...read, skipLast: 0}),
		onHeader: (headers, line) => {
			found ??= {headers, line, delimiter: dialect.delimiter};
		},
		onSurplus: () => {},
	});
	const text = head.subarray(dialect.skipBytes);
	for (const piece of [text.subarray(0, mostHeaders), text.subarray(mostHeaders)]) {
		if (found) break;
		for (const _ of scanner.write(piece)) if (found) break;
	}
	if (whole && !found) {
		for (const _ of scanner.end()) if (found) break;
		if (!found) throw noHeader(name, dialect.firstLine);
	}
	return found ?? null;
}

/** @throws SluiceError `intake.type` for a web page, which is what a download that asks for a login leaves, and for JSON */
function dialectOf({head, whole}: Pick<Utf8Text, 'head' | 'whole'>, name: string, read: ReadOptions): Dialect {
	if (isWebPage(head)) {
		throw new SluiceError('intake.type', `${name} is a web page, not a CSV`, {
			where: `${name}, line 1`,
			expected: 'rows of text',
			cure: 'Download the file again; the address may ask for a login.',
		});
	}
	// Where the connector says what the rows are, JSON may be their text.
	const json = read.headerRow === null && read.columns === null ? jsonBegun(head) : null;
	if (json) {
		throw new SluiceError('intake.type', `${name} holds JSON, it seems, not a CSV`, {
			where: `${name}, line 1`,
			expected: 'rows of text',
			cure: `Send it as a file named ${json === 'lines' ? '.jsonl: it holds one JSON object a line' : '.json'}.`,
		});
	}
	return detectDialect(head, whole, name, read);
}

function noHeader(name: string, firstLine: number): SluiceError {
	const from = firstLine > 1 ? ` from line ${firstLine} on` : '';
	return new SluiceError('intake.empty', `${name} holds no text${from}, not even a header`, {where: `${name}, line ${firstLine}`});
}
