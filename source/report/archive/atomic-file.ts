import {randomUUID} from 'node:crypto';
import {type FileHandle, open, rename, rm} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import {SluiceError} from '../../model/errors.js';

/**
 * Writes a file so that whoever looks sees the old one or the whole new one, also after a crash or power loss: a temporary file
 * in the same folder, synced, renamed over the target, and the folder synced.
 *
 * @returns what `write` returned, and the size of the file in bytes
 * @throws SluiceError `report.unwritable` when the folder refuses; what `write` throws passes unchanged, and no file is left
 */
export async function writeAtomically<Result>(
	target: string,
	write: (file: FileHandle) => Promise<Result>,
): Promise<{result: Result; bytes: number}> {
	// why a name of its own: two exports to one path must not write into each other's file
	const temporary = join(dirname(target), `.${basename(target)}.${randomUUID().slice(0, 8)}.partial`);
	try {
		const file = await translated(target, open(temporary, 'wx', 0o600));
		let result: Result;
		let bytes: number;
		try {
			result = await write(file);
			await translated(target, file.sync());
			bytes = (await file.stat()).size;
		} finally {
			await file.close();
		}
		await translated(target, rename(temporary, target));
		await syncFolder(dirname(target));
		return {result, bytes};
	} catch (error) {
		await rm(temporary, {force: true});
		throw error;
	}
}

async function syncFolder(folder: string): Promise<void> {
	const handle = await open(folder, 'r');
	try {
		await handle.sync();
	} finally {
		await handle.close();
	}
}

async function translated<Value>(target: string, work: Promise<Value>): Promise<Value> {
	try {
		return await work;
	} catch (error) {
		throw unwritable(target, error);
	}
}

/** The error of a file system as one that says which file could not be written. */
export function unwritable(target: string, error: unknown): SluiceError {
	const why = error instanceof Error ? error.message : String(error);
	return new SluiceError('report.unwritable', `${target} could not be written: ${why}`, {where: target, cause: error});
}
