import {basename, resolve} from 'node:path';
import type {FileRequest, Freshness, Retention, Source, UrlAuth, UrlRequest} from '../../model/connector.js';
import {databaseKinds, type SourceKind, sourceKinds} from '../../model/source-kind.js';
import {temporaryName} from '../../model/temporary-name.js';
import type {SourceInput} from '../schema/source-schema.js';
import {checkSecretReferences} from '../secret-references.js';
import {secondsOf} from '../settings.js';
import type {Report} from '../shape/report.js';
import type {Path} from '../yaml/yaml-file.js';
import {checkLocalPath} from './check-local-path.js';

const path: Path = ['source'];

/** The ways to see a change that each kind of source has (SPEC 11). */
const seenBy: Readonly<Record<SourceKind, readonly string[]>> = {
	file: ['modified_time', 'checksum', 'change_token'],
	url: ['etag', 'modified_time', 'checksum', 'change_token'],
	sql: ['max_timestamp', 'checksum'],
	postgres: ['max_timestamp', 'checksum'],
	mysql: ['max_timestamp', 'checksum'],
	sqlserver: ['max_timestamp', 'checksum'],
};

/** Where a scheduled spreadsheet run takes its file from. Relative paths are taken from the workspace's folder. */
export function buildSource(input: SourceInput | undefined, dir: string, secrets: readonly string[], report: Report): Source | null {
	if (input === undefined) return null;
	const given = sourceKinds.filter((kind) => input[kind] !== undefined);
	const [kind] = given;
	if (given.length !== 1) {
		report.lack(path, sourceKinds, {
			code: given.length === 0 ? 'workspace.missing_key' : 'workspace.contradiction',
			message: given.length === 0 ? 'This source does not say where to read' : `This source has ${given.join(' and ')}`,
			expected: `one of ${listed(sourceKinds)}`,
		});
	}
	checkUrlKeys(input, kind, report);
	for (const [name, value] of Object.entries(input.headers ?? {})) checkSecretReferences(value, [...path, 'headers', name], report);
	if (input.url !== undefined) checkSecretReferences(input.url, [...path, 'url'], report);
	if (kind === 'sql' && secrets.length === 0) {
		report.at([...path, 'sql'], {
			code: 'workspace.secret',
			message: 'A source of SQL reads through a secret, and the connector names none',
			expected: 'secrets: [name] beside it',
		});
	}
	if (input.file !== undefined) checkFile(input.file, report);
	checkFileKeys(input, kind, report);
	checkQuery(input, report);
	const rest = {freshness: buildFreshness(input.freshness, kind, report), retention: buildRetention(input.retention, kind, dir, report)};
	const database = databaseKinds.find((name) => input[name] !== undefined);
	if (database !== undefined) return {database, secret: input[database] ?? '', query: input.query ?? '', ...rest};
	if (input.sql !== undefined) return {sql: input.sql, ...rest};
	if (input.url !== undefined) return {...urlRequest(input, input.url), ...rest};
	return {...fileRequest(input, dir), ...rest};
}

function checkFile(file: string, report: Report): void {
	const place = [...path, 'file'];
	checkLocalPath(file, place, report, 'a path on this machine, or url: for http and https');
	const kind = temporaryName(basename(file));
	if (kind === null) return;
	const message = `This names ${kind}, which is never taken`;
	report.at(place, {
		code: 'workspace.wrong_value',
		message,
		expected: 'a name that does not begin with a dot or ~$, nor end in .part or .tmp',
	});
}

function checkFileKeys(input: SourceInput, kind: SourceKind | undefined, report: Report): void {
	for (const key of ['settle', 'done_marker'] as const) {
		if (input[key] === undefined || kind === 'file') continue;
		report.atKey([...path, key], {
			code: 'workspace.contradiction',
			message: `"${key}" is for a source with a file`,
			expected: 'file',
		});
	}
}

function fileRequest({file = '', settle, done_marker}: SourceInput, dir: string): FileRequest {
	return {
		file: resolve(dir, file),
		...(settle !== undefined && {settleSeconds: secondsOf(settle)}),
		...(done_marker !== undefined && {doneMarker: done_marker}),
	};
}

const urlKeys = ['headers', 'auth', 'method', 'body', 'rows'] as const;

function checkUrlKeys({auth, method, body, ...input}: SourceInput, kind: SourceKind | undefined, report: Report): void {
	for (const key of urlKeys) {
		if ({auth, method, body, ...input}[key] === undefined || kind === 'url') continue;
		report.atKey([...path, key], {
			code: 'workspace.contradiction',
			message: key === 'headers' ? '"headers" are for a source with a url' : `"${key}" is for a source with a url`,
			expected: 'url',
		});
	}
	if (body !== undefined) checkSecretReferences(body, [...path, 'body'], report);
	if (body !== undefined && method !== 'POST')
		report.atKey([...path, 'body'], {code: 'workspace.contradiction', message: 'A body is sent with POST alone', expected: 'method: POST'});
	if (auth && (auth.basic === undefined) === (auth.oauth2 === undefined)) {
		report.lack([...path, 'auth'], ['basic', 'oauth2'], {
			code: auth.basic === undefined ? 'workspace.missing_key' : 'workspace.contradiction',
			message: auth.basic === undefined ? 'This does not say how the request proves itself' : 'This has both basic and oauth2',
			expected: 'one of basic or oauth2',
		});
	}
	for (const [name, texts] of Object.entries(auth ?? {}))
		for (const [key, text] of Object.entries(texts ?? {})) checkSecretReferences(text ?? '', [...path, 'auth', name, key], report);
}

function urlRequest({headers = {}, auth, method, body, rows}: SourceInput, url: string): UrlRequest {
	const proof = auth && authOf(auth);
	return {
		url,
		headers,
		...(proof && {auth: proof}),
		...(method === 'POST' && {method}),
		...(body !== undefined && {body}),
		...(rows !== undefined && {rows}),
	};
}

function authOf({basic, oauth2}: NonNullable<SourceInput['auth']>): UrlAuth | undefined {
	if (basic) return {basic};
	if (!oauth2) return undefined;
	const {token_url: tokenUrl, client_id: clientId, client_secret: clientSecret, scope = null} = oauth2;
	return {oauth2: {tokenUrl, clientId, clientSecret, scope}};
}

/** `query` is read by a database, and a database reads nothing without one. */
function checkQuery(input: SourceInput, report: Report): void {
	const database = databaseKinds.find((name) => input[name] !== undefined);
	if (database === undefined && input.query !== undefined) {
		report.atKey([...path, 'query'], {
			code: 'workspace.contradiction',
			message: '"query" is read by a database, and this source names none',
			expected: `${listed(databaseKinds)} with the name of a secret, or sql in place of query`,
		});
	}
	if (database === undefined || input.query !== undefined) return;
	report.lack(path, ['query'], {
		code: 'workspace.missing_key',
		message: `This does not say what is read from ${database}`,
		expected: 'query: "SELECT ..."',
	});
}

function buildFreshness(input: SourceInput['freshness'], kind: SourceKind | undefined, report: Report): Freshness | null {
	if (input === undefined) return null;
	const place = [...path, 'freshness'];
	const ways = typeof input === 'string' ? [input] : Object.keys(input).filter((key) => input[key as keyof typeof input] !== undefined);
	const [way] = ways;
	if (ways.length !== 1) {
		report.lack(place, ['max_timestamp', 'change_token'], {
			code: 'workspace.contradiction',
			message: 'Freshness is told in one way',
			expected: 'max_timestamp or change_token',
		});
	} else if (kind !== undefined && way !== undefined && !seenBy[kind].includes(way)) {
		report.at(place, {
			code: 'workspace.incompatible',
			message: `"${way}" cannot tell whether a source of ${kind} has changed`,
			expected: seenBy[kind].join(', '),
		});
	}
	if (typeof input === 'string') return input;
	return input.max_timestamp === undefined ? {changeToken: input.change_token ?? ''} : {maxTimestamp: input.max_timestamp};
}

function buildRetention(input: SourceInput['retention'], kind: SourceKind | undefined, dir: string, report: Report): Retention | null {
	if (input === undefined) return null;
	const place = [...path, 'retention'];
	const {after_success, to, keep_failed, masked_sample} = input;
	if (after_success !== 'keep' && kind !== undefined && kind !== 'file') {
		report.at([...place, 'after_success'], {
			code: 'workspace.contradiction',
			message: `What comes from ${kind} cannot be ${after_success === 'move' ? 'moved' : 'deleted'}`,
			expected: 'keep, or a source with a file',
		});
	}
	if (to !== undefined) checkLocalPath(to, [...place, 'to'], report);
	if (after_success === 'move' && to === undefined) {
		report.lack(place, ['to'], {
			code: 'workspace.missing_key',
			message: 'This does not say where the file is moved to',
			expected: 'to: archive/{date}',
		});
	}
	if (after_success !== 'move' && to !== undefined) {
		report.atKey([...place, 'to'], {
			code: 'workspace.contradiction',
			message: '"to" says nothing without "after_success: move"',
			expected: 'after_success: move',
		});
	}
	return {
		afterSuccess: after_success,
		to: to === undefined ? null : resolve(dir, to),
		keepFailed: keep_failed,
		maskedSample: masked_sample ?? null,
	};
}

function listed(names: readonly string[]): string {
	return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
