import {constants} from 'node:fs';
import {mkdir, open, rename, rm} from 'node:fs/promises';
import {SluiceError} from '../../model/errors.js';
import {failpoint} from '../../platform/failpoint.js';
import {copyOpen} from '../../platform/files/copy-open.js';
import {syncFolder} from '../../platform/files/sync.js';
import type {ExecutionFolder} from '../paths.js';
import {type FileIdentity, openRegular} from '../source/open-regular.js';

/**
 * Copies the input into the execution's folder, as a clone where the file system can, and makes sure that it is on disk: an
 * accepted execution survives a power loss. Leaves nothing behind when it fails.
 *
 * @param identity the file of a drop folder that was looked at: it alone is copied, whatever its name means by now
 */
export async function keepInput(folder: ExecutionFolder, from: string, name: string, identity?: FileIdentity): Promise<void> {
	await kept(folder, () => copyRegular(from, folder.input(name), name, identity));
}

/** The same for a file of the state folder that nothing else needs, whose content is on disk: it is moved. */
export async function moveInput(folder: ExecutionFolder, from: string, name: string): Promise<void> {
	await kept(folder, () => rename(from, folder.input(name)));
}

async function kept(folder: ExecutionFolder, put: () => Promise<void>): Promise<void> {
	await mkdir(folder.inputFolder, {recursive: true, mode: 0o700});
	try {
		await put();
		failpoint('daemon.submission.copied');
		for (const path of [folder.inputFolder, folder.path]) await syncFolder(path);
	} catch (error) {
		await rm(folder.path, {recursive: true, force: true});
		throw error;
	}
}

/**
 * Copies what the descriptor holds: the path may have become a pipe or another file since it was checked, and opening a pipe would wait for
 * its writer. By the descriptor's own path a file system that can clone a file does so.
 */
async function copyRegular(from: string, to: string, name: string, identity: FileIdentity | undefined): Promise<void> {
	const source = identity ? await openRegular(from, identity) : await open(from, constants.O_RDONLY | constants.O_NONBLOCK);
	try {
		if (!(await source.stat()).isFile()) {
			throw new SluiceError('intake.unreadable', `${name} is not a file any more`, {where: from, expected: 'a file'});
		}
		await copyOpen(source, to, {mode: 0o600});
	} finally {
		await source.close();
	}
}
