import {existsSync, realpathSync} from 'node:fs';
import {homedir} from 'node:os';
import {bubblewrapCommand} from './bubblewrap.js';
import type {CommandLine} from './command-line.js';
import {ancestors, type Mount, mountsOf, type SandboxView} from './mounts.js';
import {systemProgram} from './system-program.js';
import {type UnshareTools, unshareCommand, unshareTools} from './unshare.js';

/** The operating system's programs that can build the second wall, the preferred one first. */
export const wallKinds = ['bubblewrap', 'unshare'] as const;
export type WallKind = (typeof wallKinds)[number];

/** What a worker must find when it looks around inside its walls. */
export type Expectation = {
	/** Paths that exist on the machine and must not be seen. */
	readonly hidden: readonly string[];
	/** The entries of the root folder; there must be no other. */
	readonly root: readonly string[];
	readonly network: boolean;
};

export type Walled = {readonly program: string; readonly command: CommandLine; readonly expectation: Expectation};

/** A kind of wall that cannot be built here, and the reason. */
export type Lack = {readonly lack: string};

/** A command behind a wall of this kind, or what the machine lacks for it. */
export function wallAround(kind: WallKind, view: SandboxView, command: CommandLine): Walled | Lack {
	if (process.platform !== 'linux') return {lack: 'only Linux has one'};
	const program = realpathSync(command.program);
	const real = {program, arguments: command.arguments};
	const {folder, network} = view;
	if (kind === 'bubblewrap') {
		const bwrap = systemProgram('bwrap');
		if (bwrap === undefined) return {lack: missing(['bwrap'])};
		const mounts = mountsOf(view, [program]);
		return {program: bwrap, command: bubblewrapCommand(bwrap, mounts, network, folder, real), expectation: expectationOf(mounts, network)};
	}
	const tools = findTools();
	if ('lack' in tools) return tools;
	const mounts = mountsOf(view, [program, tools.umount, tools.setpriv]);
	return {
		program: tools.unshare,
		command: unshareCommand(tools, mounts, network, folder, real),
		expectation: expectationOf(mounts, network),
	};
}

function findTools(): UnshareTools | Lack {
	const found = unshareTools.map((name) => [name, systemProgram(name)] as const);
	const absent = found.filter(([, path]) => path === undefined).map(([name]) => name);
	return absent.length > 0 ? {lack: missing(absent)} : (Object.fromEntries(found) as UnshareTools);
}

function missing(names: readonly string[]): string {
	return `${names.join(', ')}: not found in a system folder that only root can write`;
}

function expectationOf(mounts: readonly Mount[], network: boolean): Expectation {
	const shown = mounts.flatMap(({target}) => [target, ...ancestors(target)]);
	const tops = shown.map((path) => path.split('/')[1] ?? '');
	const outside = ['/etc/passwd', '/etc/hostname', '/proc/self/environ', '/sys/kernel', '/usr/bin/env', homedir()];
	return {
		hidden: outside.filter((path) => !shown.includes(path) && existsSync(path)),
		// An empty folder or file that building the root leaves behind.
		root: [...new Set([...tops, 'tmp', 'proc', '.old', '.table'])],
		network,
	};
}
