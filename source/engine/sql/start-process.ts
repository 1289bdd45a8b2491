import {type ChildProcess, spawn} from 'node:child_process';
import {SluiceError} from '../../model/errors.js';
import type {Limits} from '../../model/limits.js';
import {descendants, endProcess, gone} from '../../platform/processes.js';
import type {CommandLine} from './sandbox/command-line.js';
import {openingOf} from './sandbox/namespaces.js';
import {type Walled, type WallKind, wallAround, wallKinds} from './sandbox/wall.js';
import {WorkerConnection} from './worker-connection.js';
import {findWorkerProgram, workerCommand} from './worker-program.js';

export type ProcessOptions = {
	/** Absolute and real. */
	readonly folder: string;
	readonly sandbox: Limits['sqlSandbox'];
	readonly readOnly: readonly string[];
	readonly stepsBack: number;
	readonly network: boolean;
	/**
	 * The time zone of moments whose type names none. A setting of the session would not do: functions such as toString and toHour look at
	 * the zone of the process.
	 */
	readonly timezone: string;
	readonly redact: (text: string) => string;
	/** The walls to try, in order. */
	readonly walls?: readonly WallKind[];
};

export type WorkerProcess = {
	readonly child: ChildProcess;
	readonly connection: WorkerConnection;
	/** The program that built the second wall, such as `/usr/bin/bwrap`; null where the guard is alone. */
	readonly wall: string | null;
};

/** A wall that was tried and does not stand, and the reason. */
export type Fallen = {readonly kind: WallKind; readonly reason: string};

/**
 * The engine has no environment of anybody: no credentials, no proxies. It has no home either, where libraries look for credentials, and
 * does not ask the cloud's metadata service for them.
 * `PGTZ`, `PGDATESTYLE`: connections to PostgreSQL print instants in UTC and in ISO's order, whatever the role's own settings.
 */
const environment = {PGTZ: 'UTC', PGDATESTYLE: 'ISO, MDY', HOME: '/dev/null', AWS_EC2_METADATA_DISABLED: 'true'};

/** How long a wall may take to stand, on a machine that is busy. */
const patienceMs = 60_000;

/**
 * The worker's process behind the first wall that stands; without one, behind the guard alone. The engine is not loaded yet.
 *
 * @throws SluiceError `sql.sandbox_missing` when a wall is required and none stands, `sql.engine_missing`, `sql.crashed` when a signal ended it
 */
export async function startProcess(options: ProcessOptions): Promise<WorkerProcess> {
	if (options.sandbox === 'off') return startPlain(options);
	const fallen: Fallen[] = [];
	for (const kind of options.walls ?? wallKinds) {
		const started = await startBehind(kind, options);
		if ('connection' in started) return started;
		fallen.push(started);
	}
	if (options.sandbox === 'required') throw sandboxMissing(fallen);
	return startPlain(options);
}

/** The worker's process behind a wall of this kind, which it has looked at from inside, and we from outside. */
export async function startBehind(kind: WallKind, options: ProcessOptions): Promise<WorkerProcess | Fallen> {
	const {folder, readOnly, network, stepsBack} = options;
	const {entry, needs, code} = findWorkerProgram();
	const wall = wallAround(
		kind,
		{folder, readOnly: [...needs, ...readOnly], code, network},
		workerCommand(entry, folder, stepsBack, 'walled'),
	);
	if ('lack' in wall) return {kind, reason: wall.lack};
	const {child, connection} = start(wall.command, options);
	const reason = await weakness(child, connection, wall);
	if (reason === null) return {child, connection, wall: wall.program};
	await endAll(child, connection, new SluiceError('sql.crashed', `The wall of ${wall.program} does not hold`));
	return {kind, reason: `${wall.program}: ${reason}`};
}

async function weakness(child: ChildProcess, connection: WorkerConnection, {expectation}: Walled): Promise<string | null> {
	let isLate = false;
	const late = setTimeout(() => {
		isLate = true;
		child.kill('SIGKILL');
	}, patienceMs);
	try {
		await connection.ask({do: 'look', expectation});
		const pid = child.pid === undefined ? undefined : descendants(child.pid).at(-1);
		return pid === undefined ? 'its process is not found' : openingOf(pid, expectation.network);
	} catch (error) {
		if (isLate) return `it does not stand within ${patienceMs / 1000} s`;
		if (error instanceof SluiceError && error.code === 'sql.crashed') await connection.ended;
		// Ended from outside, for want of memory for example: that says nothing about the wall, and must not lead to a start without one.
		if (child.signalCode !== null || (child.exitCode ?? 0) > 128) throw error;
		const said = connection.stderr.trim().split('\n').at(-1) ?? '';
		return said === '' ? (error instanceof Error ? error.message : String(error)) : said;
	} finally {
		clearTimeout(late);
	}
}

function startPlain(options: ProcessOptions): WorkerProcess {
	const {entry} = findWorkerProgram();
	return {...start(workerCommand(entry, options.folder, options.stepsBack, 'plain'), options), wall: null};
}

function start({program, arguments: given}: CommandLine, {folder, redact, timezone}: ProcessOptions) {
	// A session of its own: `SYSTEM SHUTDOWN` sends a signal to the whole process group, which no namespace bounds.
	const child = spawn(program, given, {cwd: folder, env: {...environment, TZ: timezone}, stdio: ['pipe', 'pipe', 'pipe'], detached: true});
	return {child, connection: new WorkerConnection(child, redact)};
}

/** Ends a worker with the processes that built its walls; open and later calls fail with `reason`. Resolves when all are gone. */
export async function endAll(child: ChildProcess, connection: WorkerConnection, reason: SluiceError): Promise<void> {
	const all = child.pid === undefined ? [] : descendants(child.pid);
	connection.stop(reason);
	for (const inner of all) endProcess(inner);
	await connection.ended;
	await Promise.all(all.map(gone));
}

function sandboxMissing(fallen: readonly Fallen[]): SluiceError {
	return new SluiceError('sql.sandbox_missing', 'The SQL engine has to run in a sandbox, and none can be built on this machine', {
		expected: fallen.map(({kind, reason}) => `${kind} (${reason})`).join('; '),
	});
}
