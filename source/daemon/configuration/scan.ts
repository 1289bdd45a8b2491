import {createHash} from 'node:crypto';
import {type BigIntStats, statSync} from 'node:fs';
import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {setImmediate as yieldToOthers} from 'node:timers/promises';

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
/** Others get their turn after this long. */
const turnMs = 5;

/**
 * Looks at every file of the configuration: `sluice.yaml`, and what stands in `objects/`, `automations/` and `connectors/*`, and at the folders
 * they are in. What has kept its times and size since `before` is not read again.
 */
export async function scan(workspaceDir: string, before: Scan, now: number): Promise<Scan> {
	const found = new Map<string, FileMark>();
	let turnBegan = performance.now();
	const look = async (paths: readonly string[]): Promise<void> => {
		for (const path of paths) {
			const marked = markOf(join(workspaceDir, path), before.get(path), now, path !== './');
			const mark = marked instanceof Promise ? await marked : marked;
			if (mark) found.set(path, mark);
		}
	};
	const lookInto = async (folder: string): Promise<void> => {
		await look([`${folder}/`]);
		await look((found.get(`${folder}/`)?.names ?? []).map((name) => `${folder}/${name}`));
		if (performance.now() - turnBegan <= turnMs) return;
		await yieldToOthers();
		turnBegan = performance.now();
	};
	await look(['./', 'sluice.yaml', 'connectors/']);
	await lookInto('objects');
	await lookInto('automations');
	for (const name of found.get('connectors/')?.names ?? []) await lookInto(`connectors/${name}`);
	return found;
}

/** A promise only where there is something to read: a look at thousands of files that kept their times costs a tenth without the thread pool. */
function markOf(path: string, before: FileMark | undefined, now: number, lists: boolean): FileMark | null | Promise<FileMark | null> {
	try {
		const seen = statSync(path, {bigint: true, throwIfNoEntry: false});
		if (!seen) return null;
		const isFolder = path.endsWith('/');
		if (isFolder ? !seen.isDirectory() : !seen.isFile()) return null;
		const text = `${seen.ino} ${seen.size} ${seen.mtimeNs} ${seen.ctimeNs} ${rightsOf(seen)}`;
		const changedMs = Math.max(Number(seen.mtimeMs), Number(seen.ctimeMs));
		if (before?.stat === text && now - changedMs > youngMs) return before;
		return readMark({path, seen, text, changedMs, lists}).catch(goneOrClosed);
	} catch (error) {
		return goneOrClosed(error);
	}
}

type Seen = {readonly path: string; readonly seen: BigIntStats; readonly text: string; readonly changedMs: number; readonly lists: boolean};

async function readMark({path, seen, text, changedMs, lists}: Seen): Promise<FileMark> {
	// What is in a folder is looked at by itself, and the workspace's own folder holds much that is no configuration.
	if (path.endsWith('/')) return {stat: text, mark: rightsOf(seen), changedMs: 0, names: lists ? await namesIn(path) : []};
	if (seen.size > hashedUpToBytes) return {stat: text, mark: text, changedMs, names: null};
	const content = createHash('sha1')
		.update(await readFile(path))
		.digest('base64');
	return {stat: text, mark: `${rightsOf(seen)} ${content}`, changedMs, names: null};
}

/** Between the listing and the look it was taken away, or it may not be read: reading the workspace says so. */
function goneOrClosed(error: unknown): null {
	if (['ENOENT', 'EACCES', 'ENOTDIR', 'ELOOP'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
	throw error;
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
	let newest = 0;
	for (const {changedMs} of current.values()) newest = Math.max(newest, changedMs);
	return Math.max(0, now - newest);
}

/** The connectors whose files kept their marks, if everything outside of `connectors/*` that they may refer to did. */
export function unchangedConnectors(before: Scan, now: Scan): ReadonlySet<string> {
	const kept = new Set<string>();
	for (const path of now.keys()) {
		const name = connectorOf(path);
		if (name !== null) kept.add(name);
	}
	for (const [one, other] of [
		[before, now],
		[now, before],
	] as const)
		for (const [path, {mark}] of one) {
			if (other.get(path)?.mark === mark) continue;
			const name = connectorOf(path);
			if (name === null) return new Set();
			kept.delete(name);
		}
	return kept;
}

/** The connector that a path of a scan belongs to; null for what all of them share. */
function connectorOf(path: string): string | null {
	return /^connectors\/([^/]+)\//.exec(path)?.[1] ?? null;
}
