import pg from 'pg';
import Cursor from 'pg-cursor';
import type {Connection} from './connection.js';
import {speaksNoTls} from './database-error.js';
import type {DatabaseQuery, DatabaseRows, TextRow} from './database-query.js';

/** Rows that are asked for at a time; no more are held. */
const rowsAtATime = 2_000;

/** Every value stays the text that the server printed. */
const types = {getTypeParser: () => (text: string) => text};

/**
 * Printed as PostgreSQL does by default, in UTC, whatever the role's own settings; nothing is written.
 * `extra_float_digits = 1` prints the shortest text that is the same number.
 */
const session = [
	"SET TIME ZONE 'UTC'",
	"SET DateStyle = 'ISO, MDY'",
	"SET IntervalStyle = 'postgres'",
	'SET extra_float_digits = 1',
	"SET bytea_output = 'hex'",
	"SET client_encoding = 'UTF8'",
];

export type OpenDatabase = {
	ask(): Promise<DatabaseRows>;
	/** Asks the server to end the query, over a connection of its own: one whose client is gone may go on. */
	cancel(): Promise<void>;
	/** Ends the connection at once. */
	end(): void;
};

/** Connects to PostgreSQL. @throws what the driver throws */
export async function openPostgres(connection: Connection, asked: DatabaseQuery): Promise<OpenDatabase> {
	const client = await connected(connection, asked);
	// A connection that breaks while nothing is asked emits this; what is asked next fails too, and says so.
	client.on('error', () => undefined);
	return {
		async ask() {
			await client.query([...session, `SET statement_timeout = ${asked.timeSeconds * 1000}`].join('; '));
			await client.query('BEGIN READ ONLY');
			const cursor = client.query(new Cursor<TextRow>(asked.query, [], {rowMode: 'array', types}));
			const first = await read(cursor);
			return {columns: first.columns, rows: rowsFrom(cursor, first.rows)};
		},
		async cancel() {
			const {processID} = client as unknown as {readonly processID: number};
			const other = await connected(connection, asked);
			other.on('error', () => undefined);
			await other.query('SELECT pg_cancel_backend($1)', [processID]);
			await other.end();
		},
		end: () => {
			(client as unknown as {connection: {stream: {destroy(): void}}}).connection.stream.destroy();
		},
	};
}

async function connected({tls, host, port, user, password, database}: Connection, {connectMs}: DatabaseQuery): Promise<pg.Client> {
	const open = async (ssl: pg.ClientConfig['ssl']) => {
		const client = new pg.Client({
			host,
			port,
			user,
			password,
			database,
			ssl,
			connectionTimeoutMillis: connectMs,
			application_name: 'sluice',
		});
		// The server may end it before anything is asked.
		client.on('error', () => undefined);
		await client.connect();
		return client;
	};
	if (tls === false) return await open(false);
	try {
		return await open(tls.options);
	} catch (error) {
		if (!tls.ifOffered || !speaksNoTls(error)) throw error;
		return await open(false);
	}
}

type Batch = {readonly columns: readonly string[]; readonly rows: readonly TextRow[]};

function read(cursor: Cursor<TextRow>): Promise<Batch> {
	return new Promise((resolve, reject) => {
		// After the last row there is no result.
		cursor.read(rowsAtATime, (error: Error | null | undefined, rows: TextRow[], result: pg.QueryResult | undefined) => {
			if (error) reject(error);
			else resolve({columns: result?.fields.map(({name}) => name) ?? [], rows});
		});
	});
}

async function* rowsFrom(cursor: Cursor<TextRow>, first: readonly TextRow[]): AsyncGenerator<TextRow> {
	for (let rows = first; rows.length > 0; rows = (await read(cursor)).rows) yield* rows;
}
