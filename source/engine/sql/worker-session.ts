import {mkdirSync, realpathSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import {join} from 'node:path';
import {SluiceError} from '../../model/errors.js';
import {toJson} from '../../model/json.js';
import type {Limits} from '../../model/limits.js';
import type {ByteSession, SqlSession} from '../../model/sql-session.js';
import {identifier} from '../../model/sql-text.js';
import {descendants, startTime} from '../../platform/processes.js';
import type {AccessConfiguration, SqlLimits} from './access.js';
import {collectionsOf, redactor, type Secrets} from './collections.js';
import {watchLimits} from './limits-watch.js';
import type {MysqlKindsOf} from './outside/exact-values.js';
import type {OpenMode} from './protocol.js';
import type {WallKind} from './sandbox/wall.js';
import {SqlClock} from './sql-clock.js';
import {endAll, startProcess} from './start-process.js';
import type {WorkerConnection} from './worker-connection.js';

export type WorkerOptions = {
	/** The execution's folder, absolute; the worker's tables live in `<folder>/chdb`. */
	readonly folder: string;
	readonly limits: Limits;
	/** The workspace's time zone: what the user's SQL reads and prints without an offset is a time there (SPEC 5.1). UTC unless given. */
	readonly timezone?: string;
	/** The connector's secrets; with any, the sandbox has a network. Never written to the folder. */
	readonly secrets?: Secrets;
	/** The names of secrets that the connector names and that are not set. */
	readonly unset?: readonly string[];
	/** Files outside the folder that the worker must read, such as a sample; bound read-only into the sandbox. */
	readonly readOnly?: readonly string[];
	/** How much further than its starter the worker steps back from the cores, as `nice -n` means it. */
	readonly stepsBack?: number;
	/** The walls to try, in order; all kinds unless told otherwise. */
	readonly sandboxKinds?: readonly WallKind[];
};

/** The SQL engine of one execution, in a process of its own. Calls fail with `sql.crashed` when it ends by itself. */
export interface SqlWorker extends SqlSession, ByteSession {
	/** Closes the sessions and opens them in another mode. Nothing else may be under way; temporary and Memory tables are gone. */
	open(mode: OpenMode): Promise<void>;
	readonly mode: OpenMode;
	/** The same engine, for statements that do not stand in line with the others. None may be under way when the worker is opened anew. */
	readonly backgroundSession: SqlSession;
	/** Ends the worker at once, whatever it does; open calls fail with `sql.cancelled`. Resolves when its processes are gone. */
	kill(): Promise<void>;
	/** The same because a limit was exceeded: open and later calls fail with `reason`. */
	stop(reason: SluiceError): Promise<void>;
	/** The time of the user's SQL. */
	readonly clock: SqlClock;
	/** The process that holds the engine, and its start time (/proc), for whoever must end it later. */
	readonly pid: number;
	readonly start: string;
	/** What stands between SQL and the machine: `guard`, and `sandbox` where there is one. */
	readonly walls: readonly string[];
	/** The program that built the sandbox, such as `/usr/bin/bwrap`; null where there is none. */
	readonly sandbox: string | null;
	/** Such as `chdb 26.7.2.1`. */
	readonly engine: string;
	readonly limits: SqlLimits;
	/** The time zone of the user's SQL. */
	readonly timezone: string;
	/** The names of the secrets, as SQL knows them. */
	readonly collections: readonly string[];
	/** The names of those that are not set. */
	readonly unset: readonly string[];
	readonly redact: (text: string) => string;
	readonly mysqlKindsOf: MysqlKindsOf;
	/** The most memory the worker has held so far, in bytes. */
	peakMemory(): Promise<number>;
	/** Settles when the worker's process has ended, whatever ended it. */
	readonly ended: Promise<void>;
}

/** What is gathered before it is written as one part: a million rows of twelve columns are four. The engine's 256 MiB take as much again. */
const insertBlockBytes = 64 * 1024 * 1024;

/**
 * Settings of every session. why CSV is not read in parallel: rows of short cells cost twice the processor time on two threads, for the same
 * wait (1M x 12: 0.38 s against 0.85 s).
 * Exact numbers in JSON, inserts in the order given, blocks of a size that keeps memory flat. */
export function sessionSettings(threads: number): readonly string[] {
	return [
		'SET output_format_json_quote_64bit_integers = 1, output_format_json_quote_decimals = 1, output_format_json_quote_denormals = 0',
		`SET max_threads = ${threads}, max_insert_threads = 1, mutations_sync = 1, max_block_size = 16384`,
		`SET min_insert_block_size_bytes = ${insertBlockBytes}, input_format_parallel_parsing = 0`,
		'SET query_plan_remove_redundant_sorting = 0, insert_allow_materialized_columns = 1',
		// A folder named `a=1` in a page's path would replace the column `a`.
		'SET use_hive_partitioning = 0',
	];
}

/** Bounds of our own statements, which name every column of a page: thousands of them are no attack. */
export const longStatements = 'max_query_size = 16777216, max_ast_elements = 10000000, max_expanded_ast_elements = 10000000';

/** Threads of a statement: what the limits allow and the machine has. */
export function threadsOf({sqlThreads}: Limits): number {
	return Math.max(1, Math.min(sqlThreads, availableParallelism()));
}

/**
 * Starts the worker and opens it in `trusted` mode.
 *
 * @throws SluiceError `sql.sandbox_missing`, `sql.engine_missing`, `sql.secret_invalid`, `sql.crashed`
 */
export async function startWorker(options: WorkerOptions): Promise<SqlWorker> {
	const {folder: wanted, limits, timezone = 'UTC', secrets = {}, unset = [], readOnly = [], stepsBack = 0, sandboxKinds} = options;
	mkdirSync(wanted, {recursive: true, mode: 0o700});
	const folder = realpathSync(wanted);
	const collections = collectionsOf(secrets);
	const redact = redactor(secrets);
	const {child, connection, wall} = await startProcess({
		...{folder, readOnly, stepsBack, redact, timezone},
		sandbox: limits.sqlSandbox,
		network: collections.length > 0,
		...(sandboxKinds ? {walls: sandboxKinds} : {}),
	});
	const threads = threadsOf(limits);
	const access: AccessConfiguration = {
		limits: {
			memoryBytes: limits.sqlMemoryBytes,
			timeSeconds: limits.sqlTimeSeconds,
			rows: limits.sqlRows,
			threads,
			diskBytes: limits.sqlDiskBytes,
		},
		collections,
	};
	const open = async (to: OpenMode) => {
		const restricted = to === 'restricted';
		const settings = restricted
			? sessionSettings(threads)
			: [...sessionSettings(threads), `SET max_memory_usage = ${limits.sqlMemoryBytes}, ${longStatements}`];
		return await connection.ask({do: 'open', access: restricted ? access : null, settings});
	};
	const version = versionOf(await open('trusted'));
	const launcher = child.pid;
	if (launcher === undefined) throw new SluiceError('sql.crashed', 'The SQL engine did not start');
	const pid = descendants(launcher).at(-1) ?? launcher;
	let mode: OpenMode = 'trusted';
	let endWatch = (): void => undefined;
	const endWith = (reason: SluiceError): Promise<void> => endAll(child, connection, reason);
	void connection.ended.then(() => endWatch());

	return {
		...sessionOf(connection, false),
		bytes: (sql) => connection.bytes(sql),
		backgroundSession: sessionOf(connection, true),
		pid,
		start: startTime(pid),
		walls: wall === null ? ['guard'] : ['guard', 'sandbox'],
		sandbox: wall,
		engine: `chdb ${version}`,
		limits: access.limits,
		timezone,
		collections: collections.map(({name}) => name),
		unset,
		redact,
		async mysqlKindsOf(secret, query) {
			const {mysqlColumnKinds} = await import('../outside/mysql-column-kinds.js');
			return await mysqlColumnKinds(secret, secrets[secret] ?? {}, query, limits.sqlTimeSeconds);
		},
		ended: connection.ended,
		get mode() {
			return mode;
		},
		clock: new SqlClock(access.limits.timeSeconds),
		async open(to) {
			endWatch();
			await open(to);
			mode = to;
			if (to === 'restricted') {
				endWatch = await watchLimits({pid, folder: join(folder, 'chdb'), limits: access.limits, stop: (reason) => void endWith(reason)});
			}
		},
		kill: () => endWith(cancelled()),
		stop: endWith,
		async peakMemory() {
			return Number(await connection.ask({do: 'memory'}));
		},
	};
}

export function sessionOf(connection: WorkerConnection, beside: boolean): SqlSession {
	return {
		async execute(sql) {
			await connection.ask({do: 'execute', sql, beside});
		},
		async rows<Row extends Record<string, unknown>>(sql: string) {
			return (await connection.ask({do: 'rows', sql, beside})) as readonly Row[];
		},
		blocks: (sql) => connection.stream(sql),
		async insert(table, columns, block) {
			if ((block[0]?.length ?? 0) === 0) return;
			const names = columns.map(identifier).join(', ');
			await connection.ask({do: 'insert', sql: `INSERT INTO ${table} (${names}) FORMAT JSONCompactColumns`}, toJson(block));
		},
	};
}

function versionOf(answer: unknown): string {
	const [row] = answer as readonly {version: string}[];
	return row?.version ?? 'unknown';
}

function cancelled(): SluiceError {
	return new SluiceError('sql.cancelled', 'The SQL was stopped');
}
