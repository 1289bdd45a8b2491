import type {ErrorCode} from '../../model/error-codes.js';
import {SluiceError} from '../../model/errors.js';
import {type DatabaseQuery, databaseNames} from './database-query.js';

/** What a driver throws: `code` is a SQLSTATE (pg), a name (mysql2), or that of a socket or of TLS; `errno` is MySQL's number. */
type DriverError = Error & {
	readonly code?: string;
	readonly errno?: number;
	/** SQL Server's. */
	readonly number?: number;
	readonly lineNumber?: number;
	readonly position?: string;
	readonly hint?: string;
};

const bySqlState: Readonly<Record<string, ErrorCode>> = {
	'28P01': 'source.password',
	'28000': 'source.password',
	'3D000': 'source.database_unknown',
	'42501': 'source.permission',
	'57P01': 'source.connection_lost',
	'57P02': 'source.connection_lost',
	'57P03': 'source.unreachable',
	'53300': 'source.unreachable',
	'57014': 'sql.time',
};

const byNumber: Readonly<Record<number, ErrorCode>> = {
	// MySQL and MariaDB
	1045: 'source.password',
	1698: 'source.password',
	1049: 'source.database_unknown',
	1044: 'source.permission',
	1142: 'source.permission',
	1143: 'source.permission',
	1227: 'source.permission',
	1370: 'source.permission',
	1040: 'source.unreachable',
	1053: 'source.connection_lost',
	1969: 'sql.time',
	3024: 'sql.time',
};

const byNumberOfSqlServer: Readonly<Record<number, ErrorCode>> = {
	18452: 'source.password',
	18456: 'source.password',
	4060: 'source.database_unknown',
	229: 'source.permission',
	230: 'source.permission',
	297: 'source.permission',
	300: 'source.permission',
	916: 'source.permission',
};

const unreachable: ReadonlySet<string> = new Set([
	'ECONNREFUSED',
	'ENOTFOUND',
	'EAI_AGAIN',
	'EHOSTUNREACH',
	'ENETUNREACH',
	'ETIMEDOUT',
	'ETIMEOUT',
	'EINSTLOOKUP',
]);
const lost: ReadonlySet<string> = new Set([
	'ECONNRESET',
	'EPIPE',
	'PROTOCOL_CONNECTION_LOST',
	'ESOCKET',
	'ECONNCLOSED',
	'ECLOSE',
	'EINVALIDSTATE',
]);

/** The text of a driver's error for a server that speaks no TLS. */
const noTls = /does not support (?:SSL|secure|encryption)/i;

export function speaksNoTls(error: unknown): boolean {
	const {code, message} = error as DriverError;
	return code === 'HANDSHAKE_NO_SSL_SUPPORT' || noTls.test(message ?? '');
}

/**
 * What a driver threw, as its own reason with its own cure. The text of a server is shown where it speaks of the query.
 *
 * @param connected whether the server had been reached before
 */
export function databaseError(
	error: unknown,
	asked: DatabaseQuery & {readonly host: string; readonly port: number},
	connected: boolean,
): SluiceError {
	if (error instanceof SluiceError) return error;
	const cause = error as DriverError;
	const code = codeOf(cause, connected);
	const name = databaseNames[asked.kind];
	const server = `The ${name.replace(/ Server$/, '')} ${name.endsWith('Server') ? 'Server' : 'server'} ${asked.host}:${asked.port}`;
	const {secretName} = asked;
	const again = `\`sluice secret set ${secretName}\``;
	switch (code) {
		case 'source.unreachable':
			return new SluiceError(code, `${server} does not answer: ${plain(cause.message)}`, {
				cure: `Check that it runs, and host and port in the secret "${secretName}". The next run connects again.`,
				cause,
			});
		case 'source.password':
			return new SluiceError(code, `${server} does not accept the user or the password of the secret "${secretName}"`, {
				cure: `Set it again with ${again}.`,
				cause,
			});
		case 'source.database_unknown':
			return new SluiceError(code, `${server} has no database of the name in the secret "${secretName}"`, {
				cure: `Correct \`database\` in it: ${again}.`,
				cause,
			});
		case 'source.certificate':
			if (speaksNoTls(cause)) {
				return new SluiceError(code, `${server} offers no TLS, which \`sslmode\` asks for: ${plain(cause.message)}`, {
					cure: `Switch TLS on there, or set \`sslmode\` to disable in the secret "${secretName}" where the network between is trusted.`,
					cause,
				});
			}
			return new SluiceError(code, `${server} is not trusted: ${plain(cause.message)}`, {
				cure: `Put the certificate of its authority into the secret "${secretName}" as \`ssl_ca\` (PEM text), or correct \`sslmode\` there.`,
				cause,
			});
		case 'source.connection_lost':
			return new SluiceError(
				code,
				`The connection to ${server.replace('The', 'the')} ended before all rows had arrived: ${plain(cause.message)}`,
				{cause},
			);
		case 'source.permission':
			return new SluiceError(code, `${server} does not allow this to its user: ${plain(cause.message)}`, {cause});
		case 'sql.time':
			return new SluiceError(code, `The query ran longer than ${asked.timeSeconds.toLocaleString('en-GB')} s`, {cause});
		default:
			return new SluiceError('source.query', `${name} says: ${plain(cause.message)}${placeOf(cause, asked.query)}`, {
				...(cause.hint === undefined ? {} : {expected: plain(cause.hint)}),
				cause,
			});
	}
}

function codeOf({code = '', errno, number, message}: DriverError, connected: boolean): ErrorCode {
	const known = bySqlState[code] ?? byNumber[errno ?? 0] ?? byNumberOfSqlServer[number ?? 0];
	if (known !== undefined) return known;
	if (code === 'ELOGIN') return /open database/i.test(message) ? 'source.database_unknown' : 'source.password';
	if (speaksNoTls({code, message}) || /CERT|_TLS_|SSL|ISSUER|LEAF_SIGNATURE/.test(code) || /certificate/i.test(message))
		return 'source.certificate';
	if (unreachable.has(code) || /timeout expired|timed? ?out/i.test(message))
		return connected ? 'source.connection_lost' : 'source.unreachable';
	if (lost.has(code) || /^08/.test(code) || /Connection (?:terminated|lost)|closed state|not queryable/i.test(message)) {
		return connected ? 'source.connection_lost' : 'source.unreachable';
	}
	return 'source.query';
}

/** PostgreSQL counts characters from 1. */
function placeOf({position, lineNumber}: DriverError, query: string): string {
	if (lineNumber !== undefined) return ` (line ${lineNumber} of the query)`;
	const at = Number(position ?? 0);
	if (!(at > 0)) return '';
	const before = query.slice(0, at - 1).split('\n');
	return ` (line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1} of the query)`;
}

function plain(text: string): string {
	return text.replaceAll(/\s+/g, ' ').trim().replace(/\.$/, '').slice(0, 500);
}
