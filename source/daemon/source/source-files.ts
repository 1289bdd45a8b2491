import {type BigIntStats, lstatSync} from 'node:fs';
import {lstat, readdir} from 'node:fs/promises';
import {basename, dirname, isAbsolute, join, sep} from 'node:path';
import {SluiceError} from '../../model/errors.js';
import {temporaryName} from '../../model/temporary-name.js';
import type {FileIdentity} from './open-regular.js';

/** A file that a source's path or glob means. */
export type SourceFile = {
	readonly path: string;
	readonly name: string;
	readonly sizeBytes: number;
	readonly modifiedMs: number;
	/** Size and time, to the nanosecond: while it stays the same, so does the file. */
	readonly stat: string;
	/** When content, name or rights changed last. */
	readonly changedMs: number;
	/** Size, time, and when content, name or rights changed, to the nanosecond. It is equal as long as the file is not touched. */
	readonly version: string;
	readonly identity: FileIdentity;
};

/** What has a fitting name and is no regular file, or has the name of an unfinished file and stays: it is left alone (SPEC 11). */
export type LeftAlone = {
	readonly path: string;
	readonly is: 'a link' | 'a pipe' | 'a socket' | 'a device' | 'a hidden file' | 'a temporary file';
};

/** A temporary file that has not changed for so long is no sign of work any more. */
const staysMs = 3_600_000;

const wild = /[*?]/;

/**
 * The files that a path or glob means, the oldest first. `*` and `?` stand within one name, of a folder or of the file, and as in a
 * shell find no name that begins with a dot.
 *
 * @throws SluiceError `source.failed` when the folder before the first wildcard cannot be read
 */
export async function sourceFiles(pattern: string): Promise<readonly SourceFile[]> {
	return (await lookFor(pattern)).files;
}

/** The same, and what is left alone, by name. @throws SluiceError `source.failed` */
export async function lookFor(
	pattern: string,
	now: number = Date.now(),
): Promise<{files: readonly SourceFile[]; leftAlone: readonly LeftAlone[]}> {
	const files: SourceFile[] = [];
	const {paths, leftAlone} = await expanded(pattern);
	for (const path of paths) {
		const found = await entryAt(path);
		const is = found && kindOf(found);
		if (is) leftAlone.push({path, is});
		else if (found?.isFile() && isWanted(fileOf(path, found), now, leftAlone)) files.push(fileOf(path, found));
	}
	return {
		files: files.sort((a, b) => a.modifiedMs - b.modifiedMs || (a.path < b.path ? -1 : 1)),
		leftAlone: leftAlone.sort((a, b) => (a.path < b.path ? -1 : 1)),
	};
}

function isWanted({path, name, changedMs}: SourceFile, now: number, leftAlone: LeftAlone[]): boolean {
	const is = temporaryName(name);
	if (is !== null && now - changedMs >= staysMs) leftAlone.push({path, is});
	return is === null;
}

/** A file as it stands now; null when it is none, such as a link, or gone. */
export async function statOf(path: string): Promise<SourceFile | null> {
	const found = await entryAt(path);
	return found?.isFile() ? fileOf(path, found) : null;
}

/** Whether the file is still the one that was looked at, and has not been touched since. */
export function isUntouched({path, version, identity}: SourceFile): boolean {
	const found = lstatSync(path, {bigint: true, throwIfNoEntry: false});
	if (!found?.isFile() || found.dev !== identity.device || found.ino !== identity.inode) return false;
	return fileOf(path, found).version === version;
}

async function entryAt(path: string): Promise<BigIntStats | null> {
	return await lstat(path, {bigint: true}).catch(() => null);
}

function kindOf(found: BigIntStats): LeftAlone['is'] | null {
	if (found.isSymbolicLink()) return 'a link';
	if (found.isFIFO()) return 'a pipe';
	if (found.isSocket()) return 'a socket';
	return found.isCharacterDevice() || found.isBlockDevice() ? 'a device' : null;
}

function fileOf(path: string, found: BigIntStats): SourceFile {
	return {
		path,
		name: basename(path),
		sizeBytes: Number(found.size),
		modifiedMs: Number(found.mtimeMs),
		stat: `${found.size} ${found.mtimeNs}`,
		changedMs: Math.max(Number(found.ctimeMs), Number(found.mtimeMs)),
		version: `${found.size} ${found.mtimeNs} ${found.ctimeNs}`,
		identity: {device: found.dev, inode: found.ino},
	};
}

/** The folder before the first wildcard, which is the administrator's own. */
export function folderOf(pattern: string): string {
	const parts = dirname(pattern).split(sep);
	const first = parts.findIndex((part) => wild.test(part));
	return first < 0 ? dirname(pattern) : parts.slice(0, first).join(sep) || sep;
}

/** What the wildcards find may be no link, folders included; the folder before the first of them is the administrator's own. */
async function expanded(pattern: string): Promise<{paths: readonly string[]; leftAlone: LeftAlone[]}> {
	const leftAlone: LeftAlone[] = [];
	if (!wild.test(pattern)) {
		await namesIn(dirname(pattern));
		return {paths: [pattern], leftAlone};
	}
	let paths = [isAbsolute(pattern) ? sep : '.'];
	let certain = true;
	const parts = pattern.split(sep).filter(Boolean);
	for (const [index, part] of parts.entries()) {
		if (!wild.test(part)) {
			paths = paths.map((path) => join(path, part));
			if (!certain && index < parts.length - 1) paths = await withoutLinks(paths, leftAlone);
			continue;
		}
		const fits = nameMatcher(part);
		const found: string[] = [];
		for (const path of paths) {
			const names = certain ? await namesIn(path) : await readdir(path).catch(() => []);
			found.push(...names.filter(fits).map((name) => join(path, name)));
		}
		paths = index < parts.length - 1 ? await withoutLinks(found, leftAlone) : found;
		certain = false;
	}
	return {paths, leftAlone};
}

async function withoutLinks(paths: readonly string[], leftAlone: LeftAlone[]): Promise<string[]> {
	const own: string[] = [];
	for (const path of paths) {
		if ((await entryAt(path))?.isSymbolicLink()) leftAlone.push({path, is: 'a link'});
		else own.push(path);
	}
	return own;
}

async function namesIn(folder: string): Promise<readonly string[]> {
	try {
		return await readdir(folder);
	} catch (cause) {
		const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
		throw new SluiceError('source.failed', `The folder of the source ${missing ? 'does not exist' : 'cannot be read'}`, {
			where: folder,
			cure: missing ? 'Make the folder, or correct the path under source.file.' : 'Give the user that runs Sluice the right to read it.',
			cause,
		});
	}
}

/** Whether a name fits a pattern with `*` and `?`; as in a shell, neither finds a name that begins with a dot. */
export function nameMatcher(pattern: string): (name: string) => boolean {
	const expression = new RegExp(
		`^${pattern
			.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
			.replaceAll('*', '.*')
			.replaceAll('?', '.')}$`,
		's',
	);
	return (name) => expression.test(name) && (!name.startsWith('.') || pattern.startsWith('.'));
}
