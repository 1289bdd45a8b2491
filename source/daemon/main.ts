import {realpathSync} from 'node:fs';
import {daemonFiles} from '../api/socket-path.js';
import {SluiceError, toSluiceError} from '../model/errors.js';
import {visibleJson} from '../text/visible.js';
import type {DaemonOptions} from './daemon.js';
import {checkOpenFiles, openFilesLimit} from './server/open-files.js';

export type RunDaemonOptions = {
	readonly workspaceDir: string;
	/** Whether it ends by itself after 15 idle minutes: one that a command started (SPEC 13). */
	readonly idleExit: boolean;
	readonly runnerEntry?: string;
};

const idleMs = 15 * 60_000;

/**
 * Runs the daemon of a workspace until it is told to stop: SIGTERM, SIGINT, `POST /daemon/stop`, or idleness.
 *
 * @throws SluiceError `daemon.running`, `daemon.folder_open`, `workspace.missing`
 */
export async function runDaemon({workspaceDir, idleExit, runnerEntry}: RunDaemonOptions): Promise<void> {
	// why: everything the daemon makes is its owner's alone, from the first byte.
	process.umask(0o077);
	const dir = realpathSync(workspaceDir);
	const options: DaemonOptions = {workspaceDir: dir, idleMs: idleExit ? idleMs : null, runnerEntry};
	// Before the daemon's modules are loaded: Node opens many of them at once, and says that one is missing where it may not.
	checkOpenFiles(openFilesLimit());
	const [{startDaemon}, {errorOf}] = await Promise.all([import('./daemon.js'), import('./server/disk-error.js')]);
	const daemon = await startDaemon(options).catch((error: unknown) => {
		throw errorOf(error, daemonFiles(dir).state);
	});
	const stop = (): void => void daemon.stop();
	process.once('SIGTERM', stop);
	process.once('SIGINT', stop);
	// why: a terminal that goes away must not end what runs; the daemon ends when it is told to.
	process.on('SIGHUP', () => undefined);
	await daemon.ended;
}

/** `sluice daemon run [--idle] [--workspace DIR]`: the front door of the daemon. @returns the exit code */
export async function runDaemonCommand(argv: readonly string[]): Promise<number> {
	try {
		const {workspaceDir, idleExit} = parse('daemon run', argv);
		await runDaemon({workspaceDir, idleExit});
		return 0;
	} catch (thrown) {
		return lastWords(thrown);
	}
}

/** Says on standard error why the daemon cannot run, as a line of JSON: whoever started it reads it from the log. @returns the exit code */
export function lastWords(thrown: unknown): number {
	const error = toSluiceError(thrown);
	process.stderr.write(`${visibleJson(JSON.stringify({time: new Date().toISOString(), error: error.toJSON()}))}\n`);
	return error.code.startsWith('usage.') ? 2 : 1;
}

/**
 * `sluice daemon check [--start-empty] [--user NAME] [--workspace DIR]`: what `doctor` does where no daemon can run. Prints a line of JSON a
 * check, or a file that begins anew. @returns the exit code
 */
export async function runCheckCommand(argv: readonly string[]): Promise<number> {
	try {
		const given = parse('daemon check', argv);
		process.umask(0o077);
		const {check} = await import('./check.js');
		const lines = await check(given);
		for (const line of lines) process.stdout.write(`${visibleJson(JSON.stringify(line))}\n`);
		return 0;
	} catch (thrown) {
		return lastWords(thrown);
	}
}

/**
 * `sluice daemon restore FILE DIR [--user NAME]`: makes a workspace of a backup, where no daemon can run yet. Prints a line of JSON.
 *
 * @returns the exit code
 */
export async function runRestoreCommand(argv: readonly string[]): Promise<number> {
	try {
		const [file = '', dir = '', flag, user = 'unknown'] = argv;
		if (file === '' || dir === '' || (flag !== undefined && flag !== '--user'))
			throw new SluiceError('usage.unknown', '`daemon restore` needs a file and a folder', {expected: 'FILE DIR [--user NAME]'});
		const {restore} = await import('./backup/restore.js');
		const restored = await restore({file, dir, actor: {who: user, from: 'cli'}});
		process.stdout.write(`${visibleJson(JSON.stringify(restored))}\n`);
		return 0;
	} catch (thrown) {
		return lastWords(thrown);
	}
}

type Given = {readonly workspaceDir: string; readonly idleExit: boolean; readonly startsEmpty: boolean; readonly user: string};

function parse(command: 'daemon run' | 'daemon check', argv: readonly string[]): Given {
	let workspaceDir = process.cwd();
	let idleExit = false;
	let startsEmpty = false;
	let user = 'unknown';
	for (let index = 0; index < argv.length; index++) {
		const word = argv[index] ?? '';
		if (word === '--idle' && command === 'daemon run') idleExit = true;
		else if (word === '--start-empty' && command === 'daemon check') startsEmpty = true;
		else if (word === '--user' && command === 'daemon check') user = argv[++index] ?? user;
		else if (word === '--workspace') workspaceDir = argv[++index] ?? '';
		else if (word.startsWith('--workspace=')) workspaceDir = word.slice('--workspace='.length);
		else if (word !== '--json')
			throw new SluiceError('usage.unknown', `\`${command}\` knows no ${word}`, {expected: '--workspace DIR, --idle'});
	}
	return {workspaceDir, idleExit, startsEmpty, user};
}
