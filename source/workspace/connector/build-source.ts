import {resolve} from 'node:path';
import type {Freshness, Retention, Source} from '../../model/connector.js';
import type {SourceInput} from '../schema/source-schema.js';
import {checkSecretReferences} from '../secret-references.js';
import type {Report} from '../shape/report.js';
import type {Path} from '../yaml/yaml-file.js';

const path: Path = ['source'];
const databases = ['postgres', 'mysql'] as const;
const kinds = ['file', 'url', 'sql', ...databases] as const;
type Kind = (typeof kinds)[number];

/** The ways to see a change that each kind of source has (SPEC 11). */
const seenBy: Readonly<Record<Kind, readonly string[]>> = {
	file: ['modified_time', 'checksum', 'change_token'],
	url: ['etag', 'modified_time', 'checksum', 'change_token'],
	sql: ['max_timestamp', 'checksum'],
	postgres: ['max_timestamp', 'checksum'],
	mysql: ['max_timestamp', 'checksum'],
};

/** Where a scheduled spreadsheet run takes its file from. Relative paths are taken from the workspace's folder. */
export function buildSource(input: SourceInput | undefined, dir: string, secrets: readonly string[], report: Report): Source | null {
	if (input === undefined) return null;
	const given = kinds.filter((kind) => input[kind] !== undefined);
	const [kind] = given;
	if (given.length !== 1) {
		report.lack(path, kinds, {
			code: given.length === 0 ? 'workspace.missing_key' : 'workspace.contradiction',
			message: given.length === 0 ? 'This source does not say where to read' : `This source has ${given.join(' and ')}`,
			expected: 'one of file, url, sql, postgres or mysql',
		});
	}
	if (input.headers && kind !== 'url') {
		report.atKey([...path, 'headers'], {
			code: 'workspace.contradiction',
			message: '"headers" are for a source with a url',
			expected: 'url',
		});
	}
	for (const [name, value] of Object.entries(input.headers ?? {})) checkSecretReferences(value, [...path, 'headers', name], report);
	if (input.url !== undefined) checkSecretReferences(input.url, [...path, 'url'], report);
	if (kind === 'sql' && secrets.length === 0) {
		report.at([...path, 'sql'], {
			code: 'workspace.secret',
			message: 'A source of SQL reads through a secret, and the connector names none',
			expected: 'secrets: [name] beside it',
		});
	}
	checkQuery(input, report);
	const rest = {freshness: buildFreshness(input.freshness, kind, report), retention: buildRetention(input.retention, kind, dir, report)};
	const database = databases.find((name) => input[name] !== undefined);
	if (database !== undefined) return {database, secret: input[database] ?? '', query: input.query ?? '', ...rest};
	if (input.sql !== undefined) return {sql: input.sql, ...rest};
	if (input.url !== undefined) return {url: input.url, headers: input.headers ?? {}, ...rest};
	return {file: resolve(dir, input.file ?? ''), ...rest};
}

/** `query` is read by a database, and a database reads nothing without one. */
function checkQuery(input: SourceInput, report: Report): void {
	const database = databases.find((name) => input[name] !== undefined);
	if (database === undefined && input.query !== undefined) {
		report.atKey([...path, 'query'], {
			code: 'workspace.contradiction',
			message: '"query" is read by a database, and this source names none',
			expected: 'postgres or mysql with the name of a secret, or sql in place of query',
		});
	}
	if (database === undefined || input.query !== undefined) return;
	report.lack(path, ['query'], {
		code: 'workspace.missing_key',
		message: `This does not say what is read from ${database}`,
		expected: 'query: "SELECT ..."',
	});
}

function buildFreshness(input: SourceInput['freshness'], kind: Kind | undefined, report: Report): Freshness | null {
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

function buildRetention(input: SourceInput['retention'], kind: Kind | undefined, dir: string, report: Report): Retention | null {
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
