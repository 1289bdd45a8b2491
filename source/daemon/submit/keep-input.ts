import {constants} from 'node:fs';
import {chmod, copyFile, mkdir, open, rm} from 'node:fs/promises';
import {failpoint} from '../../engine/failpoint.js';
import {SluiceError} from '../../model/errors.js';
import type {ExecutionFolder} from '../paths.js';

/**
 * Copies the input into the execution's folder, as a clone where the file system can, and makes sure that it is on disk: an
 * accepted execution survives a power loss. Leaves nothing behind when it fails.
 */
export async function keepInput(folder: ExecutionFolder, from: string, name: string): Promise<void> {
	await mkdir(folder.inputFolder, {recursive: true, mode: 0o700});
	try {
		const target = folder.input(name);
		await copyRegular(from, target, name);
		failpoint('daemon.submission.copied');
		await chmod(target, 0o600);
		for (const path of [target, folder.inputFolder, folder.path]) await syncPath(path);
	} catch (error) {
		await rm(folder.path, {recursive: true, force: true});
		throw error;
	}
}

/** Why opened first: what was a file when it was checked may have become a pipe, and whoever opens that waits for its writer. */
async function copyRegular(from: string, target: string, name: string): Promise<void> {
	const handle = await open(from, constants.O_RDONLY | constants.O_NONBLOCK);
	try {
		if (!(await handle.stat()).isFile()) {
			throw new SluiceError('intake.unreadable', `${name} is not a file any more`, {where: from, expected: 'a file'});
		}
		const opened = process.platform === 'linux' ? `/proc/self/fd/${handle.fd}` : from;
		await copyFile(opened, target, constants.COPYFILE_FICLONE);
	} finally {
		await handle.close();
	}
}

/** Makes sure that a file, or what a folder holds, is on disk. */
export async function syncPath(path: string): Promise<void> {
	const handle = await open(path, 'r');
	try {
		await handle.sync();
	} finally {
		await handle.close();
	}
}
