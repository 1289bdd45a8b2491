import {type ConnectionOptions, checkServerIdentity, type PeerCertificate} from 'node:tls';
import {SluiceError} from '../../model/errors.js';
import type {DatabaseKind} from '../../model/source-kind.js';
import {type DatabaseQuery, databaseNames} from './database-query.js';

/** Where a database is, and how its server is trusted. */
export type Connection = {
	readonly host: string;
	readonly port: number;
	readonly user: string;
	readonly password: string;
	readonly database: string;
	/** `if offered`: encrypted where the server can, without a look at its certificate. */
	readonly tls: TlsMode;
};

export type TlsMode = false | {readonly mode: string; readonly options: ConnectionOptions; readonly ifOffered: boolean};

const defaultPorts: Readonly<Record<DatabaseKind, number>> = {postgres: 5432, mysql: 3306, sqlserver: 1433};

/** The values of `sslmode`, as PostgreSQL's own clients have them. */
export const sslModes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;

/**
 * What a secret says of a database. The keys are those of the engine's named collections, `host` or `hostname`, `user` or `username`,
 * `database` or `db`, and `sslmode` and `ssl_ca`.
 *
 * @throws SluiceError `source.secret`, which names the key and never a value
 */
export function connectionOf({kind, secret, secretName}: Pick<DatabaseQuery, 'kind' | 'secret' | 'secretName'>): Connection {
	const refuse = (message: string, expected: string): never => {
		throw new SluiceError('source.secret', `The secret "${secretName}" ${message}`, {
			expected,
			cure: `Set it again with \`sluice secret set ${secretName}\`.`,
		});
	};
	const text = (...keys: readonly string[]): string =>
		keys.map((key) => secret[key]).find((value) => value !== undefined && value !== '') ?? '';
	const host = text('host', 'hostname');
	const user = text('user', 'username');
	const database = text('database', 'db');
	if (host === '') refuse(`does not say where the ${databaseNames[kind]} server is`, 'host');
	if (user === '') refuse('names no user', 'user');
	if (database === '') refuse('names no database', 'database');
	const port = Number(text('port') || defaultPorts[kind]);
	if (!Number.isInteger(port) || port < 1 || port > 65_535) refuse('has a port that is none', 'port: 1 to 65535');
	const mode = text('sslmode') || 'prefer';
	if (!(sslModes as readonly string[]).includes(mode)) refuse('has an sslmode that is not known', sslModes.join(', '));
	return {host, port, user, password: text('password'), database, tls: tlsMode(mode, host, text('ssl_ca'))};
}

function tlsMode(mode: string, host: string, ca: string): TlsMode {
	if (mode === 'disable' || mode === 'allow') return false;
	const authority = ca === '' ? {} : {ca};
	// The host of the secret is what is compared: a driver may know the address alone.
	if (mode === 'verify-full') {
		const identity = (_name: string, certificate: PeerCertificate) => checkServerIdentity(host, certificate);
		return {mode, options: {...authority, rejectUnauthorized: true, checkServerIdentity: identity}, ifOffered: false};
	}
	// As PostgreSQL's own clients: an authority that is given is asked for under `require`, too.
	if (mode === 'verify-ca' || (mode === 'require' && ca !== ''))
		return {mode, options: {...authority, rejectUnauthorized: true, checkServerIdentity: () => undefined}, ifOffered: false};
	return {mode, options: {rejectUnauthorized: false}, ifOffered: mode === 'prefer'};
}
