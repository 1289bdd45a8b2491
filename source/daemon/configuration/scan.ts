import {createHash} from 'node:crypto';
import {readdir, readFile, stat} from 'node:fs/promises';
import {join} from 'node:path';

/** What stands in a configuration file: `mark` is equal exactly if its content is. */
export type FileMark = {readonly stat: string; readonly mark: string; readonly changedMs: number};

export type Scan = ReadonlyMap<string, FileMark>;

const hashedUpToBytes = 1_000_000;
/** A file this young may change again without its times showing it: its content is hashed each time. */
const youngMs = 3_000;

/**
 * Looks at every file of the configuration: `sluice.yaml`, and what stands in `objects/`, `automations/` and `connectors/*`.
 * A file whose times and size stand since `before` is not read again.
 */
export async function scan(workspaceDir: string, before: Scan, now: number): Promise<Scan> {
	const found = new Map<string, FileMark>();
	const paths = ['sluice.yaml', ...(await filesIn(workspaceDir, 'objects')), ...(await filesIn(workspaceDir, 'automations'))];
	for (const connector of await namesIn(join(workspaceDir, 'connectors'))) {
		paths.push(...(await filesIn(workspaceDir, join('connectors', connector))));
	}
	for (const path of paths) {
		const mark = await markOf(join(workspaceDir, path), before.get(path), now);
		if (mark) found.set(path, mark);
	}
	return found;
}

async function markOf(file: string, before: FileMark | undefined, now: number): Promise<FileMark | null> {
	try {
		const seen = await stat(file, {bigint: true});
		if (!seen.isFile()) return null;
		const text = `${seen.ino} ${seen.size} ${seen.mtimeNs} ${seen.ctimeNs}`;
		const changedMs = Math.max(Number(seen.mtimeMs), Number(seen.ctimeMs));
		if (before?.stat === text && now - changedMs > youngMs) return before;
		if (seen.size > hashedUpToBytes) return {stat: text, mark: text, changedMs};
		const mark = createHash('sha1')
			.update(await readFile(file))
			.digest('base64');
		return {stat: text, mark, changedMs};
	} catch (error) {
		// Between the listing and the look it was taken away, or it may not be read: reading the workspace says so.
		if (['ENOENT', 'EACCES', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
		throw error;
	}
}

async function filesIn(workspaceDir: string, folder: string): Promise<string[]> {
	return (await namesIn(join(workspaceDir, folder))).map((name) => join(folder, name));
}

async function namesIn(folder: string): Promise<string[]> {
	try {
		return (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
	} catch (error) {
		if (['ENOENT', 'ENOTDIR', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
		throw error;
	}
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
