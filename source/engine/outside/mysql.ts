import {isIP} from 'node:net';
import {type Connection as Client, createConnection, type FieldPacket} from 'mysql2';
import {SluiceError} from '../../model/errors.js';
import type {Connection} from './connection.js';
import {speaksNoTls} from './database-error.js';
import type {DatabaseQuery, TextRow} from './database-query.js';
import type {OpenDatabase} from './postgres.js';

type Field = {
	readonly type: string;
	readonly name: string;
	buffer(): Buffer | null;
};

/** Connects to MySQL or MariaDB. @throws what the driver throws */
export async function openMysql(connection: Connection, asked: DatabaseQuery): Promise<OpenDatabase> {
	const client = await openMysqlClient(connection, asked);
	client.on('error', () => undefined);
	return {
		async ask() {
			await run(client, "SET time_zone = '+00:00'");
			await run(client, 'SET SESSION TRANSACTION READ ONLY');
			await run(client, 'START TRANSACTION READ ONLY');
			let wrong: SluiceError | null = null;
			const typeCast = (field: Field): string | null => {
				try {
					return textOf(field);
				} catch (error) {
					wrong ??= error as SluiceError;
					return null;
				}
			};
			const query = client.query({sql: asked.query, rowsAsArray: true, typeCast: typeCast as never});
			const stream = query.stream({highWaterMark: 1_000});
			stream.on('error', () => undefined);
			const fields = new Promise<readonly FieldPacket[]>((resolve, reject) => {
				// Neither the query nor its stream says anything of a connection that breaks.
				const broken = (error: Error = new Error('Connection lost: the server closed it')) => {
					stream.destroy(error);
					reject(error);
				};
				query.on('fields', (given: readonly FieldPacket[] | undefined) => resolve(given ?? []));
				query.on('error', broken);
				client.on('error', broken);
				client.on('end', () => broken());
			});
			const columns = (await fields).map(({name}) => name);
			async function* rows(): AsyncGenerator<TextRow> {
				for await (const row of stream) {
					if (wrong !== null) throw wrong;
					yield row as TextRow;
				}
			}
			return {columns, rows: rows()};
		},
		async cancel() {
			const other = await openMysqlClient(connection, asked);
			other.on('error', () => undefined);
			await run(other, `KILL QUERY ${client.threadId}`);
			other.destroy();
		},
		end: () => client.destroy(),
	};
}

/** @throws what the driver throws */
export async function openMysqlClient(
	{tls, host, port, user, password, database}: Connection,
	{connectMs}: DatabaseQuery,
): Promise<Client> {
	const open = async (ssl: object | undefined) => {
		const client = createConnection({
			...{host, port, user, password, database, connectTimeout: connectMs, charset: 'utf8mb4', dateStrings: true},
			...(ssl === undefined ? {} : {ssl}),
		});
		await new Promise<void>((resolve, reject) => client.connect((error) => (error ? reject(error) : resolve())));
		return client;
	};
	if (tls === false) return await open(undefined);
	// The driver has a switch of its own for the host's name, and compares an address with the name `localhost`.
	const comparesHost = tls.mode === 'verify-full';
	if (comparesHost && isIP(host) !== 0) {
		throw new SluiceError(
			'source.certificate',
			'`sslmode` is verify-full, and `host` is an address, which is not compared with the certificate of MySQL',
			{
				cure: 'Put the name that the certificate is for into `host`, or set `sslmode` to verify-ca.',
			},
		);
	}
	try {
		return await open({...tls.options, verifyIdentity: comparesHost});
	} catch (error) {
		if (!tls.ifOffered || !speaksNoTls(error)) throw error;
		return await open(undefined);
	}
}

function run(client: Client, sql: string): Promise<void> {
	return new Promise((resolve, reject) => {
		client.query(sql, (error) => (error ? reject(error) : resolve()));
	});
}

const utf8 = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true});

/**
 * The text that the server printed. A TIMESTAMP is an instant, printed in UTC without an offset: `Z` is put behind it, so that the zone of the
 * workspace does not change it.
 *
 * @throws SluiceError `sql.outside_value` for bytes that are no text
 */
function textOf(field: Field): string | null {
	const bytes = field.buffer();
	if (bytes === null) return null;
	if (field.type === 'BIT') return BigInt(`0x${bytes.toString('hex') || '0'}`).toString();
	try {
		if (field.type === 'TIMESTAMP') return withOffset(bytes.toString('latin1'));
		if (field.type !== 'GEOMETRY') return utf8.decode(bytes);
	} catch {
		// Bytes that are no UTF-8: refused below.
	}
	const cast = field.type === 'GEOMETRY' ? 'ST_AsText' : 'HEX';
	throw new SluiceError('sql.outside_value', `The column "${field.name}" holds bytes that are no text`, {
		cure: `Read it as text: SELECT ${cast}(\`${field.name}\`) AS \`${field.name}\`.`,
	});
}

function withOffset(text: string): string {
	return text.startsWith('0000-') ? text : `${text}Z`;
}
