import {setTimeout as wait} from 'node:timers/promises';
import {SluiceError} from '../../model/errors.js';
import {unreachable} from '../../model/unreachable.js';
import type {StopRequest} from '../execution/stop-request.js';
import {connectionOf} from '../outside/connection.js';
import {databaseError} from '../outside/database-error.js';
import type {DatabaseQuery, TextRow} from '../outside/database-query.js';
import type {OpenDatabase} from '../outside/postgres.js';
import {requireSelect} from '../outside/require-select.js';
import type {Selected, ShortTask} from '../protocol.js';
import {writeCsv} from './text-file.js';

type Task = Extract<ShortTask, {task: 'fetch'}>;

/** How long a server may take to answer. */
const connectMs = 10_000;
/** How long a server may take to end a query. */
const cancelMs = 2_000;

/**
 * Runs the query of a source in its database's own SQL (SPEC 11). With `to`, its rows become a CSV file, each value as its own text; NULL is
 * a blank cell, the empty text a quoted one.
 *
 * @throws SluiceError `source.*`, `sql.time`, `sql.outside_value`, `intake.too_large`
 */
export async function fetchQuery({asked: given, to, rows: wanted, limits}: Task, stop: StopRequest): Promise<Selected> {
	const asked: DatabaseQuery = {...given, timeSeconds: limits.sqlTimeSeconds, connectMs};
	requireSelect(asked.kind, asked.query);
	const connection = connectionOf(asked);
	const told = (error: unknown, connected: boolean) => databaseError(error, {...asked, ...connection}, connected);
	const database = await open(asked).catch((error: unknown) => {
		throw told(error, false);
	});
	let late = false;
	const timer = setTimeout(
		() => {
			late = true;
			void cancelled(database);
		},
		Math.min(limits.sqlTimeSeconds * 1000, 2 ** 31 - 1),
	);
	const failed = (error: unknown) =>
		late ? new SluiceError('sql.time', `The query ran longer than ${limits.sqlTimeSeconds.toLocaleString('en-GB')} s`) : told(error, true);
	const ask = async (): Promise<Selected> => {
		const {columns, rows} = await database.ask().catch((error: unknown) => {
			throw failed(error);
		});
		if (columns.length === 0) throw new SluiceError('source.query', 'The query gives no columns: a SELECT is expected');
		const first: TextRow[] = [];
		const look = (row: TextRow): void => {
			if (first.length < wanted) first.push(row);
		};
		if (to === null) {
			for await (const row of telling(rows, failed)) {
				look(row);
				if (first.length >= wanted) break;
			}
		} else await writeCsv(to, columns, telling(rows, failed), {look, atMost: limits.maxInputBytes});
		// A connection that is ended here may look like the end of its rows.
		if (late) throw failed(null);
		return {columns, rows: first};
	};
	try {
		return await stop.during('source', () => void cancelled(database), ask);
	} finally {
		clearTimeout(timer);
		database.end();
	}
}

/** Ends the query in the server as well as here. What the server says to it is of no use any more. */
async function cancelled(database: OpenDatabase): Promise<void> {
	await Promise.race([database.cancel().catch(() => undefined), wait(cancelMs, undefined, {ref: false})]);
	database.end();
}

/** The driver is loaded for the task that needs it alone. */
async function open(asked: DatabaseQuery): Promise<OpenDatabase> {
	const connection = connectionOf(asked);
	switch (asked.kind) {
		case 'postgres':
			return await (await import('../outside/postgres.js')).openPostgres(connection, asked);
		case 'mysql':
			return await (await import('../outside/mysql.js')).openMysql(connection, asked);
		case 'sqlserver':
			return await (await import('../outside/sqlserver.js')).openSqlServer(connection, asked);
		default:
			return unreachable(asked.kind);
	}
}

async function* telling(rows: AsyncIterable<TextRow>, told: (error: unknown) => SluiceError): AsyncGenerator<TextRow> {
	try {
		yield* rows;
	} catch (error) {
		throw told(error);
	}
}
