import {spawn} from 'node:child_process';
import {
	accessSync,
	chmodSync,
	closeSync,
	constants,
	existsSync,
	mkdirSync,
	openSync,
	readFileSync,
	realpathSync,
	rmSync,
	statSync,
	watch,
} from 'node:fs';
import {dirname} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {type ErrorBody, SluiceError} from '../model/errors.js';
import {isStopped} from '../platform/processes.js';
import {type Client, createClient} from './client.js';
import {exchange} from './exchange.js';
import {currentUser, type Identity} from './identity.js';
import {type DaemonFile, daemonFiles, socketPath} from './socket-path.js';

export type ConnectOptions = {
	readonly workspaceDir: string;
	readonly identity?: Identity;
	/** Whether a daemon that does not run is started; without it such a workspace is `daemon.not_running`. */
	readonly start?: boolean;
	/** The command line that becomes the daemon. */
	readonly program?: readonly string[];
};

const startTimeoutMs = 30_000;
const answerWithinMs = 10_000;
/** One that answers takes a few milliseconds: after this long without a word its process is looked at. */
const lookAtProcessMs = 1_000;
const nobody: Identity = {user: '', from: 'api'};

/**
 * Finds the daemon of a workspace, or starts one and waits until it listens (SPEC 13).
 *
 * @throws SluiceError `daemon.not_running`, `daemon.start_failed`, or the daemon's own error when it dies at once
 */
export async function connect({workspaceDir, identity, start = true, program}: ConnectOptions): Promise<Client> {
	const dir = realpathSync(workspaceDir);
	const who = identity ?? {user: currentUser(), from: 'cli'};
	const socket = await listening(dir);
	if (socket !== null) return createClient(socket, who);
	if (!start) throw new SluiceError('daemon.not_running', 'No daemon runs for this workspace', {where: dir});
	return createClient(await startDaemon(dir, program ?? ownProgram(['daemon', 'run', '--idle', '--workspace', dir])), who);
}

/** The command line that runs this program with other words. */
export function ownProgram(words: readonly string[]): readonly string[] {
	return [process.execPath, fileURLToPath(new URL('../../cli.js', import.meta.url)), ...words];
}

/** Returns the socket of this workspace that a daemon listens on, or null. @throws SluiceError `daemon.unreachable` when its process is stopped */
export async function listening(dir: string): Promise<string | null> {
	const recorded = recordedDaemon(dir);
	const candidates = new Set([recorded?.socket ?? null, socketPath(dir).path]);
	for (const path of candidates) if (path !== null && (await answers(path, recorded?.pid ?? null))) return path;
	return null;
}

/** The version of the daemon that runs, or ran last, for a workspace; null where none is recorded. */
export function recordedVersion(dir: string): string | null {
	return recordedDaemon(realpathSync(dir))?.version ?? null;
}

function recordedDaemon(dir: string): DaemonFile | null {
	try {
		return JSON.parse(readFileSync(daemonFiles(dir).file, 'utf8')) as DaemonFile;
	} catch {
		return null;
	}
}

/**
 * Whether a daemon answers behind this socket. why an answer and not a connection: a daemon that was killed a moment ago still
 * takes connections while its threads end.
 */
async function answers(path: string, pid: number | null): Promise<boolean> {
	if (Buffer.byteLength(path) > 107 || !existsSync(path)) return false;
	const signal = AbortSignal.timeout(answerWithinMs);
	const answer = exchange({socket: path, identity: nobody, method: 'GET', path: '/daemon', signal}).then(
		() => true,
		() => false,
	);
	for (;;) {
		const heard = await Promise.race([answer, pause(lookAtProcessMs, null, {ref: false})]);
		if (heard !== null) return heard;
		if (pid !== null && isStopped(pid)) {
			throw new SluiceError('daemon.unreachable', `The daemon does not answer: its process ${pid} is stopped`, {
				where: path,
				cure: `Let it go on: kill -CONT ${pid}; or end it, and the next command starts another: kill -9 ${pid}`,
			});
		}
	}
}

/** Starts a daemon and waits until somebody listens: this one, or one that another command started in the same instant. */
async function startDaemon(dir: string, program: readonly string[]): Promise<string> {
	const {state, log, logFile} = daemonFiles(dir);
	makeFolders(state, log);
	const deadline = performance.now() + startTimeoutMs;
	const abort = new AbortController();
	const change = changesOf(state, abort.signal);
	try {
		let start = spawnDaemon(dir, logFile, program);
		while (performance.now() < deadline) {
			const socket = await listening(dir);
			if (socket !== null) {
				await endUnlessServing(start, socket);
				return socket;
			}
			if (start.ended()) {
				const error = lastError(logFile, start.begin);
				if (error?.code !== 'daemon.running') throw await failure(error, logFile, start.begin);
				// why: the one that holds the lock may be about to listen, or about to end.
				await pause(200);
				start = spawnDaemon(dir, logFile, program);
			}
			await Promise.race([change(), start.exited, pause(100)]);
		}
		throw new SluiceError('daemon.start_failed', `The daemon did not listen within ${startTimeoutMs / 1000} s`, {where: logFile});
	} finally {
		abort.abort();
	}
}

/** @throws SluiceError `daemon.folder_open` where the state folder cannot be: its place is taken, or may not be written */
function makeFolders(state: string, log: string): void {
	try {
		for (const folder of [state, log]) makeFolder(folder);
		accessSync(log, constants.W_OK);
	} catch (cause) {
		const {code} = cause as NodeJS.ErrnoException;
		const cure = cures[code ?? ''] ?? 'Look at the disk and the rights of this folder.';
		throw new SluiceError('daemon.folder_open', `The state folder cannot be made or written (${code})`, {
			where: state,
			expected: 'a folder of yours, or nothing yet, or a link to a folder of yours',
			cure,
			cause,
		});
	}
}

const rights = 'Work as the user the workspace belongs to, or give this one the right to write it.';
const cures: Readonly<Record<string, string>> = {
	ENOTDIR: 'Something else has its name: move that away.',
	EEXIST: 'It is a link that leads nowhere: make the folder it names, or remove the link.',
	EACCES: rights,
	EPERM: rights,
	EROFS:
		'The workspace lies on a file system that is read only: copy it elsewhere, or make .sluice a link to a folder that can be written.',
	ENOSPC: 'The disk is full: make room there.',
};

/** why not with all its parents: on a file system that is read only Node then says that something is missing */
function makeFolder(folder: string): void {
	try {
		mkdirSync(folder, {mode: 0o700});
		chmodSync(folder, 0o700);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !existsSync(folder)) throw error;
	}
}

function openLog(file: string): number {
	try {
		return openSync(file, 'a', 0o600);
	} catch (cause) {
		const {code = ''} = cause as NodeJS.ErrnoException;
		throw new SluiceError('daemon.start_failed', `The log of the daemon cannot be written (${code})`, {
			where: file,
			cure: Object.hasOwn(cures, code) ? cures[code] : undefined,
			cause,
		});
	}
}

type Start = {readonly pid: number | undefined; readonly begin: number; readonly exited: Promise<void>; ended(): boolean};

function spawnDaemon(dir: string, logFile: string, [command = process.execPath, ...args]: readonly string[]): Start {
	const output = openLog(logFile);
	const begin = statSync(logFile).size;
	// why: its own session, so that neither Ctrl-C nor a closed SSH session takes the daemon down with the command.
	const child = spawn(command, args, {cwd: dir, detached: true, stdio: ['ignore', output, output]});
	closeSync(output);
	child.unref();
	let over = false;
	const exited = new Promise<void>((resolve) => {
		const finish = (): void => {
			over = true;
			resolve();
		};
		child.once('error', finish);
		child.once('exit', finish);
	});
	return {pid: child.pid, begin, exited, ended: () => over};
}

/**
 * Ends a daemon that was started while another one came to listen. Left alone it would serve the workspace as soon as the other one is stopped.
 */
async function endUnlessServing({pid, ended}: Start, socket: string): Promise<void> {
	if (pid === undefined || ended()) return;
	const serving = await createClient(socket, nobody)
		.daemon()
		.catch(() => null);
	if (serving === null || serving.pid === pid || ended()) return;
	try {
		process.kill(pid, 'SIGTERM');
	} catch {
		// It has ended.
	}
}

/** A function that waits for the next change of a folder. A hint alone: whoever waits looks again by himself. */
function changesOf(folder: string, signal: AbortSignal): () => Promise<void> {
	let tell: () => void = () => undefined;
	const watcher = watch(folder, {signal}, () => tell());
	watcher.on('error', () => undefined);
	return () =>
		new Promise((resolve) => {
			tell = resolve;
		});
}

async function failure(error: ErrorBody | null, logFile: string, begin: number): Promise<SluiceError> {
	if (error) return SluiceError.from(error);
	const unwritable = await lackOfLog(logFile);
	if (unwritable) return unwritable;
	return new SluiceError('daemon.start_failed', `The daemon ended while it was starting: ${tail(logFile, begin)}`, {where: logFile});
}

/** What keeps the daemon's own last words from being written, such as a full disk: the reason that it could not start either. */
async function lackOfLog(logFile: string): Promise<SluiceError | null> {
	const [{causeOfNotWritten}, {writeWholeNow}] = await Promise.all([
		import('../platform/files/file-error.js'),
		import('../platform/files/whole-file.js'),
	]);
	const probe = `${logFile}.${process.pid}.probe`;
	try {
		writeWholeNow(probe, Buffer.alloc(probeBytes));
		rmSync(probe, {force: true});
		return null;
	} catch (cause) {
		return new SluiceError('daemon.disk', `The daemon could not start: its state cannot be written: ${causeOfNotWritten(cause)}`, {
			where: dirname(dirname(logFile)),
			cure: 'Make room there, or give the right to write there; then run the command again.',
			cause,
		});
	}
}

/** More than a file system keeps in the entry of a file itself. */
const probeBytes = 8192;

/** The daemon's own last words: a line `{"error": {code, message, ...}}` of its log, written since `begin`. */
function lastError(logFile: string, begin: number): ErrorBody | null {
	for (const line of readFileSync(logFile).subarray(begin).toString('utf8').split('\n').reverse()) {
		if (!line.includes('"error":{"code"')) continue;
		try {
			return (JSON.parse(line) as {error: ErrorBody}).error;
		} catch {
			// A line cut by the crash itself: an earlier one may be whole.
		}
	}
	return null;
}

function tail(logFile: string, begin: number): string {
	const text = readFileSync(logFile).subarray(begin).toString('utf8').trim();
	return text === '' ? 'it left no message' : text.slice(-500);
}
