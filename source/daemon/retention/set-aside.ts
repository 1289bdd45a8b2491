import {link, open, rename, unlink} from 'node:fs/promises';
import {basename, dirname, extname, join} from 'node:path';
import {failpoint} from '../../platform/failpoint.js';
import type {TakenFile} from '../control/sources.js';
import {statOf} from '../source/source-files.js';

/**
 * Takes the file that an execution has read away from its name, and only then looks whether it is that one: between a look and a removal a
 * writer may put another file there, which must stay. The hidden name keeps it out of every source until it has gone.
 *
 * @returns where it is now; null when another file is there, or none
 */
export async function setAside(taken: TakenFile): Promise<string | null> {
	return await takeAway(taken.path, join(dirname(taken.path), `.sluice-${taken.execution}`), taken.stat);
}

/** The same of any file. @param stat of the file that is meant */
export async function takeAway(path: string, aside: string, stat: string): Promise<string | null> {
	if ((await statOf(aside))?.stat === stat) return aside;
	if ((await statOf(path))?.stat !== stat) return null;
	try {
		await rename(path, aside);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
		throw error;
	}
	failpoint('daemon.retention.aside');
	if ((await statOf(aside))?.stat === stat) return aside;
	for (let number = 1; !(await putBack(aside, numbered(path, number))); ) number++;
	return null;
}

/** Gives a file its name again, unless another one has it. @returns whether it did */
export async function putBack(aside: string, path: string): Promise<boolean> {
	if (!(await placeAt(aside, path))) return false;
	await unlink(aside).catch((error: NodeJS.ErrnoException) => {
		if (error.code !== 'ENOENT') throw error;
	});
	return true;
}

/**
 * Gives a file another name as well, and never that of another file. Where the file system has no hard links, the file has the new name alone
 * afterwards.
 *
 * @returns false when the name is taken
 * @throws what the system says, such as `EXDEV` for a name on another file system
 */
export async function placeAt(from: string, to: string): Promise<boolean> {
	try {
		await link(from, to);
		return true;
	} catch (error) {
		const {code = ''} = error as NodeJS.ErrnoException;
		if (code === 'EEXIST') return false;
		if (!withoutLinks.has(code)) throw error;
	}
	try {
		// The name is reserved first: a rename alone would replace a file that comes there meanwhile.
		await (await open(to, 'wx')).close();
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
		throw error;
	}
	await rename(from, to).catch(async (error: unknown) => {
		await unlink(to);
		throw error;
	});
	return true;
}

/** How file systems without hard links refuse one: FAT, some SMB shares, some FUSE. */
const withoutLinks: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/** `a.csv`, `a (2).csv`, `a (3).csv` and so on. */
export function numbered(path: string, number: number): string {
	if (number === 1) return path;
	const extension = extname(path);
	return join(dirname(path), `${basename(path, extension)} (${number})${extension}`);
}
