import type {FieldPacket} from 'mysql2';
import {SluiceError} from '../../model/errors.js';
import type {MysqlColumnKind} from '../sql/outside/exact-columns.js';
import {connectionOf} from './connection.js';
import {databaseError} from './database-error.js';
import {openMysqlClient} from './mysql.js';
import {requireSelect} from './require-select.js';

const timestampType = 7;
const geometryType = 255;
/** VARCHAR, the BLOBs, VARBINARY and BINARY. */
const textTypes: readonly number[] = [15, 249, 250, 251, 252, 253, 254];
const binaryCharset = 63;
const zerofillFlag = 64;

/**
 * The columns of a query of MySQL whose kind the engine's type does not tell, such as TIMESTAMP and DATETIME. No row is asked for.
 *
 * @throws SluiceError `source.*`
 */
export async function mysqlColumnKinds(
	secretName: string,
	secret: Readonly<Record<string, string>>,
	query: string,
	timeSeconds: number,
): Promise<ReadonlyMap<string, MysqlColumnKind>> {
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
		return new Map(
			fields.flatMap((field) => {
				const kind = kindOf(field);
				return kind === null ? [] : [[field.name, kind] as const];
			}),
		);
	} catch (error) {
		throw told(error, true);
	} finally {
		clearTimeout(timer);
		client.destroy();
	}
}

function kindOf({type, characterSet, flags}: FieldPacket): MysqlColumnKind | null {
	if (type === timestampType) return 'instant';
	if (type === geometryType) return 'geometry';
	if (typeof flags === 'number' && (flags & zerofillFlag) !== 0) return 'zerofill';
	return textTypes.includes(Number(type)) && characterSet === binaryCharset ? 'bytes' : null;
}
