import {basename, resolve} from 'node:path';
import {defaultLimits, type Limits} from '../model/limits.js';
import {editDistance} from '../model/nearest.js';
import {defaultLimitsInput, type LimitsInput, type SluiceInput, sluiceSchema} from './schema/sluice-schema.js';
import {checkSecretReferences} from './secret-references.js';
import {type Report, reportOn} from './shape/report.js';
import {shape} from './shape/shape.js';
import {checkTimezone, isTimezone} from './timezones.js';
import type {Problems} from './yaml/problems.js';

export type Listen = {readonly host: string; readonly port: number};

/** How mails get a token in place of a password. Texts may hold `${secret:name}`. */
export type SmtpOauth2 = {
	readonly tokenUrl: string;
	readonly clientId: string;
	readonly clientSecret: string;
	/** Null: client credentials. */
	readonly refreshToken: string | null;
	readonly scope: string | null;
};

/** `sluice.yaml` with its defaults filled in (SPEC 15). Texts may hold `${secret:name}`. */
export type WorkspaceSettings = {
	readonly name: string;
	/** `production` asks more before live runs and cancels. */
	readonly environment: string | null;
	readonly timezone: string;
	/** ISO 3166, two capital letters. */
	readonly defaultCountry: string | null;
	/** Absolute path of the records' database. */
	readonly storeFile: string;
	readonly smtp: {readonly url: string; readonly from: string; readonly oauth2: SmtpOauth2 | null} | null;
	/** Webhook intake; null: off. */
	readonly http: {readonly listen: Listen} | null;
	/** The address that senders of webhooks know, before `/hooks/`; null where it is not said. */
	readonly publicUrl: string | null;
	/** Hosts that outgoing requests may reach although their address is private (SPEC 17). */
	readonly httpAllowHosts: readonly string[];
	/** How outgoing requests leave this machine; null: as the environment says. `caFile` is absolute. */
	readonly outgoing: {readonly proxy: string | null; readonly noProxy: readonly string[] | null; readonly caFile: string | null};
	/** The API over TCP, and the name of the secret that holds its token; null: off. */
	readonly api: {readonly listen: Listen; readonly token: string; readonly hosts: readonly string[]} | null;
	/** Mail addresses by login. */
	readonly users: Readonly<Record<string, string>>;
	readonly access: {readonly group: string} | null;
	readonly limits: Limits;
};

/** Reads `sluice.yaml`. What is wrong in it is told, and its default stands instead. */
export function readSettings(dir: string, problems: Problems): WorkspaceSettings {
	const shaped = shape(sluiceSchema, problems) ?? {value: sluiceSchema.parse({}), sourceOf: (path) => path, leftOut: () => []};
	const report = reportOn(problems, shaped);
	const {value} = shaped;
	const {timezone, smtp, http, api} = value;
	checkTimezone(timezone, ['timezone'], report);
	checkSecretReferences(http?.proxy ?? '', ['http', 'proxy'], report);
	const listen = parseListen(http?.listen, ['http', 'listen'], report);
	const apiListen = parseListen(api?.listen, ['api', 'listen'], report);
	return {
		name: value.name ?? basename(resolve(dir)),
		environment: value.environment === undefined ? null : environmentNamed(value.environment),
		timezone: isTimezone(timezone) ? timezone : 'UTC',
		defaultCountry: knownCountry(value, report),
		storeFile: resolve(dir, value.store?.sqlite ?? '.sluice/sluice.db'),
		smtp: smtp ? smtpOf(smtp, report) : null,
		http: listen && {listen},
		publicUrl: http?.public_url ?? null,
		httpAllowHosts: http?.allow_hosts ?? [],
		outgoing: {
			proxy: http?.proxy ?? null,
			noProxy: http?.no_proxy ?? null,
			caFile: http?.ca === undefined ? null : resolve(dir, http.ca),
		},
		api: api && apiListen ? {listen: apiListen, token: api.token, hosts: api.hosts} : null,
		users: value.users,
		access: value.access ?? null,
		limits: limitsOf(value.limits ?? defaultLimitsInput, report),
	};
}

function smtpOf({url, from, auth}: NonNullable<SluiceInput['smtp']>, report: Report): WorkspaceSettings['smtp'] {
	checkSecretReferences(url, ['smtp', 'url'], report);
	if (!auth) return {url, from, oauth2: null};
	const {oauth2} = auth;
	for (const [key, text] of Object.entries(oauth2)) checkSecretReferences(text ?? '', ['smtp', 'auth', 'oauth2', key], report);
	if (/^smtps?:\/\/[^/?#@]*:[^/?#]*@/.test(url)) {
		report.at(['smtp', 'url'], {
			code: 'workspace.contradiction',
			message: 'This has a password, and auth.oauth2 takes its place',
			expected: 'smtps://user@host, or no auth',
		});
	}
	const {token_url: tokenUrl, client_id: clientId, client_secret: clientSecret, refresh_token: refreshToken = null, scope = null} = oauth2;
	return {url, from, oauth2: {tokenUrl, clientId, clientSecret, refreshToken, scope}};
}

function knownCountry({default_country: country}: SluiceInput, report: Report): string | null {
	if (country === undefined) return null;
	if (new Intl.DisplayNames('en', {type: 'region', fallback: 'none'}).of(country) !== undefined) return country;
	report.at(['default_country'], {
		code: 'workspace.wrong_value',
		message: `There is no country "${country}"`,
		expected: 'an ISO 3166 code, such as FR',
	});
	return null;
}

function parseListen(text: string | undefined, path: readonly string[], report: Report): Listen | null {
	if (text === undefined) return null;
	const colon = text.lastIndexOf(':');
	const port = Number(text.slice(colon + 1));
	if (port >= 1 && port <= 65_535) return {host: text.slice(0, colon).replace(/^\[(.*)\]$/, '$1'), port};
	report.at(path, {code: 'workspace.wrong_value', message: `${port} is not a port`, expected: '1 to 65535'});
	return null;
}

function limitsOf(limits: LimitsInput, report: Report): Limits {
	const timeSeconds = secondsOf(limits.sql_time);
	if (timeSeconds < 1) {
		report.at(['limits', 'sql_time'], {
			code: 'workspace.wrong_value',
			message: 'That is less than a second',
			expected: 'a duration, such as 300s, 5m',
		});
	}
	const bytes = (key: 'max_input_bytes' | 'sql_memory' | 'sql_disk', fallback: number): number => {
		const size = bytesOf(limits[key]);
		if (size >= 1 && size <= Number.MAX_SAFE_INTEGER) return size;
		report.at(['limits', key], {
			code: 'workspace.wrong_value',
			message: `"${limits[key]}" is out of range`,
			expected: 'a size, such as 500MB',
		});
		return fallback;
	};
	return {
		maxRunningExecutions: limits.max_running_executions,
		maxInputBytes: bytes('max_input_bytes', defaultLimits.maxInputBytes),
		sqlMemoryBytes: bytes('sql_memory', defaultLimits.sqlMemoryBytes),
		sqlTimeSeconds: Math.max(1, timeSeconds),
		sqlRows: limits.sql_rows,
		sqlThreads: limits.sql_threads,
		sqlDiskBytes: bytes('sql_disk', defaultLimits.sqlDiskBytes),
		sqlSandbox: limits.sql_sandbox,
	};
}

/** `500MB` is decimal, `500MiB` binary; a number is bytes. */
export function bytesOf(size: string | number): number {
	if (typeof size === 'number') return size;
	const [, digits = '', prefix = ''] = /^([\d.]+)\s*(?:([kmgt]i?))?b$/i.exec(size) ?? [];
	const power = prefix === '' ? 0 : 'kmgt'.indexOf(prefix.charAt(0).toLowerCase()) + 1;
	return Math.round(Number(digits) * (prefix.length === 2 ? 1024 : 1000) ** power);
}

/** `5m` in seconds; a number is seconds. */
export function secondsOf(duration: string | number): number {
	if (typeof duration === 'number') return duration;
	const unit = duration.slice(-1).toLowerCase();
	return Math.round(Number.parseFloat(duration) * (unit === 'h' ? 3600 : unit === 'm' ? 60 : 1));
}

const production = 'production';

/**
 * The environment that a name means. `production` asks for more, so every spelling of it counts, a beginning such as `prod` as well: a file
 * that is half written must not switch it off.
 */
function environmentNamed(name: string): string {
	const word = name.trim().toLowerCase();
	return production.startsWith(word) || word === 'prd' || editDistance(word, production) <= 2 ? production : name;
}
