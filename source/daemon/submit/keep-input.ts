import {constants, createWriteStream, existsSync} from 'node:fs';
import {chmod, copyFile, mkdir, open, rm} from 'node:fs/promises';
import {pipeline} from 'node:stream/promises';
import {failpoint} from '../../engine/failpoint.js';
import type {ExecutionFolder} from '../paths.js';
import {type FileIdentity, openRegular} from '../source/open-regular.js';

/**
 * Copies the input into the execution's folder, as a clone where the file system can, and makes sure that it is on disk: an
 * accepted execution survives a power loss. Leaves nothing behind when it fails.
 *
 * @param identity the file of a drop folder that was looked at: it alone is copied, whatever its name means by now
 */
export async function keepInput(folder: ExecutionFolder, from: string, name: string, identity?: FileIdentity): Promise<void> {
	await mkdir(folder.inputFolder, {recursive: true, mode: 0o700});
	try {
		const target = folder.input(name);
		if (identity) await copyRegular(from, target, identity);
		else await copyFile(from, target, constants.COPYFILE_FICLONE);
		failpoint('daemon.submission.copied');
		await chmod(target, 0o600);
		for (const path of [target, folder.inputFolder, folder.path]) await syncPath(path);
	} catch (error) {
		await rm(folder.path, {recursive: true, force: true});
		throw error;
	}
}

async function copyRegular(from: string, to: string, identity: FileIdentity): Promise<void> {
	const source = await openRegular(from, identity);
	// why by the descriptor's own name, where there is one: a file system that can clones it, and it is the file that was checked
	const same = `/proc/self/fd/${source.fd}`;
	try {
		if (existsSync(same)) await copyFile(same, to, constants.COPYFILE_FICLONE);
		else await pipeline(source.createReadStream({autoClose: false}), createWriteStream(to, {flags: 'wx', mode: 0o600}));
	} finally {
		await source.close();
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
