import {constants, existsSync} from 'node:fs';
import {type FileHandle, mkdir, open} from 'node:fs/promises';
import {join, sep} from 'node:path';
import {SluiceError} from '../../model/errors.js';

/**
 * Makes the folder that files are moved to, and does `work` in it.
 *
 * The folders up to the first one with `{date}` in its name are the administrator's own and may be links, as may the source's folder. Below
 * them others may write: a link there would lead files elsewhere, and is refused. The folder is held open meanwhile, so that what comes to
 * its name later does not count (Linux).
 *
 * @param to an absolute path with `{date}` in it
 * @param ours a folder that is the administrator's own, with strangers below it
 * @param work gets a path to read and write by
 * @throws SluiceError `source.failed` for a link, and for what is no folder
 */
export async function inTargetFolder<Result>(
	to: string,
	{date, ours}: {readonly date: string; readonly ours: string},
	work: (folder: string) => Promise<Result>,
): Promise<Result> {
	const parts = to.split(sep);
	const dated = parts.findIndex((part) => part.includes('{date}'));
	const shared = to.startsWith(ours + sep) ? ours.split(sep).length : parts.length;
	const start = Math.min(dated < 0 ? parts.length : dated, shared);
	let path = parts.slice(0, start).join(sep) || sep;
	await mkdir(path, {recursive: true});
	let folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
	try {
		for (const part of parts.slice(start)) {
			const name = part.replaceAll('{date}', date);
			const within = join(byHandle(folder, path), name);
			path = join(path, name);
			const next = await ownFolder(within, path);
			await folder.close();
			folder = next;
		}
		return await work(byHandle(folder, path));
	} finally {
		await folder.close();
	}
}

/** The folder behind the handle, whatever its name leads to by now; where the system has no such path, its name. */
function byHandle({fd}: FileHandle, path: string): string {
	const held = `/proc/self/fd/${fd}`;
	return existsSync(held) ? held : path;
}

async function ownFolder(path: string, shown: string): Promise<FileHandle> {
	try {
		await mkdir(path).catch((error: NodeJS.ErrnoException) => {
			if (error.code !== 'EEXIST') throw error;
		});
		return await open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
	} catch (error) {
		const {code} = error as NodeJS.ErrnoException;
		if (code !== 'ELOOP' && code !== 'ENOTDIR') throw error;
		throw new SluiceError('source.failed', 'Files are not moved here: this is a link, or no folder', {
			where: shown,
			cure: 'Take it away: the folder is made when the next file is moved.',
			cause: error,
		});
	}
}
