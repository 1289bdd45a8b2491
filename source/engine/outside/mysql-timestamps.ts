import type {FieldPacket} from 'mysql2';
import {SluiceError} from '../../model/errors.js';
import {connectionOf} from './connection.js';
import {databaseError} from './database-error.js';
import {openMysqlClient} from './mysql.js';
import {requireSelect} from './require-select.js';

const timestampType = 7;

/**
 * The columns of a query of MySQL that are TIMESTAMP, and not DATETIME: the engine gives both the same type. No row is asked for.
 *
 * @throws SluiceError `source.*`
 */
export async function mysqlTimestamps(
	secretName: string,
	secret: Readonly<Record<string, string>>,
	query: string,
	timeSeconds: number,
): Promise<ReadonlySet<string>> {
	const asked = {kind: 'mysql', query, secretName, secret, timeSeconds, connectMs: 10_000} as const;
	requireSelect('mysql', query);
	const connection = connectionOf(asked);
	const told = (error: unknown, connected: boolean): SluiceError => databaseError(error, {...asked, ...connection}, connected);
	const client = await openMysqlClient(connection, asked).catch((error: unknown) => {
		throw told(error, false);
	});
	client.on('error', () => undefined);
	let timer: NodeJS.Timeout | undefined;
	try {
		const fields = await new Promise<readonly FieldPacket[]>((resolve, reject) => {
			const late = new SluiceError('sql.time', `The query ran longer than ${timeSeconds.toLocaleString('en-GB')} s`);
			timer = setTimeout(() => reject(late), Math.min(timeSeconds * 1000, 2 ** 31 - 1));
			client.on('error', reject).on('end', () => reject(new Error('Connection lost: the server closed it')));
			client.query('SET SESSION TRANSACTION READ ONLY', (error) => error && reject(error));
			client.query(`SELECT * FROM (${query}) AS sluice_rows LIMIT 0`, (error, _rows, given) => (error ? reject(error) : resolve(given)));
		});
		return new Set(fields.filter(({type}) => type === timestampType).map(({name}) => name));
	} catch (error) {
		throw told(error, true);
	} finally {
		clearTimeout(timer);
		client.destroy();
	}
}
