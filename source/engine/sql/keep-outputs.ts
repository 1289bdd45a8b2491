import {SluiceError} from '../../model/errors.js';
import {identifier, keptTable, literal} from '../../model/sql-text.js';
import {keptDatabase, type SqlLimits} from './access.js';
import {createKept, type KeptColumn, keptColumns, keptValue, type OutputColumn} from './kept-columns.js';
import type {SqlWorker} from './worker-session.js';

/** A table or view that the SQL left in `output`, as it is kept in `` run.`sql:<table>` ``. `isErrors`: it goes no further (SPEC 5.2). */
export type KeptOutput = {
	readonly table: string;
	readonly rows: number;
	/** Without `__row` and `__line`. */
	readonly columns: readonly KeptColumn[];
	readonly isErrors: boolean;
};

type OutputTable = {readonly name: string; readonly sortingKey: string};

function tooManyRows({rows}: SqlLimits): string {
	return `The table holds more than ${rows.toLocaleString('en-GB')} rows`;
}

function failure(error: unknown, table: string, limits: SqlLimits): unknown {
	if (!(error instanceof SluiceError) || error.code === 'sql.crashed' || error.code === 'sql.cancelled') return error;
	const message = error.code === 'sql.rows' ? tooManyRows(limits) : error.message;
	return new SluiceError(error.code, message, {where: `output.${table}`, cause: error.cause});
}

async function columnsOf(worker: SqlWorker, table: string): Promise<readonly OutputColumn[]> {
	const rows = await worker.rows<{name: string; type: string; kind: string}>(
		`SELECT name, type, default_kind AS kind FROM system.columns WHERE database = 'output' AND table = ${literal(table)} ORDER BY position`,
	);
	return rows.map(({name, type, kind}) => ({name, type, hidden: kind === 'MATERIALIZED' || kind === 'ALIAS' || kind === 'EPHEMERAL'}));
}

/**
 * Copies one output, numbered, on one thread so that its order stays. A MergeTree table has the order of its sorting key: what the
 * statement gave is gone once its rows are stored.
 */
async function copy(worker: SqlWorker, {name, sortingKey}: OutputTable): Promise<KeptOutput> {
	const columns = await columnsOf(worker, name);
	const kept = keptColumns(columns);
	const target = `${keptDatabase}.${identifier(`sql:${name}`)}`;
	const carriesLine = columns.some((column) => column.name === '_line');
	const names = [...new Set([...columns.filter(({hidden}) => !hidden).map((column) => column.name), ...(carriesLine ? ['_line'] : [])])];
	const order = sortingKey === '' ? '' : ` ORDER BY ${sortingKey}`;
	const line = carriesLine ? 'toUInt64OrNull(toString(`_line`))' : 'NULL';
	await worker.execute(`DROP TABLE IF EXISTS ${target} SYNC`);
	await worker.execute(createKept(target, kept));
	await worker.execute(
		`INSERT INTO ${target}
		SELECT rowNumberInAllBlocks() + 1, ${[line, ...columns.filter(({hidden}) => !hidden).map(keptValue)].join(', ')}
		FROM (SELECT ${names.map(identifier).join(', ')} FROM output.${identifier(name)}${order})`,
	);
	const [counted] = await worker.rows<{rows: string}>(`SELECT count() AS rows FROM ${target}`);
	const rows = Number(counted?.rows ?? 0);
	// Why here too: a few rows more than the limit pass the engine's own check, which looks after each block.
	if (rows > worker.limits.rows) throw new SluiceError('sql.rows', tooManyRows(worker.limits));
	return {table: name, rows, columns: kept, isErrors: name.endsWith('errors')};
}

/**
 * Keeps every table and view that stands in `output`, in name order, as `` run.`sql:<table>` `` with its rows numbered in the order the SQL
 * gave, and leaves the worker in `trusted` mode. Views are read under the limits and grants of the script that made them.
 *
 * @throws SluiceError `sql.no_output`; `sql.memory`, `sql.time`, `sql.rows`, `sql.failed` when a view or table cannot be read
 */
export async function keepOutputs(worker: SqlWorker): Promise<readonly KeptOutput[]> {
	if (worker.mode !== 'restricted') throw new SluiceError('internal', 'Outputs are kept from the session that made them');
	const tables = await worker.rows<OutputTable & Record<string, unknown>>(
		"SELECT name, sorting_key AS sortingKey FROM system.tables WHERE database = 'output' AND NOT is_temporary ORDER BY name",
	);
	if (tables.length === 0) throw new SluiceError('sql.no_output', 'The SQL left no table in the database output');
	await worker.execute(`SET max_execution_time = ${worker.limits.timeSeconds}, max_threads = 1`);
	const kept: KeptOutput[] = [];
	for (const table of tables) {
		try {
			kept.push(await copy(worker, table));
		} catch (error) {
			throw failure(error, table.name, worker.limits);
		}
	}
	await worker.open('trusted');
	for (const {table} of kept) {
		await worker.execute(`DROP TABLE IF EXISTS ${keptTable(`sql:${table}`)} SYNC`);
		await worker.execute(`RENAME TABLE ${keptDatabase}.${identifier(`sql:${table}`)} TO ${keptTable(`sql:${table}`)}`);
	}
	return kept;
}
