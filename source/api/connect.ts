import {spawn} from 'node:child_process';
import {chmodSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, realpathSync, statSync, watch} from 'node:fs';
import {connect as openSocket} from 'node:net';
import {fileURLToPath} from 'node:url';
import {type ErrorBody, SluiceError} from '../model/errors.js';
import {type Client, createClient} from './client.js';
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
	return createClient(await startDaemon(dir, program ?? ownProgram(dir)), who);
}

function ownProgram(dir: string): readonly string[] {
	return [process.execPath, fileURLToPath(new URL('../../cli.js', import.meta.url)), 'daemon', 'run', '--idle', '--workspace', dir];
}

/** The socket somebody listens on for this workspace, or null. */
export async function listening(dir: string): Promise<string | null> {
	const candidates = new Set([recordedSocket(dir), socketPath(dir).path]);
	for (const path of candidates) if (path !== null && (await answers(path))) return path;
	return null;
}

function recordedSocket(dir: string): string | null {
	try {
		return (JSON.parse(readFileSync(daemonFiles(dir).file, 'utf8')) as DaemonFile).socket;
	} catch {
		return null;
	}
}

function answers(path: string): Promise<boolean> {
	if (Buffer.byteLength(path) > 107) return Promise.resolve(false);
	return new Promise((resolve) => {
		const socket = openSocket(path);
		socket.once('connect', () => {
			socket.destroy();
			resolve(true);
		});
		socket.once('error', () => resolve(false));
	});
}

async function startDaemon(dir: string, [command = process.execPath, ...args]: readonly string[]): Promise<string> {
	const {state, log, logFile} = daemonFiles(dir);
	if (!existsSync(state)) {
		mkdirSync(state, {recursive: true, mode: 0o700});
		chmodSync(state, 0o700);
	}
	mkdirSync(log, {recursive: true, mode: 0o700});
	const output = openSync(logFile, 'a', 0o600);
	const begin = statSync(logFile).size;
	// why: its own session, so that neither Ctrl-C nor a closed SSH session takes the daemon down with the command.
	const child = spawn(command, args, {cwd: dir, detached: true, stdio: ['ignore', output, output]});
	closeSync(output);
	child.unref();
	return await new Promise<string>((resolve, reject) => {
		let looking = false;
		let exited = false;
		let over = false;
		const finish = (): void => {
			over = true;
			watcher.close();
			clearInterval(interval);
			clearTimeout(timeout);
		};
		const look = async (): Promise<void> => {
			if (looking || over) return;
			looking = true;
			const socket = await listening(dir);
			looking = false;
			if (socket !== null) {
				finish();
				resolve(socket);
				return;
			}
			if (!exited) return;
			const error = lastError(logFile, begin);
			// why: another command may have started a daemon in the same instant; its socket is what we wait for then.
			if (error?.code === 'daemon.running') return;
			finish();
			reject(
				error
					? SluiceError.from(error)
					: new SluiceError('daemon.start_failed', `The daemon ended while it was starting: ${tail(logFile, begin)}`, {where: logFile}),
			);
		};
		const watcher = watch(state, () => void look());
		watcher.on('error', () => undefined);
		const interval = setInterval(() => void look(), 100);
		const timeout = setTimeout(() => {
			finish();
			reject(new SluiceError('daemon.start_failed', `The daemon did not listen within ${startTimeoutMs / 1000} s`, {where: logFile}));
		}, startTimeoutMs);
		child.once('error', (cause) => {
			finish();
			reject(new SluiceError('daemon.start_failed', `The daemon cannot be started: ${cause.message}`, {cause}));
		});
		child.once('exit', () => {
			exited = true;
			void look();
		});
	});
}

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
