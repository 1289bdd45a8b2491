import {execFile} from 'node:child_process';
import {existsSync, lstatSync, readlinkSync, realpathSync} from 'node:fs';
import {dirname} from 'node:path';
import {SluiceError} from '../../model/errors.js';
import type {Limits} from '../../model/limits.js';

/** What a sandboxed program may see of the machine, besides the operating system's own read-only files. */
export type SandboxView = {
	/** Read and written, at the same absolute path. */
	readonly folder: string;
	/** Read only, at the same absolute paths. */
	readonly readOnly: readonly string[];
	readonly network: boolean;
};

export type CommandLine = {readonly program: string; readonly arguments: readonly string[]};

const bubblewrap = 'bwrap';

/** Where name resolution and trusted certificates live. Bound only for a connector with secrets, which has a network. */
const networkFiles = ['/etc/resolv.conf', '/etc/hosts', '/etc/nsswitch.conf', '/etc/ssl', '/etc/ca-certificates', '/etc/pki'];

/** `/lib`, `/bin` and their like are links into /usr on most systems, and folders of their own on the others. */
function systemFolders(): string[] {
	const roots = ['/lib', '/lib64', '/lib32', '/bin', '/sbin'].filter((path) => existsSync(path));
	return roots.flatMap((path) => (lstatSync(path).isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path]));
}

function readOnlyBinds(paths: readonly string[]): string[] {
	return [...new Set(paths)].flatMap((path) => ['--ro-bind', path, path]);
}

function networkBinds(): string[] {
	const present = networkFiles.filter((path) => existsSync(path));
	// Why the real path: resolv.conf is often a link into /run, which the sandbox does not have.
	return ['--share-net', ...present.flatMap((path) => ['--ro-bind', realpathSync(path), path])];
}

/**
 * The command line that runs a program inside bubblewrap: no home, no /etc, no network, no environment, nothing writable but `folder`
 * and a private /tmp. It ends with its parent.
 */
export function sandboxed({folder, readOnly, network}: SandboxView, command: CommandLine): CommandLine {
	const program = realpathSync(command.program);
	const programBind = program.startsWith('/usr/') ? [] : [program];
	return {
		program: bubblewrap,
		arguments: [
			...['--unshare-all', '--die-with-parent', '--new-session', '--clearenv', '--setenv', 'TZ', 'UTC', '--setenv', 'HOME', '/tmp'],
			...['--ro-bind', '/usr', '/usr', ...systemFolders()],
			...['--ro-bind-try', '/etc/ld.so.cache', '/etc/ld.so.cache', '--ro-bind-try', '/sys', '/sys'],
			...['--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp'],
			...(network ? networkBinds() : []),
			...readOnlyBinds([...programBind, ...readOnly]),
			...['--bind', folder, folder, '--chdir', folder],
			program,
			...command.arguments,
		],
	};
}

let probe: Promise<boolean> | undefined;

/** Whether this machine can sandbox: tried once per process, with a program that does nothing. */
export function canSandbox(): Promise<boolean> {
	probe ??= new Promise((resolve) => {
		if (process.platform !== 'linux') return resolve(false);
		const nothing = sandboxed(
			{folder: realpathSync('/tmp'), readOnly: [], network: false},
			{program: process.execPath, arguments: ['--version']},
		);
		execFile(nothing.program, nothing.arguments, {timeout: 10_000, env: searchPath()}, (error) => resolve(error === null));
	});
	return probe;
}

/** The only variable that starting bubblewrap needs. */
export function searchPath(): Record<string, string> {
	return {PATH: process.env.PATH ?? '/usr/bin:/bin'};
}

/**
 * Whether the worker is to be sandboxed under `limits.sql_sandbox` (SPEC 5.4).
 *
 * @throws SluiceError `sql.sandbox_missing` when it is required and the machine has none
 */
export async function decideSandbox(wish: Limits['sqlSandbox'], available: () => Promise<boolean> = canSandbox): Promise<boolean> {
	if (wish === 'off') return false;
	if (await available()) return true;
	if (wish === 'preferred') return false;
	throw new SluiceError('sql.sandbox_missing', 'The SQL engine has to run in a sandbox, and this machine has none', {
		expected: 'bubblewrap (the program bwrap) and user namespaces that this user may create',
	});
}

/** The nearest folder upward from `from` for which `holds` is true. */
export function nearestFolder(from: string, holds: (folder: string) => boolean): string | undefined {
	for (let folder = from; ; folder = dirname(folder)) {
		if (holds(folder)) return folder;
		if (folder === dirname(folder)) return undefined;
	}
}
