import type {ErrorCode} from '../../../model/error-codes.js';
import {refusalMark, refusalOf} from './exact-columns.js';
import type {Failure} from './failure.js';
import {remoteFileFailure} from './remote-file-failure.js';

/** What each text of the engine means that speaks of another database, in the order they are tried. */
const meanings: readonly (readonly [pattern: RegExp, code: ErrorCode])[] = [
	[
		/password authentication failed|no password supplied|role ".*" does not exist|Access denied for user .*\(using password/i,
		'source.password',
	],
	[/database ".*" does not exist|Unknown database/i, 'source.database_unknown'],
	[/insufficient_privilege|permission denied for|command denied to user|Access denied for user .* to database/i, 'source.permission'],
	[/certificate verify failed|server does not support SSL|root certificate file|SSL error|TLS\/SSL error/i, 'source.certificate'],
	[
		/terminating connection|server closed the connection|connection not open|broken_connection|Lost connection|server has gone away|connection to the database failed/i,
		'source.connection_lost',
	],
	[
		/Connection to `?[^ ]*`? failed|Connections to (?:mysql|all replicas)|ConnectionFailed|could not translate host name|Connection refused|Is the server running/i,
		'source.unreachable',
	],
	[
		/^(?:pqxx::\w+: |mysqlxx::\w+: ?)|PostgreSQL table .* does not exist|MySQL table .* doesn't exist|PostgreSQL table structure/i,
		'source.query',
	],
];

const says: Readonly<Partial<Record<ErrorCode, string>>> = {
	'source.password': 'The database server does not accept the user or the password of the secret',
	'source.database_unknown': 'The database server has no database of the name in the secret',
	'source.permission': 'The database does not allow this to its user',
	'source.certificate': 'The database server is not trusted',
	'source.connection_lost': 'The connection to the database ended before all rows had arrived',
	'source.unreachable': 'The database server does not answer',
	'source.query': 'The database says',
};

/** The failure of another database, or of a file on another server, that the engine's text tells of; null where it tells of none. */
export function outsideFailure(engineCode: number | null, text: string): Failure | null {
	const at = text.indexOf(refusalMark);
	if (at >= 0) return {code: 'sql.outside_value', message: text.slice(at).replace(/: while executing 'FUNCTION throwIf[\s\S]*$/, '')};
	const flat =
		/Cannot infer the number of dimensions of the array in column \d+ \(([\s\S]*?)\) of the PostgreSQL query/.exec(text) ??
		/cannot infer dimensions of an empty array: .*"(.*)"\. Make sure/.exec(text);
	if (flat !== null) {
		const reason = 'it is an array, and NULL or empty in the first row';
		return {code: 'sql.outside_value', message: refusalOf('postgresql', flat[1] ?? '', reason)};
	}
	const unread = /Cannot parse PostgreSQL value '([\s\S]*?)' as ([^:]+):/.exec(text);
	if (unread !== null) {
		return {
			code: 'sql.outside_value',
			message: `PostgreSQL holds the value "${unread[1]?.slice(0, 100)}", which the engine cannot hold as ${unread[2]}. Read its column as text: query='SELECT c::text AS c, ... FROM ...'`,
		};
	}
	const key = unexpectedKey(text);
	if (key !== null) return key;
	const file = remoteFileFailure(engineCode, text);
	if (file !== null) return file;
	if (!/postgres|mysql|pqxx|connection to server at|could not translate host name/i.test(text)) return null;
	const [, code] = meanings.find(([pattern]) => pattern.test(text)) ?? [];
	if (code === undefined) return null;
	const detail = plain(text) || 'it refuses the query, which is written in its own SQL';
	// The name of the user says nothing that the secret does not.
	const message = code === 'source.password' || code === 'source.database_unknown' ? says[code] : `${says[code]}: ${detail}`;
	return {code, message: message ?? detail};
}

/** A key of a secret that a table function does not know. Only the drivers of `source: {postgres | mysql}` verify certificates. */
function unexpectedKey(text: string): Failure | null {
	const [, key, known] = /Unexpected key `([^`]+)` in named collection([\s\S]*)/.exec(text) ?? [];
	if (key === undefined || known === undefined) return null;
	const message = `The secret has the key \`${key}\`, which the function that reads it within SQL does not know`;
	if (key !== 'sslmode' && key !== 'ssl_ca') return {code: 'source.secret', message, cure: `Set the secret again without \`${key}\`.`};
	const kind = known.includes('postgresql') ? 'postgres' : 'mysql';
	return {
		code: 'source.secret',
		message,
		cure: `Certificates are verified by \`source: {${kind}: SECRET, query}\` alone. Read the database there, or name a secret without \`sslmode\` and \`ssl_ca\`.`,
	};
}

/** The text without what only the makers of the engine and its libraries can use. */
function plain(text: string): string {
	return text
		.replaceAll(/\s+/g, ' ')
		.replaceAll(/\(\(?nullptr\)?:\d+\)|\(nullptr\):\d+/g, '')
		.replaceAll(/(?:pqxx|mysqlxx)::\w+(?:: | ?)\.?/g, '')
		.replace(/^Try \d+\. /, '')
		.replace(/ ?AS __subquery( LIMIT 0)?/g, '')
		.replaceAll(/ +/g, ' ')
		.replace(/[ .]+$/, '')
		.trim()
		.slice(0, 500);
}
