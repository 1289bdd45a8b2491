import {createHash} from 'node:crypto';
import {createReadStream} from 'node:fs';
import {readFile, stat} from 'node:fs/promises';
import {basename, dirname, resolve} from 'node:path';
import {pipeline} from 'node:stream/promises';
import type {Source} from '../../model/connector.js';

/** What stands for a source in what is remembered of it: where it reads, and how it sees changes. Retention is no part of it. */
export function sourceText(source: Source): string {
	const {retention: _, ...rest} = source;
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
	await pipeline(createReadStream(path), hash);
	return `sha256:${hash.digest('hex')}`;
}

/** The token file beside a file source. */
export function tokenFile(sourceFile: string, name: string): string {
	return resolve(dirname(sourceFile), name);
}

/** What the token file says; null while there is none. */
export async function tokenOf(file: string): Promise<string | null> {
	try {
		if (!(await stat(file)).isFile()) return null;
		const text = await readFile(file);
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
	const {origin, pathname} = new URL(source.url.replaceAll(/\$\{secret:[^}]*\}/g, 'secret'));
	return `${origin}${pathname}`;
}

/** The name a downloaded file goes by: that of the address, with the extension of its type where it has none that is read. */
export function downloadName(url: string, contentType: string | undefined): string {
	const name = decoded(basename(new URL(url).pathname)) || 'download';
	if (/\.(csv|tsv|dat|xlsx|zip|jsonl|json|parquet|gz)$/i.test(name)) return name;
	const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
	return `${name}.${extensions[type] ?? 'csv'}`;
}

const extensions: Readonly<Record<string, string>> = {
	'application/json': 'json',
	'application/x-ndjson': 'jsonl',
	'application/jsonl': 'jsonl',
	'application/zip': 'zip',
	'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
	'application/vnd.apache.parquet': 'parquet',
	'text/tab-separated-values': 'tsv',
	'application/gzip': 'csv.gz',
};

function decoded(text: string): string {
	try {
		return decodeURIComponent(text).replaceAll(/[/\\\p{Cc}]/gu, '_');
	} catch {
		return text;
	}
}
