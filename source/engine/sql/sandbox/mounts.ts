import {existsSync, readdirSync, realpathSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {needsOwnFolder, ownFolder} from '../../../model/engine-path.js';
import {nameServiceLibraries, sharedLibraries} from './shared-libraries.js';

/** What a sandboxed program may see of the machine. */
export type SandboxView = {
	/** Read and written, at the same absolute path. */
	readonly folder: string;
	/** Read only, at the same absolute paths; libraries that are loaded may be in `code` alone. */
	readonly readOnly: readonly string[];
	readonly code: readonly string[];
	readonly network: boolean;
};

/** A file or folder of the machine, and where the sandbox shows it. */
export type Mount = {readonly source: string; readonly target: string; readonly access: 'read' | 'execute' | 'device' | 'write'};

/** Where name resolution and trusted certificates are. Shown only to a connector with secrets, which has a network. No folder of private keys. */
const networkFiles = [
	...['/etc/resolv.conf', '/etc/hosts', '/etc/nsswitch.conf', '/etc/gai.conf'],
	...['/etc/ssl/certs', '/etc/ssl/cert.pem', '/etc/ssl/openssl.cnf', '/etc/ca-certificates', '/usr/share/ca-certificates'],
	...['/usr/local/share/ca-certificates', '/etc/pki/tls/certs', '/etc/pki/tls/cert.pem', '/etc/pki/ca-trust'],
];

/** Distributions that package Node keep parts of its own code there. */
const nodeFiles = ['/usr/share/nodejs', '/usr/share/node_modules/undici'];

const devices = ['/dev/null', '/dev/urandom'];

/** Everything that the sandbox shows, in the order in which it is mounted; `programs` with the libraries that they need. */
export function mountsOf({folder, readOnly, code, network}: SandboxView, programs: readonly string[]): readonly Mount[] {
	const libraries = sharedLibraries([...programs, ...code.flatMap(nativeFiles)]);
	const executed = [...programs, ...libraries, ...(network ? nameServiceLibraries(libraries) : [])].filter((path) => !inside(path, code));
	const read = ['/etc/ld.so.cache', ...nodeFiles, ...(network ? networkFiles : [])].filter((path) => existsSync(path));
	const shown = unique([
		...[...executed, ...code].map((target) => ({target, access: 'execute' as const})),
		...[...read, ...readOnly].map((target) => ({target, access: 'read' as const})),
		...devices.filter((path) => existsSync(path)).map((target) => ({target, access: 'device' as const})),
		{target: folder, access: 'write' as const},
		// The real path, because resolv.conf and libraries are often links to what the sandbox does not have.
	]).map(({target, access}) => ({source: realpathSync(target), target, access}));
	return needsOwnFolder(folder) ? [...shown, {source: folder, target: ownFolder, access: 'write'}] : shown;
}

function unique<Entry extends {readonly target: string}>(entries: readonly Entry[]): readonly Entry[] {
	return [...new Map(entries.map((entry) => [entry.target, entry])).values()];
}

function inside(path: string, folders: readonly string[]): boolean {
	return folders.some((folder) => path.startsWith(`${folder}/`));
}

/** The libraries of a package of native code: in its folder, or one below. */
function nativeFiles(folder: string): readonly string[] {
	const isNative = (name: string) => /\.(?:node|so)$/.test(name);
	return readdirSync(folder, {withFileTypes: true}).flatMap((entry) => {
		const path = join(folder, entry.name);
		if (entry.isFile()) return isNative(entry.name) ? [path] : [];
		if (!entry.isDirectory()) return [];
		return readdirSync(path)
			.filter(isNative)
			.map((name) => join(path, name));
	});
}

/** The folders above a path, the root left out, outermost first. */
export function ancestors(path: string): readonly string[] {
	const parent = dirname(path);
	return parent === '/' || parent === path ? [] : [...ancestors(parent), parent];
}
