import type {Connection} from './connection.js';
import {speaksNoTls} from './database-error.js';
import type {DatabaseQuery, DatabaseRows, TextRow} from './database-query.js';
import type {OpenDatabase} from './postgres.js';
import {type SqlServerColumn, type SqlServerConnection, type SqlServerDriver, sqlServerDriver} from './sqlserver-driver.js';
import {sqlServerText} from './sqlserver-text.js';

/** Rows that wait here; the server is not listened to while there are more. */
const mostWaiting = 2_000;

/** Connects to SQL Server. @throws SluiceError `source.driver`, and what the driver throws */
export async function openSqlServer(connection: Connection, asked: DatabaseQuery): Promise<OpenDatabase> {
	const driver = await sqlServerDriver();
	const client = await connected(driver, connection, asked);
	let isOver: Promise<void> = Promise.resolve();
	return {
		async ask() {
			// What the query may write in spite of all is taken back with the connection.
			await new Promise<void>((resolve, reject) => client.beginTransaction((error) => (error ? reject(error) : resolve())));
			return await new Promise<DatabaseRows>((resolve, reject) => {
				isOver = new Promise((over) => answered(driver, client, asked.query, over).then(resolve, reject));
			});
		},
		async cancel() {
			// The connection must live until the server has heard of it.
			if (client.cancel()) await isOver;
		},
		end: () => client.close(),
	};
}

async function connected(
	driver: SqlServerDriver,
	{tls, host, port, user, password, database}: Connection,
	{connectMs, timeSeconds}: DatabaseQuery,
): Promise<SqlServerConnection> {
	const open = async (encryption: object): Promise<SqlServerConnection> => {
		const client = new driver.Connection({
			server: host,
			authentication: {type: 'default', options: {userName: user, password}},
			options: {
				port,
				database,
				appName: 'sluice',
				connectTimeout: connectMs,
				// The caller keeps the time: the driver counts its own from the first byte.
				requestTimeout: Math.min(timeSeconds * 1000, 2 ** 31 - 1),
				useUTC: true,
				useColumnNames: false,
				...encryption,
			},
		});
		// A connection that breaks while nothing is asked emits this; what is asked next fails too, and says so.
		client.on('error', () => undefined);
		await new Promise<void>((resolve, reject) => client.connect((error) => (error ? reject(error) : resolve())));
		return client;
	};
	if (tls === false) return await open({encrypt: false});
	const {ca, rejectUnauthorized} = tls.options;
	const encryption = {
		encrypt: true,
		trustServerCertificate: rejectUnauthorized === false,
		...(ca !== undefined && {cryptoCredentialsDetails: {ca}}),
	};
	try {
		return await open(encryption);
	} catch (error) {
		if (!tls.ifOffered || !speaksNoTls(error)) throw error;
		return await open({encrypt: false});
	}
}

/** The first result of a query, while it arrives. `hasEnded` is told when the server says no more of it. */
async function answered(
	{Request}: SqlServerDriver,
	client: SqlServerConnection,
	query: string,
	hasEnded: () => void,
): Promise<DatabaseRows> {
	const waiting: TextRow[] = [];
	let over = false;
	let failure: unknown = null;
	let results = 0;
	let wake: () => void = () => undefined;
	const ended = (error: unknown): void => {
		over = true;
		failure ??= error ?? null;
		hasEnded();
		wake();
	};
	let known: (columns: readonly SqlServerColumn[]) => void = () => undefined;
	const columns = new Promise<readonly SqlServerColumn[]>((resolve) => {
		known = resolve;
	});
	const request = new Request(query, (error) => {
		ended(error);
		known([]);
	});
	client.on('error', (error) => {
		ended(error);
		known([]);
	});
	request.on('columnMetadata', (given) => {
		results++;
		known(given);
	});
	request.on('row', (cells) => {
		if (results > 1 || failure !== null) return;
		try {
			waiting.push(cells.map(sqlServerText));
		} catch (error) {
			failure = error;
		}
		if (waiting.length >= mostWaiting) request.pause();
		wake();
	});
	client.execSqlBatch(request);
	const names = (await columns).map(({colName}) => colName);
	if (failure !== null) throw failure;
	async function* rows(): AsyncGenerator<TextRow> {
		for (;;) {
			const batch = waiting.splice(0);
			yield* batch;
			if (failure !== null) throw failure;
			if (waiting.length > 0) continue;
			if (over) return;
			const next = new Promise<void>((resolve) => {
				wake = resolve;
			});
			request.resume();
			await next;
		}
	}
	return {columns: names, rows: rows()};
}
