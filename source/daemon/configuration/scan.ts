import {createHash} from 'node:crypto';
import type {BigIntStats} from 'node:fs';
import {readdir, readFile, stat} from 'node:fs/promises';
import {join} from 'node:path';

/** What stands in a configuration file or folder: `mark` is equal exactly if its content and its rights are. */
export type FileMark = {
	readonly stat: string;
	readonly mark: string;
	readonly changedMs: number;
	/** What is in a folder; null for a file. */
	readonly names: readonly string[] | null;
};

/** By path from the workspace's folder; those of folders end in a slash. */
export type Scan = ReadonlyMap<string, FileMark>;

const hashedUpToBytes = 1_000_000;
/** A file this young may change again without its times showing it: its content is hashed each time. */
const youngMs = 3_000;
/** How many folders are looked at together. */
const atOnce = 32;

/**
 * Looks at every file of the configuration: `sluice.yaml`, and what stands in `objects/`, `automations/` and `connectors/*`, and at the folders
 * they are in. What has kept its times and size since `before` is not read again.
 */
export async function scan(workspaceDir: string, before: Scan, now: number): Promise<Scan> {
	const found = new Map<string, FileMark>();
	const look = async (path: string): Promise<readonly string[]> => {
		const mark = await markOf(join(workspaceDir, path), before.get(path), now, path !== './');
		if (mark) found.set(path, mark);
		return mark?.names ?? [];
	};
	const lookInto = async (folder: string): Promise<void> => {
		const names = await look(`${folder}/`);
		await Promise.all(names.map((name) => look(`${folder}/${name}`)));
	};
	await look('./');
	await look('sluice.yaml');
	await lookInto('objects');
	await lookInto('automations');
	const connectors = (await look('connectors/')).map((name) => `connectors/${name}`);
	for (let next = 0; next < connectors.length; next += atOnce) await Promise.all(connectors.slice(next, next + atOnce).map(lookInto));
	return found;
}

async function markOf(path: string, before: FileMark | undefined, now: number, lists: boolean): Promise<FileMark | null> {
	try {
		const seen = await stat(path, {bigint: true});
		const isFolder = path.endsWith('/');
		if (isFolder ? !seen.isDirectory() : !seen.isFile()) return null;
		const text = `${seen.ino} ${seen.size} ${seen.mtimeNs} ${seen.ctimeNs} ${rightsOf(seen)}`;
		const changedMs = Math.max(Number(seen.mtimeMs), Number(seen.ctimeMs));
		if (before?.stat === text && now - changedMs > youngMs) return before;
		// why: what is in a folder is looked at by itself, and the workspace's own folder holds much that is no configuration
		if (isFolder) return {stat: text, mark: rightsOf(seen), changedMs: 0, names: lists ? await namesIn(path) : []};
		if (seen.size > hashedUpToBytes) return {stat: text, mark: text, changedMs, names: null};
		const content = createHash('sha1')
			.update(await readFile(path))
			.digest('base64');
		return {stat: text, mark: `${rightsOf(seen)} ${content}`, changedMs, names: null};
	} catch (error) {
		// Between the listing and the look it was taken away, or it may not be read: reading the workspace says so.
		if (['ENOENT', 'EACCES', 'ENOTDIR', 'ELOOP'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
		throw error;
	}
}

/** Who owns it, and who may write it. */
function rightsOf({mode, uid, gid}: BigIntStats): string {
	return `${mode} ${uid} ${gid}`;
}

async function namesIn(folder: string): Promise<string[]> {
	return (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
}

export function sameScan(a: Scan, b: Scan): boolean {
	if (a.size !== b.size) return false;
	for (const [path, {mark}] of a) if (b.get(path)?.mark !== mark) return false;
	return true;
}

/** How long the files have been still, in milliseconds. Clocks of other machines may run ahead: never negative. */
export function stillFor(current: Scan, now: number): number {
	const newest = Math.max(0, ...[...current.values()].map(({changedMs}) => changedMs));
	return Math.max(0, now - newest);
}
