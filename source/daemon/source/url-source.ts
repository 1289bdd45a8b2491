import {join} from 'node:path';
import type {Source} from '../../model/connector.js';
import {SluiceError} from '../../model/errors.js';
import type {Limits} from '../../model/limits.js';
import {own} from '../../model/own.js';
import {type Answer, sendOutside} from '../outgoing/request.js';
import {fillAddress, fillSecrets} from '../secrets/fill.js';
import type {Vault} from '../secrets/vault.js';
import type {Look} from './found.js';
import {checksumOf, downloadName, sourceLabel} from './marks.js';

export type UrlSource = Extract<Source, {url: string}>;

export type Outside = {
	readonly vault: Pick<Vault, 'read'>;
	readonly limits: Limits;
	readonly allowHosts: readonly string[];
	/** A folder for the download. */
	readonly scratch: string;
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
	const {vault, limits, allowHosts, scratch} = outside;
	const url = fillAddress(source.url, vault);
	const known = before === null || freshness === 'checksum' ? {} : (JSON.parse(before) as Mark);
	const saveTo = join(scratch, 'download');
	const headers = {'User-Agent': 'sluice', ...filled(source, vault), ...conditions(source, known)};
	const answer = await sendOutside({
		url,
		method: 'GET',
		headers,
		allowHosts,
		timeoutMs: downloadMs,
		largestAnswerBytes: limits.maxInputBytes,
		saveTo,
	});
	if (answer.status === 304 && before !== null) return {changed: false};
	if (answer.status !== 200) throw refusal(answer.status, source);
	const heard = markOf(source, answer);
	const mark = freshness === 'checksum' ? await checksumOf(saveTo) : JSON.stringify(heard);
	const tells = freshness === 'checksum' || Object.values(heard).some((value) => value !== undefined);
	// why compared: a server that ignores the conditions answers 200 with the same tag.
	if (freshness !== null && tells && mark === before) return {changed: false};
	const silent = `The server says nothing that ${nameOf(freshness)} could compare: every look counts as a change`;
	const input = {path: saveTo, name: downloadName(source.url, header(answer, 'content-type'))};
	return {changed: true, mark: freshness === null ? null : mark, input, notes: freshness !== null && !tells ? [silent] : []};
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
