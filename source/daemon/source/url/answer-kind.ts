import {SluiceError} from '../../../model/errors.js';

/** What an answer shows itself to be. */
export type Shown = 'zip' | 'excel' | 'parquet' | 'gzip' | 'json' | 'html' | 'xml' | 'text';

/** How much of an answer is looked at. JSON that ends within it is known as such for certain. */
export const headBytes = 65_536;

const byType: ReadonlyMap<string, string> = new Map([
	['text/csv', 'csv'],
	['application/csv', 'csv'],
	['application/json', 'json'],
	['application/x-ndjson', 'jsonl'],
	['application/ndjson', 'jsonl'],
	['application/jsonl', 'jsonl'],
	['application/zip', 'zip'],
	['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'xlsx'],
	['application/vnd.apache.parquet', 'parquet'],
	['text/tab-separated-values', 'tsv'],
]);

/** @param isWhole whether `head` is all of the answer */
export function shownBy(head: Buffer, isWhole: boolean): Shown {
	const starts = (...bytes: number[]) => bytes.every((byte, at) => head[at] === byte);
	if (starts(0x1f, 0x8b)) return 'gzip';
	if (starts(0x50, 0x41, 0x52, 0x31)) return 'parquet';
	if (starts(0x50, 0x4b, 3, 4)) return head.includes('[Content_Types].xml') || head.includes('xl/') ? 'excel' : 'zip';
	const text = head
		.toString('utf8')
		.replace(/^\uFEFF/, '')
		.trimStart();
	if (/^(<!doctype html|<html|<head|<!--[\s\S]{0,2000}?-->\s*<(!doctype html|html))\b/i.test(text)) return 'html';
	if (isXml(text)) return 'xml';
	return isJson(text, isWhole) ? 'json' : 'text';
}

/** A CSV may have columns such as `<DATE>`: an element is XML where it has an attribute or its end, or its first child has. */
function isXml(text: string): boolean {
	if (/^<\?xml\s/.test(text)) return true;
	const [tag, name] = /^<([A-Za-z_][\w.:-]*)(?:\s[^<>]*|\/)?>/.exec(text) ?? [];
	if (tag === undefined || name === undefined) return false;
	const child = /^\s*<([A-Za-z_][\w.:-]*)/.exec(text.slice(tag.length))?.[1];
	return /=\s*["']|\/>$/.test(tag) || text.includes(`</${name}`) || (child !== undefined && text.includes(`</${child}`));
}

/** A CSV may begin with a brace: an answer is JSON where it parses, or its first line does, or it goes on as JSON would. */
function isJson(text: string, isWhole: boolean): boolean {
	if (!/^[[{]/.test(text)) return false;
	if (parses(text)) return true;
	const line = text.slice(0, text.indexOf('\n'));
	if (text.includes('\n') && parses(line)) return true;
	return !isWhole && /^(\{\s*"(?:[^"\\]|\\.)*"\s*:|\[\s*[[{"\d])/.test(text);
}

function parses(text: string): boolean {
	try {
		return typeof JSON.parse(text) === 'object';
	} catch {
		return false;
	}
}

const extension = /\.(csv|tsv|dat|xlsx|zip|jsonl|json|parquet)(\.gz)?$/i;

/**
 * The name an answer goes by, with the extension of what it is: by its content, then its type, then its name (SPEC 11).
 *
 * @throws SluiceError `source.failed` for an answer of another kind: a web page, XML, JSON where the server says CSV, an error as JSON
 */
export function nameOfAnswer(
	name: string,
	{head, isWhole, type}: {head: Buffer; isWhole: boolean; type: string | undefined},
	where: string,
): string {
	const said = byType.get(type?.split(';')[0]?.trim().toLowerCase() ?? '');
	const stem = name.replace(extension, '');
	const named = extension.exec(name)?.[1]?.toLowerCase();
	switch (shownBy(head, isWhole)) {
		case 'gzip':
			return /\.(csv|tsv|dat)\.gz$/i.test(name) ? name : `${stem.replace(/\.gz$/i, '')}.csv.gz`;
		case 'parquet':
			return `${stem}.parquet`;
		case 'excel':
			return `${stem}.${named === 'zip' && said !== 'xlsx' ? 'zip' : 'xlsx'}`;
		case 'zip':
			return `${stem}.${named === 'xlsx' || said === 'xlsx' ? 'xlsx' : 'zip'}`;
		case 'html':
			throw anotherKind('a web page, such as one to log in', head, where);
		case 'xml':
			throw anotherKind('XML, such as an error', head, where);
		case 'json':
			if (said === 'csv' || said === 'tsv') throw anotherKind(`JSON, and calls it ${type}`, head, where);
			if (isWhole && tellsError(head)) throw anotherKind('an error', head, where);
			return named === 'json' || named === 'jsonl' ? `${stem}.${named}` : `${stem}.${said === 'jsonl' ? 'jsonl' : 'json'}`;
		default:
			// Text is CSV: what its name or type call it otherwise, the reader refuses with its reason.
			return `${stem}.${said ?? named ?? 'csv'}`;
	}
}

/** An object that has an error and no list: nothing that rows could be. */
function tellsError(head: Buffer): boolean {
	try {
		const value: unknown = JSON.parse(head.toString('utf8').replace(/^\uFEFF/, ''));
		if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
		const entries = Object.entries(value);
		return (
			entries.some(([key, held]) => /^errors?$/i.test(key) && held) &&
			!entries.some(([key, held]) => Array.isArray(held) && !/^errors$/i.test(key))
		);
	} catch {
		// Not one JSON document: lines of JSON are rows.
		return false;
	}
}

function anotherKind(what: string, head: Buffer, where: string): SluiceError {
	const begins = head.subarray(0, 200).toString('utf8').replaceAll(/\s+/g, ' ').trim();
	return new SluiceError('source.failed', `The source answered with ${what}, not with data: ${begins}`, {
		where,
		expected: 'a CSV, workbook, zip, JSON or Parquet file',
		cure: 'Check the address and the credentials of the source.',
	});
}
