import type {Stats} from 'node:fs';
import {lstat, readdir, realpath, stat} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import {SluiceError} from '../../model/errors.js';

/** What no output may be written onto: files, and folders with all that is in them. Absolute paths. */
export type ProtectedPlaces = {
	/** The workspace's folder. */
	readonly workspace: string;
	/** The state folder, where it really is. */
	readonly state: string;
	/** Single files, such as the record store and the key of the secrets. */
	readonly files: readonly string[];
};

const configurationNames = ['sluice.yaml', 'objects', 'connectors', 'automations'] as const;
const sqliteFiles = ['', '-wal', '-shm', '-journal'] as const;

/**
 * The place an output is written to, once it is known that it may be (SPEC 17): not onto the workspace's configuration or state, by
 * whatever path, link or name, and not over anything but a regular file. A link that leads to a regular file stands for that file.
 *
 * @param target absolute; its folder may be missing
 * @returns the real path to write
 * @throws SluiceError `export.refused`
 */
export async function outputTarget(target: string, places: ProtectedPlaces): Promise<string> {
	const path = await realTarget(target);
	const found = await stat(path).catch(() => null);
	if (found && !found.isFile())
		throw refused(target, `${kindOf(found)} is there, and an output replaces nothing but a regular file`, 'the path of a file');
	const identities = await protectedIdentities(places, (found?.nlink ?? 1) > 1);
	for (const place of [path, ...ancestorsOf(path)]) {
		const what = identities.names.get(place) ?? (await ownerOf(place, identities.inodes));
		if (what) throw refused(target, `This would write onto ${what} of the workspace`, 'a path outside of its configuration and .sluice');
	}
	return path;
}

/** The path without links: of the target where it is there, else of the nearest folder above it that is. */
async function realTarget(target: string): Promise<string> {
	const found = await lstat(target).catch((error: NodeJS.ErrnoException) => {
		if (isAbsence(error)) return null;
		const what = error.code === 'ELOOP' ? 'a link in this path leads in a circle' : `this path cannot be looked at (${error.code})`;
		throw refused(target, what, 'a path that leads to a folder you may read', error);
	});
	if (found) {
		return await realpath(target).catch((cause: NodeJS.ErrnoException) => {
			const what = cause.code === 'ELOOP' ? 'a link that leads in a circle' : 'a link that leads nowhere';
			throw refused(target, `${what} is there, and an output replaces nothing but a regular file`, 'the path of a file', cause);
		});
	}
	const above = dirname(target);
	return above === target ? target : join(await realTarget(above), basename(target));
}

function ancestorsOf(path: string): readonly string[] {
	const above = dirname(path);
	return above === path ? [] : [above, ...ancestorsOf(above)];
}

type Identities = {
	/** What stands at a device and inode. */
	readonly inodes: Map<string, string>;
	/** Places that belong to the workspace whether they are there or not. */
	readonly names: Map<string, string>;
};

/** @param deep whether files inside the state folder are looked at too: only a target with another name (a hard link) can be one of them */
async function protectedIdentities({workspace, state, files}: ProtectedPlaces, deep: boolean): Promise<Identities> {
	const known: Identities = {inodes: new Map(), names: new Map()};
	const root = await realpath(workspace).catch(() => workspace);
	for (const name of configurationNames) known.names.set(join(root, name), 'the configuration');
	known.names.set(join(root, '.sluice'), 'the state');
	for (const file of files) for (const ending of sqliteFiles) await remember(known.inodes, `${file}${ending}`, 'the state');
	for (const file of files) known.names.set(await realTarget(file).catch(() => file), 'the state');
	for (const name of configurationNames) await rememberTree(known.inodes, join(workspace, name), 'the configuration', linkedLevels);
	if (deep) await rememberTree(known.inodes, state, 'the state', 0);
	else await remember(known.inodes, state, 'the state');
	return known;
}

/** `connectors` and the folders in it may be links to folders; a folder that is linked deeper down is shared with others. */
const linkedLevels = 2;

/** Follows links to files: a file that the configuration reaches through one is part of it. */
async function rememberTree(inodes: Map<string, string>, path: string, what: string, links: number): Promise<void> {
	const isLink = (await lstat(path).catch(() => null))?.isSymbolicLink() ?? false;
	if (isLink && links <= 0 && (await stat(path).catch(() => null))?.isDirectory()) return;
	const found = await remember(inodes, path, what);
	if (!found?.isDirectory()) return;
	const names = await readdir(path).catch(() => []);
	for (const name of names) await rememberTree(inodes, join(path, name), what, links - 1);
}

/** @returns null where nothing is there, or where it was seen before */
async function remember(inodes: Map<string, string>, path: string, what: string): Promise<Stats | null> {
	const found = await stat(path).catch(() => null);
	if (!found || inodes.has(identityOf(found))) return null;
	inodes.set(identityOf(found), what);
	return found;
}

async function ownerOf(path: string, inodes: ReadonlyMap<string, string>): Promise<string | undefined> {
	const found = await stat(path).catch(() => null);
	return found ? inodes.get(identityOf(found)) : undefined;
}

function identityOf({dev, ino}: Stats): string {
	return `${dev} ${ino}`;
}

function kindOf(found: Stats): string {
	if (found.isDirectory()) return 'a folder';
	if (found.isFIFO()) return 'a pipe';
	if (found.isSocket()) return 'a socket';
	return 'a device';
}

function isAbsence({code = ''}: NodeJS.ErrnoException): boolean {
	return ['ENOENT', 'ENOTDIR'].includes(code);
}

function refused(where: string, what: string, expected: string, cause?: unknown): SluiceError {
	return new SluiceError('export.refused', `${what.charAt(0).toUpperCase()}${what.slice(1)}`, {where, expected, cause});
}
