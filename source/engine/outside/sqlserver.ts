import {SluiceError} from '../../model/errors.js';
import type {Connection} from './connection.js';
import type {DatabaseQuery} from './database-query.js';
import type {OpenDatabase} from './postgres.js';

/** Connects to SQL Server. @throws SluiceError `source.driver_missing` */
export async function openSqlServer(_connection: Connection, _asked: DatabaseQuery): Promise<OpenDatabase> {
	throw new SluiceError('source.driver_missing', 'SQL Server');
}
