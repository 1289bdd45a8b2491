import {SluiceError} from '../../model/errors.js';
import {identifier, keptTable} from '../../model/sql-text.js';
import {keptDatabase, type SqlLimits} from './access.js';
import {dropScratch} from './drop-scratch.js';
import {createKept, isOwnColumn, type KeptColumn, keptColumns} from './kept-columns.js';
import {limitText} from './script-error.js';
import {executionTime, SqlClock} from './sql-clock.js';
import {columnsOf, numberedRows, stagedOutput} from './staged-output.js';
import type {SqlWorker} from './worker-session.js';

/** A table or view that the SQL left in `output`, as it is kept in `` run.`sql:<table>` ``. `isErrors`: it goes no further (SPEC 5.2). */
export type KeptOutput = {
	readonly table: string;
	readonly rows: number;
	/** Without `__row` and `__line`. */
	readonly columns: readonly KeptColumn[];
	readonly isErrors: boolean;
};

/** `staged`: its rows were kept as the statement gave them (keep-at-once.ts). `isView`: the script's SQL runs when its rows are read. */
type OutputTable = {
	readonly name: string;
	readonly sortingKey: string;
	readonly staged: number;
	readonly isView: number;
	readonly bytes: string | number | null;
};

function tooManyRows({rows}: SqlLimits): string {
	return `The table holds more than ${rows.toLocaleString('en-GB')} rows`;
}

/** A view runs its statement when its rows are read: the rows of one that are too many may be those that it reads. */
function failure(error: unknown, {name, isView}: OutputTable, limits: SqlLimits): unknown {
	if (!(error instanceof SluiceError) || error.code === 'sql.crashed' || error.code === 'sql.cancelled') return error;
	const message =
		error.code === 'sql.rows' && isView !== 1 ? tooManyRows(limits) : (limitText(error.code, limits, error.message) ?? error.message);
	return new SluiceError(error.code, message, {where: `output.${name}`, cause: error.cause});
}

async function outputTables(worker: SqlWorker): Promise<readonly OutputTable[]> {
	const tables = await worker.rows<OutputTable & Record<string, unknown>>(
		`SELECT if(staged, substring(system.tables.name, ${'sql:'.length + 1}), system.tables.name) AS name, sorting_key AS sortingKey, database = '${keptDatabase}' AS staged, engine LIKE '%View' AS isView, total_bytes AS bytes
		FROM system.tables WHERE database IN ('output', '${keptDatabase}') AND NOT is_temporary ORDER BY name, staged`,
	);
	// why the first: what stands in `output` is newer than what an interrupted copy left
	return tables.filter(({name}, at) => name !== tables[at - 1]?.name);
}

/**
 * Copies one output, numbered, on one thread so that its order stays. A MergeTree table has the order of its sorting key: what the
 * statement gave is gone once its rows are stored.
 */
async function copy(worker: SqlWorker, {name, sortingKey}: OutputTable): Promise<void> {
	const columns = await columnsOf(worker, 'output', name);
	const target = stagedOutput(name);
	const carriesLine = columns.some((column) => column.name === '_line');
	const names = [...new Set([...columns.filter(({hidden}) => !hidden).map((column) => column.name), ...(carriesLine ? ['_line'] : [])])];
	const order = sortingKey === '' ? '' : ` ORDER BY ${sortingKey}`;
	await worker.execute(`DROP TABLE IF EXISTS ${target} SYNC`);
	await worker.execute(createKept(target, keptColumns(columns, worker.timezone)));
	const rows = numberedRows(columns, `SELECT ${names.map(identifier).join(', ')} FROM output.${identifier(name)}${order}`);
	await worker.execute(`INSERT INTO ${target}\n${rows}`);
}

/** A view is the script's SQL and has what is left of the script's time. To copy a stored table is our own work, and has a time of its own. */
async function copyInTime(worker: SqlWorker, output: OutputTable): Promise<void> {
	const clock = output.isView === 1 ? worker.clock : new SqlClock(worker.limits.timeSeconds);
	await clock.within(worker, async (secondsLeft) => {
		await worker.execute(`SET max_execution_time = ${executionTime(secondsLeft)}, max_threads = 1`);
		await copy(worker, output);
	});
}

async function kept(worker: SqlWorker, output: OutputTable): Promise<KeptOutput> {
	const {name, staged} = output;
	if (staged === 0) await copyInTime(worker, output);
	const [counted] = await worker.rows<{rows: string}>(`SELECT count() AS rows FROM ${stagedOutput(name)}`);
	const rows = Number(counted?.rows ?? 0);
	// Why here too: a few rows more than the limit pass the engine's own check, which looks after each block.
	if (rows > worker.limits.rows) throw new SluiceError('sql.rows', tooManyRows(worker.limits));
	const columns = (await columnsOf(worker, keptDatabase, `sql:${name}`)).filter((column) => !isOwnColumn(column.name));
	return {table: name, rows, columns: columns.map(({name, type}) => ({name, type})), isErrors: name.endsWith('errors')};
}

/**
 * Keeps every table and view that stands in `output`, in name order, as `` run.`sql:<table>` `` with its rows numbered in the order the SQL
 * gave, and leaves the worker in `trusted` mode. Views are read under the limits and grants of the script that made them.
 *
 * @throws SluiceError `sql.no_output`; `sql.memory`, `sql.time`, `sql.rows`, `sql.disk`, `sql.failed` when a view or table cannot be read
 */
export async function keepOutputs(worker: SqlWorker): Promise<readonly KeptOutput[]> {
	if (worker.mode !== 'restricted') throw new SluiceError('internal', 'Outputs are kept from the session that made them');
	const tables = await outputTables(worker);
	if (tables.length === 0) throw new SluiceError('sql.no_output', 'The SQL left no table in the database output');
	const outputs: KeptOutput[] = [];
	for (const table of tables) {
		try {
			outputs.push(await kept(worker, table));
		} catch (error) {
			throw failure(error, table, worker.limits);
		}
	}
	await settle(worker, outputs);
	return outputs;
}

/** Leaves the worker in `trusted` mode. */
async function settle(worker: SqlWorker, outputs: readonly KeptOutput[]): Promise<void> {
	await worker.open('trusted');
	for (const {table} of outputs) {
		await worker.execute(`DROP TABLE IF EXISTS ${keptTable(`sql:${table}`)} SYNC`);
		await worker.execute(`RENAME TABLE ${stagedOutput(table)} TO ${keptTable(`sql:${table}`)}`);
	}
}

/** The most that the tables of a script which failed may hold. They are for inspection alone, and stay as long as the execution. */
const mostBuiltBytes = 200_000_000;

/**
 * Keeps the tables that a script had built in `output` when it failed, the smallest first, as far as they are not too large to keep; drops
 * everything else that it left. Views are not read: they may be what failed. The worker is left in `trusted` mode.
 *
 * @returns the names of what is kept and what is not
 */
export async function keepBuilt(worker: SqlWorker): Promise<{readonly kept: readonly string[]; readonly dropped: readonly string[]}> {
	await worker.open('restricted');
	const tables = (await outputTables(worker)).filter(({isView}) => isView === 0);
	const outputs: KeptOutput[] = [];
	const dropped: string[] = [];
	let bytes = 0;
	for (const table of tables.toSorted((a, b) => Number(a.bytes) - Number(b.bytes))) {
		bytes += Number(table.bytes);
		const output = bytes > mostBuiltBytes ? null : await kept(worker, table).catch(unlessGone);
		if (output) outputs.push(output);
		else dropped.push(table.name);
	}
	await settle(worker, outputs);
	await dropScratch(worker);
	return {kept: outputs.map(({table}) => table), dropped};
}

/** A table that cannot be kept is left out; an engine that is gone keeps none. */
function unlessGone(error: unknown): null {
	if (error instanceof SluiceError && (error.code === 'sql.crashed' || error.code === 'sql.cancelled')) throw error;
	return null;
}
