import {open, rm} from 'node:fs/promises';
import {join} from 'node:path';
import type {Source} from '../../model/connector.js';
import {SluiceError} from '../../model/errors.js';
import type {Limits} from '../../model/limits.js';
import {own} from '../../model/own.js';
import type {Network} from '../outgoing/network.js';
import {type Answer, sendOutside} from '../outgoing/request.js';
import {fillAddress, fillSecrets} from '../secrets/fill.js';
import type {Vault} from '../secrets/vault.js';
import {checksumOf, downloadName, sourceLabel} from './fingerprints.js';
import type {Look} from './types.js';
import {headBytes, nameOfAnswer} from './url/answer-kind.js';
import {authorization} from './url/credentials.js';
import {dispositionName} from './url/disposition.js';
import {extractRows} from './url/envelope.js';
import {askAgain} from './url/retry.js';

export type UrlSource = Extract<Source, {url: string}>;

/** How often a source is asked, and until when; five times unless given. */
export type Patience = {readonly stopping?: AbortSignal; readonly tries?: number};

export type Outside = {
	readonly vault: Pick<Vault, 'read'>;
	readonly limits: Limits;
	readonly allowHosts: readonly string[];
	readonly network: Network;
	/** A folder for the download. */
	readonly scratch: string;
	readonly patience?: Patience | undefined;
};

type Mark = {readonly etag?: string | undefined; readonly modified?: string | undefined; readonly token?: string | undefined};

const downloadMs = 600_000;

/**
 * Fetches a url source, as a conditional request where its freshness is `etag` or `modified_time` (SPEC 11).
 *
 * @param before what was remembered when it was last taken; null: it is taken whatever it holds
 * @throws SluiceError `source.failed`, `outgoing.*`, `secret.missing`
 */
export async function fetchUrl(source: UrlSource, before: string | null, outside: Outside): Promise<Look> {
	const {freshness} = source;
	const {scratch} = outside;
	const known = before === null || freshness === 'checksum' ? {} : (JSON.parse(before) as Mark);
	const download = join(scratch, 'download');
	const answer = await askWithToken(source, conditions(source, known), download, outside);
	if (answer.status === 304 && before !== null) return {changed: false};
	if (answer.status !== 200) throw refusal(answer.status, source);
	const heard = markOf(source, answer);
	const mark = freshness === 'checksum' ? await checksumOf(download) : JSON.stringify(heard);
	const tells = freshness === 'checksum' || Object.values(heard).some((value) => value !== undefined);
	// why compared: a server that ignores the conditions answers 200 with the same tag.
	if (freshness !== null && tells && before !== null && sameMark(mark, before)) return {changed: false};
	const silent = `The server says nothing that ${nameOf(freshness)} could compare: every look counts as a change`;
	const input = await inputOf(source, answer, download, scratch);
	return {changed: true, mark: freshness === null ? null : mark, input, notes: freshness !== null && !tells ? [silent] : []};
}

/** Asks with the kept token, and once more with a new one where the server refuses it: tokens can be withdrawn. */
async function askWithToken(
	source: UrlSource,
	conditional: Readonly<Record<string, string>>,
	saveTo: string,
	outside: Outside,
): Promise<Answer> {
	const {auth} = source;
	const ask = async (fresh: boolean): Promise<Answer> => {
		const proof = auth ? {Authorization: await authorization(auth, outside, fresh)} : {};
		return await askAgain((leftMs) => request(source, {...conditional, ...proof}, {saveTo, leftMs}, outside), outside.patience);
	};
	const answer = await ask(false);
	return auth && 'oauth2' in auth && answer.status === 401 ? await ask(true) : answer;
}

async function request(
	source: UrlSource,
	more: Readonly<Record<string, string>>,
	{saveTo, leftMs}: {saveTo: string; leftMs: number},
	{vault, limits, allowHosts, network, patience}: Outside,
): Promise<Answer> {
	// An attempt that broke off leaves its part of the answer.
	await rm(saveTo, {force: true});
	const {method = 'GET', body} = source;
	const type = body === undefined ? {} : {'Content-Type': 'application/json'};
	const own = filled(source, vault);
	const names = new Set(Object.keys(own).map((name) => name.toLowerCase()));
	const rest = Object.entries({'User-Agent': 'sluice', ...type, ...more}).filter(([name]) => !names.has(name.toLowerCase()));
	return await sendOutside({
		url: fillAddress(source.url, vault),
		method,
		headers: {...Object.fromEntries(rest), ...own},
		...(body !== undefined && {body: fillSecrets(body, vault)}),
		allowHosts,
		network,
		timeoutMs: Math.min(leftMs, downloadMs),
		largestAnswerBytes: limits.maxInputBytes,
		saveTo,
		...(patience?.stopping && {signal: patience.stopping}),
	});
}

/** The file to run on, by the name that its content, its type and its names make. */
async function inputOf(source: UrlSource, answer: Answer, download: string, scratch: string): Promise<{path: string; name: string}> {
	const where = sourceLabel(source);
	const type = header(answer, 'content-type');
	const name = dispositionName(header(answer, 'content-disposition')) ?? downloadName(source.url, type);
	const {head, isWhole} = await headOf(download);
	const named = nameOfAnswer(name, {head, isWhole, type: source.rows === undefined ? type : 'application/json'}, where);
	if (source.rows === undefined) return {path: download, name: named};
	const path = join(scratch, 'rows');
	await extractRows(download, source.rows, path, where);
	return {path, name: named.replace(/\.\w+$/, '.json')};
}

async function headOf(file: string): Promise<{head: Buffer; isWhole: boolean}> {
	const handle = await open(file, 'r');
	try {
		const {buffer, bytesRead} = await handle.read(Buffer.alloc(headBytes + 1), 0, headBytes + 1, 0);
		return {head: buffer.subarray(0, Math.min(bytesRead, headBytes)), isWhole: bytesRead <= headBytes};
	} finally {
		await handle.close();
	}
}

/** `"1"` and `W/"1"` are the same content in effect (RFC 9110, 8.8.3.2). */
export function sameMark(mark: string, before: string): boolean {
	const weakly = (text: string): string => text.replace(/^(\{"etag":")W\//, '$1');
	return weakly(mark) === weakly(before);
}

function nameOf(freshness: Source['freshness']): string {
	return typeof freshness === 'string' ? freshness : 'change_token';
}

function filled({headers}: UrlSource, vault: Pick<Vault, 'read'>): Readonly<Record<string, string>> {
	return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, fillSecrets(value, vault)]));
}

function conditions({freshness}: UrlSource, {etag, modified}: Mark): Readonly<Record<string, string>> {
	return {
		...(freshness === 'etag' && etag !== undefined && {'If-None-Match': etag}),
		...((freshness === 'etag' || freshness === 'modified_time') && modified !== undefined && {'If-Modified-Since': modified}),
	};
}

/** What is compared at the next look. An ETag outweighs the time: it changes with every content, the time with every second. */
function markOf({freshness}: UrlSource, answer: Answer): Mark {
	const [etag, modified] = [header(answer, 'etag'), header(answer, 'last-modified')];
	if (freshness === 'etag') return etag === undefined ? {modified} : {etag};
	if (freshness === 'modified_time') return {modified};
	if (freshness !== null && typeof freshness === 'object' && 'changeToken' in freshness)
		return {token: header(answer, freshness.changeToken)};
	return {};
}

function header({headers}: Answer, name: string): string | undefined {
	return [own(headers, name.toLowerCase())].flat()[0];
}

function refusal(status: number, source: UrlSource): SluiceError {
	const cures: Readonly<Record<number, string>> = {
		401: 'Check the secret in the headers of the source: `sluice secret set NAME`.',
		403: 'Check the secret in the headers of the source: `sluice secret set NAME`.',
		404: 'Check the address under source.url.',
	};
	return new SluiceError('source.failed', `The source answered ${status}`, {
		where: sourceLabel(source),
		expected: '200, or 304 when nothing has changed',
		...(cures[status] !== undefined && {cure: cures[status]}),
	});
}
