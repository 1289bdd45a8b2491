import {createHash} from 'node:crypto';
import {basename, dirname, resolve} from 'node:path';
import {pipeline} from 'node:stream/promises';
import type {Source} from '../../model/connector.js';
import {withoutSecretsIn} from '../secrets/fill.js';
import {openRegular} from './open-regular.js';

/** What stands for a source in what is remembered of it: where it reads, and how it sees changes. How it takes files is no part of it. */
export function sourceText(source: Source): string {
	const {retention: _, settleSeconds: _settle, doneMarker: _marker, ...rest} = {settleSeconds: 0, doneMarker: '', ...source};
	return JSON.stringify(rest);
}

/** How a source's changes are seen, as the configuration calls it; null: every look counts as a change. */
export function freshnessName({freshness}: Source): string | null {
	if (freshness === null || typeof freshness === 'string') return freshness;
	return 'maxTimestamp' in freshness ? 'max_timestamp' : 'change_token';
}

/** `sha256:<hex>` of a file's content. */
export async function checksumOf(path: string): Promise<string> {
	const hash = createHash('sha256');
	await pipeline((await openRegular(path)).createReadStream(), hash);
	return `sha256:${hash.digest('hex')}`;
}

/** The token file beside a file source. */
export function tokenFile(sourceFile: string, name: string): string {
	return resolve(dirname(sourceFile), name);
}

/** What the token file says; null while there is none. @throws SluiceError `source.failed` for what is no regular file */
export async function tokenOf(file: string): Promise<string | null> {
	try {
		const handle = await openRegular(file);
		const text = await handle.readFile().finally(() => handle.close());
		return `sha256:${createHash('sha256').update(text).digest('hex')}`;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
		throw error;
	}
}

/** A source as people read it, without what may be secret in an address. */
export function sourceLabel(source: Source): string {
	if ('file' in source) return source.file;
	if ('sql' in source) return source.sql;
	if ('database' in source) return `${source.database} ${source.secret}: ${source.query}`;
	const address = withoutSecretsIn(source.url, 'secret');
	if (!URL.canParse(address)) return address;
	const {origin, pathname} = new URL(address);
	return `${origin}${pathname}`;
}

/**
 * The name a downloaded file goes by: that of the address, with the extension of its type where it has none that is read. What stands for a
 * secret in the address is left out of it: the name is in the history, in mails and on disk.
 *
 * @param template the address with its `${secret:name}`
 */
export function downloadName(template: string, contentType: string | undefined): string {
	const address = withoutSecretsIn(template, secretPlace);
	const name = nameWithout(URL.canParse(address) ? decoded(basename(new URL(address).pathname)) : '');
	if (/\.(csv|tsv|dat|xlsx|zip|jsonl|json|parquet|gz)$/i.test(name)) return name;
	const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
	return `${name}.${extensions.get(type) ?? 'csv'}`;
}

/** Stands in an address where a secret goes, the host included. */
const secretPlace = 'x0secret0x';

/** A name without its secrets and what joined them to the rest; a name of nothing else is `download`. */
function nameWithout(name: string): string {
	const [, stem = '', extension = ''] = /^(.*?)((?:\.[A-Za-z]+)*)$/s.exec(name) ?? [];
	if (!stem.includes(secretPlace)) return name || 'download';
	const parts = stem.split(secretPlace).map((part) => part.replaceAll(/^[-_.~ ]+|[-_.~ ]+$/g, ''));
	return (parts.filter(Boolean).join('-') || 'download') + extension.replaceAll(secretPlace, '');
}

const extensions: ReadonlyMap<string, string> = new Map([
	['application/json', 'json'],
	['application/x-ndjson', 'jsonl'],
	['application/jsonl', 'jsonl'],
	['application/zip', 'zip'],
	['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'xlsx'],
	['application/vnd.apache.parquet', 'parquet'],
	['text/tab-separated-values', 'tsv'],
	['application/gzip', 'csv.gz'],
]);

function decoded(text: string): string {
	try {
		return decodeURIComponent(text).replaceAll(/[/\\\p{Cc}]/gu, '_');
	} catch {
		return text;
	}
}
