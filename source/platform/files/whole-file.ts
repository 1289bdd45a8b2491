import {randomUUID} from 'node:crypto';
import {closeSync, constants, existsSync, fsyncSync, linkSync, lstatSync, openSync, renameSync, rmSync} from 'node:fs';
import {chmod, copyFile, link, lstat, rename, rm} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import {notRegular, notWritten} from './file-error.js';
import {type Content, writeNew} from './new-file.js';
import {syncFolder, syncFolderNow, syncPath} from './sync.js';
import {writeAllSync} from './write-all.js';

/*
 * The one way to write a file that has to be whole: a temporary file in the same folder, synced, renamed over the target, the folder synced.
 * A reader sees the old file or the new one, also after a crash or a power loss. After a failure the old one is there, and no temporary file.
 */

export type WholeOptions = {
	/** Rights of the new file. Default: 0600, of a copy those of the original. */
	readonly mode?: number | undefined;
	/** Whether a regular file that is there is replaced. Default: true. */
	readonly replaces?: boolean;
	/** The temporary file, for a caller that removes it after a crash. Default: a name of its own that begins with a dot and ends with `.partial`. */
	readonly draft?: string;
	/** Called when the draft is on disk, before it gets its name. */
	readonly beforeNamed?: (draft: string) => Promise<void>;
};

/**
 * Writes a file whole or not at all.
 *
 * @returns what the function of `content` returned, and the size in bytes
 * @throws SluiceError `file.not_written`; what the function throws otherwise passes unchanged
 */
export async function writeWhole<Result>(
	target: string,
	content: Content<Result>,
	options: WholeOptions = {},
): Promise<{readonly result: Result | undefined; readonly bytes: number}> {
	return await named(target, options, (draft) => writeNew(draft, content, {mode: options.mode ?? 0o600, named: target}));
}

/** Copies a file whole or not at all, as a clone where the file system can. @throws SluiceError `file.not_written` */
export async function copyWhole(from: string, target: string, options: WholeOptions = {}): Promise<void> {
	await named(target, options, (draft) => copyNew(from, draft, {mode: options.mode, named: target}));
}

/**
 * Copies to a file that must not be there yet, and leaves none when that fails. The content is on disk when this returns.
 *
 * @throws SluiceError `file.not_written`
 */
export async function copyNew(
	from: string,
	to: string,
	{mode, named: name = to}: {readonly mode?: number | undefined; readonly named?: string} = {},
): Promise<void> {
	try {
		await copyFile(from, to, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EEXIST') await rm(to, {force: true}).catch(() => undefined);
		throw notWritten(name, error);
	}
	try {
		if (mode !== undefined) await chmod(to, mode);
		await syncPath(to);
	} catch (error) {
		await rm(to, {force: true}).catch(() => undefined);
		throw notWritten(name, error);
	}
}

async function named<Result>(
	target: string,
	{replaces = true, draft = draftOf(target), beforeNamed}: WholeOptions,
	write: (draft: string) => Promise<Result>,
): Promise<Result> {
	await rm(draft, {force: true});
	const result = await write(draft);
	try {
		await beforeNamed?.(draft);
		await translated(target, async () => {
			if (replaces) {
				const found = await lstat(target).catch(() => null);
				if (found && !found.isFile()) throw notRegular(target);
				await rename(draft, target);
			} else {
				await link(draft, target).catch((error: unknown) => renameUnlinkable(draft, target, error));
				await rm(draft, {force: true});
			}
			await syncFolder(dirname(target));
		});
		return result;
	} catch (error) {
		await rm(draft, {force: true}).catch(() => undefined);
		throw error;
	}
}

async function translated(target: string, work: () => Promise<void>): Promise<void> {
	try {
		await work();
	} catch (error) {
		throw notWritten(target, error);
	}
}

/** `writeWhole` at once, for small files. @throws SluiceError `file.not_written` */
export function writeWholeNow(
	target: string,
	content: Uint8Array | string,
	{mode = 0o600, replaces = true}: Pick<WholeOptions, 'mode' | 'replaces'> = {},
): void {
	const draft = draftOf(target);
	try {
		const file = openSync(draft, 'wx', mode);
		try {
			writeAllSync(file, content);
			fsyncSync(file);
		} finally {
			closeSync(file);
		}
		if (replaces) {
			const found = lstatSync(target, {throwIfNoEntry: false});
			if (found && !found.isFile()) throw notRegular(target);
			renameSync(draft, target);
		} else {
			try {
				linkSync(draft, target);
			} catch (error) {
				renameUnlinkable(draft, target, error);
			}
			rmSync(draft, {force: true});
		}
		syncFolderNow(dirname(target));
	} catch (error) {
		rmSync(draft, {force: true});
		throw notWritten(target, error);
	}
}

/** Gives a draft its name on a file system without hard links. @throws `error` on any other */
function renameUnlinkable(draft: string, target: string, error: unknown): void {
	const {code = ''} = error as NodeJS.ErrnoException;
	if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(code) || existsSync(target)) throw error;
	renameSync(draft, target);
}

/** Whether a file of this name is a draft that `writeWhole` or `copyWhole` named, which only a crash leaves behind. */
export function isDraft(name: string): boolean {
	return /^\..*\.[0-9a-f]{8}\.partial$/.test(name);
}

/** A name of its own: two writers of one file must not write into each other's draft. */
function draftOf(target: string): string {
	return join(dirname(target), `.${basename(target).slice(0, 60)}.${randomUUID().slice(0, 8)}.partial`);
}
