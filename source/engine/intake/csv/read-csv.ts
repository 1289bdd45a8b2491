import {SluiceError} from '../../../model/errors.js';
import type {Bytes} from '../bytes.js';
import {cleanHeaders} from '../header.js';
import {type IntakeWarning, type Page, type PageHead, pageDelimiter} from '../page.js';
import {PageFile} from '../page-file.js';
import type {PageListener} from '../page-listener.js';
import {surplusRows} from '../row-warnings.js';
import {headAsUtf8, readAsUtf8, type Utf8Text} from '../text/utf8-bytes.js';
import {CsvScanner} from './csv-scanner.js';
import {type Dialect, detectDialect} from './dialect.js';

export type CsvTarget = {
	/** The page's name, with its extension. */
	readonly name: string;
	readonly tableNames: readonly string[];
	/** Where the normal form goes, absolute. */
	readonly file: string;
};

/**
 * Reads one CSV into a page (SPEC 4).
 *
 * @throws SluiceError `intake.empty` without a header, `intake.unterminated_quote`, `intake.truncated`, `intake.encoding`, `intake.type`,
 * `intake.too_wide`; whatever the bytes themselves throw
 */
export async function readCsv(source: Bytes, target: CsvTarget, listener: PageListener): Promise<Page> {
	const {page, warnings} = await readAsUtf8(source, listener, (text) => writePage(text, target, listener));
	for (const warning of warnings) listener.onWarning(warning);
	if (page.rows === 0) listener.onWarning({message: `${page.name} has a header and no rows`});
	return page;
}

async function writePage(
	text: Utf8Text,
	{name, tableNames, file}: CsvTarget,
	{onRows, onBytes}: PageListener,
): Promise<{page: Page; warnings: readonly IntakeWarning[]}> {
	const dialect = dialectOf(text, name);
	const surplus = surplusRows(name);
	let headers: readonly string[] = [];
	const scanner = new CsvScanner({
		name,
		...dialect,
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
			skip -= Math.min(skip, chunk.length);
			onRows(scanner.rows - told);
			told = scanner.rows;
		}
		for (const rows of scanner.end()) await out.write(rows);
		await out.finish();
		onRows(scanner.rows - told);
	} finally {
		await out.close();
	}
	if (headers.length === 0) throw noHeader(name);
	const warnings: IntakeWarning[] = [];
	surplus.tell((warning) => warnings.push(warning));
	const format = {kind: 'csv', delimiter: pageDelimiter(dialect.delimiter)} as const;
	return {page: {name, tableNames, headers, columns: cleanHeaders(headers), file, rows: scanner.rows, format}, warnings};
}

/** Bytes that hold most headers: what comes after them is only looked at when it is needed. */
const mostHeaders = 4096;

/** The header of a CSV without reading further than its head; null when the header is longer than that. */
export async function peekCsv(source: Bytes, name: string, tableNames: readonly string[]): Promise<PageHead | null> {
	const {head, whole} = await headAsUtf8(source);
	const dialect = dialectOf({head, whole}, name);
	let headers: readonly string[] | undefined;
	const scanner = new CsvScanner({
		name,
		...dialect,
		onHeader: (found) => {
			headers ??= found;
		},
		onSurplus: () => {},
	});
	const text = head.subarray(dialect.skipBytes);
	for (const piece of [text.subarray(0, mostHeaders), text.subarray(mostHeaders)]) {
		if (headers) break;
		for (const _ of scanner.write(piece)) if (headers) break;
	}
	if (whole && !headers) {
		for (const _ of scanner.end()) if (headers) break;
		if (!headers) throw noHeader(name);
	}
	return headers ? {name, tableNames, headers, columns: cleanHeaders(headers)} : null;
}

/** @throws SluiceError `intake.type` for a web page, which is what a download that asks for a login leaves */
function dialectOf({head, whole}: Pick<Utf8Text, 'head' | 'whole'>, name: string): Dialect {
	if (/^\s*<(!doctype\s+html|html[\s>])/i.test(head.subarray(0, 200).toString('latin1'))) {
		throw new SluiceError('intake.type', `${name} is a web page, not a CSV`, {
			where: `${name}, line 1`,
			expected: 'rows of text',
			cure: 'Download the file again; the address may ask for a login.',
		});
	}
	return detectDialect(head, whole, name);
}

function noHeader(name: string): SluiceError {
	return new SluiceError('intake.empty', `${name} holds no text, not even a header`, {where: `${name}, line 1`});
}
