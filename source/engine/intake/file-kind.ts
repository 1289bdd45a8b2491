import {SluiceError} from '../../model/errors.js';
import {textOrOldWorkbook} from './excel/other-than-workbook.js';

/** How a file is read. `csv` covers `.tsv` and `.dat`, `gzip` a CSV in a `.gz`. */
export type FileKind = 'csv' | 'gzip' | 'zip' | 'excel' | 'json' | 'parquet';

const extensions: readonly {pattern: RegExp; kind: FileKind}[] = [
	{pattern: /\.(csv|tsv|dat)$/i, kind: 'csv'},
	{pattern: /\.(csv|tsv|dat)\.gz$/i, kind: 'gzip'},
	{pattern: /\.zip$/i, kind: 'zip'},
	{pattern: /\.xlsx$/i, kind: 'excel'},
	{pattern: /\.jsonl?$/i, kind: 'json'},
	{pattern: /\.parquet$/i, kind: 'parquet'},
];

const accepted = '.csv, .tsv, .dat, .xlsx, .zip of .csv files, .jsonl, .json, .parquet, .csv.gz';

/** What a file shows itself to be by its first bytes, with the kinds that may look so. */
type Signature = {readonly bytes: readonly number[]; readonly what: string; readonly kinds: readonly FileKind[]};

const signatures: readonly Signature[] = [
	{bytes: [0x50, 0x4b, 0x03, 0x04], what: 'a zip archive or a workbook', kinds: ['zip', 'excel']},
	{bytes: [0x50, 0x4b, 0x05, 0x06], what: 'an empty zip archive', kinds: ['zip', 'excel']},
	{bytes: [0x1f, 0x8b], what: 'a gzip file', kinds: ['gzip']},
	{bytes: [0x50, 0x41, 0x52, 0x31], what: 'a Parquet file', kinds: ['parquet']},
	{bytes: [0x50, 0x41, 0x52, 0x45], what: 'an encrypted Parquet file', kinds: ['parquet']},
	{bytes: [0xd0, 0xcf, 0x11, 0xe0], what: 'an old office document', kinds: []},
	{bytes: [0x25, 0x50, 0x44, 0x46, 0x2d], what: 'a PDF', kinds: []},
	{bytes: [0x89, 0x50, 0x4e, 0x47], what: 'a picture', kinds: []},
	{bytes: [0xff, 0xd8, 0xff], what: 'a picture', kinds: []},
	{bytes: [0x7f, 0x45, 0x4c, 0x46], what: 'a program', kinds: []},
	{bytes: [0x37, 0x7a, 0xbc, 0xaf], what: 'a 7-Zip archive', kinds: []},
	{bytes: [0x52, 0x61, 0x72, 0x21], what: 'a RAR archive', kinds: []},
	{bytes: [0x28, 0xb5, 0x2f, 0xfd], what: 'a Zstandard file', kinds: []},
	{bytes: [...Buffer.from('SQLite format 3')], what: 'an SQLite database', kinds: []},
];

/** What to do with a file of an extension that is not read. */
const cures: ReadonlyMap<string, string> = new Map([
	...['.xls', '.xlsm', '.xlsb', '.ods'].map((extension) => [extension, 'Save it as an .xlsx workbook.'] as const),
	...['.ndjson', '.ldjson', '.jsonlines'].map((extension) => [extension, 'Rename it to .jsonl: it holds one JSON object a line.'] as const),
	...['.txt', '.text', '.tab', '.psv'].map((extension) => [extension, 'If it holds rows of text, rename it to .csv.'] as const),
	['.htm', 'It is a web page: download the file itself, or save the table as .csv.'],
	['.html', 'It is a web page: download the file itself, or save the table as .csv.'],
]);

/** How to read a file of this name (SPEC 4). @throws SluiceError `intake.type` for an extension that is not accepted */
export function kindOf(name: string): FileKind {
	const found = extensions.find(({pattern}) => pattern.test(name));
	if (found) return found.kind;
	const extension = /\.[^./\\]+$/.exec(name)?.[0].toLowerCase();
	throw new SluiceError('intake.type', extension ? `Files of type ${extension} are not read: ${name}` : `${name} has no extension`, {
		where: name,
		expected: accepted,
		...(cures.has(extension ?? '') ? {cure: cures.get(extension ?? '')} : {}),
	});
}

/**
 * Holds a file's first bytes against what its name promises.
 *
 * @throws SluiceError `intake.empty` for no bytes, `intake.encrypted` for a protected workbook, `intake.type` when they contradict
 */
export function checkSignature(head: Uint8Array, kind: FileKind, name: string): void {
	if (head.length === 0) throw new SluiceError('intake.empty', `${name} is empty: 0 bytes`, {where: name});
	if (isOpenDocument(head)) throw holds(name, kind, 'an OpenDocument file', 'Save it as an .xlsx workbook.');
	const found = signatures.find(({bytes}) => bytes.every((byte, at) => head[at] === byte));
	if (found?.kinds.includes(kind)) return;
	if (found?.what === 'an old office document' && kind === 'excel') throw compoundFile(head, name);
	if (found) throw holds(name, kind, found.what, renamed(found, head));
	const other = kind === 'excel' ? textOrOldWorkbook(head, name) : null;
	if (other) throw other;
	if (kind !== 'csv' && isWebPage(head)) throw holds(name, kind, 'a web page', 'Download the file again; the address may ask for a login.');
	if (kind === 'csv' || kind === 'json') return;
	if (isText(head)) throw holds(name, kind, 'text', 'If it holds rows of text, rename it to .csv.');
	throw holds(name, kind, head.length < 8 ? 'something else, or it is cut off' : 'something else');
}

function holds(name: string, kind: FileKind, found: string, cure?: string): SluiceError {
	return new SluiceError('intake.type', `${name} is named as ${what[kind]}, but holds ${found}`, {where: name, expected: what[kind], cure});
}

/** The name that a file of an accepted kind should have. */
function renamed({kinds}: Signature, head: Uint8Array): string | undefined {
	if (kinds.includes('gzip')) return 'Rename it to .csv.gz if it is a compressed CSV; else unpack it.';
	if (kinds.includes('parquet')) return 'Rename it to .parquet.';
	if (!kinds.includes('zip')) return undefined;
	const workbook = latin1(head).includes('[Content_Types].xml') || latin1(head).includes('xl/');
	return workbook ? 'Rename it to .xlsx.' : 'Rename it to .zip.';
}

/** The container of OpenDocument is a zip whose first member names the type. */
function isOpenDocument(head: Uint8Array): boolean {
	return latin1(head.subarray(30, 80)).startsWith('mimetypeapplication/vnd.oasis.opendocument');
}

/** A page of the web, which is what a download that asks for a login leaves. */
export function isWebPage(head: Uint8Array): boolean {
	return /^(\u00ef\u00bb\u00bf)?\s*(<\?xml[^>]*>\s*)?(<!--(?:(?!-->).)*-->\s*)*<(!doctype\s+html|html[\s>])/is.test(
		latin1(head.subarray(0, 1000)),
	);
}

/** Which JSON a text of this beginning is: one object after another, each on a line, or one value; null where it is none. */
export function jsonBegun(head: Uint8Array): 'lines' | 'value' | null {
	const text = latin1(head.subarray(0, 64 * 1024)).replace(/^\u00ef\u00bb\u00bf/, '');
	if (/^\s*\[\s*(\{\s*["}]|\]\s*$)/.test(text)) return 'value';
	if (!/^\s*\{\s*"(?:[^"\\]|\\.)*"\s*:/s.test(text)) return null;
	return /^\s*\{[^\r\n]*\}[ \t]*\r?\n\s*\{/.test(text) ? 'lines' : 'value';
}

/** Whether nothing in the first bytes is a control character, other than the ends of lines and tabs. */
function isText(head: Uint8Array): boolean {
	return head.length >= 8 && head.subarray(0, 4096).every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d));
}

/** Bytes as ASCII, to look for words of a format. */
function latin1(bytes: Uint8Array): string {
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

const what: Readonly<Record<FileKind, string>> = {
	csv: 'a CSV',
	gzip: 'a gzip file',
	zip: 'a zip archive',
	excel: 'an .xlsx workbook',
	json: 'JSON',
	parquet: 'a Parquet file',
};

/** Excel wraps a workbook with a password into the container of its old format, whose directory names the wrapped stream. */
function compoundFile(head: Uint8Array, name: string): SluiceError {
	const directory = Buffer.from(head);
	const holds = (stream: string) => directory.includes(Buffer.from(stream, 'utf16le'));
	if (holds('EncryptedPackage')) return new SluiceError('intake.encrypted', `${name} is protected by a password`, {where: name});
	if (holds('Workbook\0') || holds('Book\0')) {
		return new SluiceError('intake.type', `${name} is an old .xls workbook, not an .xlsx workbook`, {
			where: name,
			expected: 'an .xlsx workbook',
			cure: 'Save it as an .xlsx workbook without a password.',
		});
	}
	return new SluiceError('intake.type', `${name} is a workbook of the old .xls format, or protected by a password`, {
		where: name,
		expected: 'an .xlsx workbook',
		cure: 'Save it as an .xlsx workbook without a password.',
	});
}
