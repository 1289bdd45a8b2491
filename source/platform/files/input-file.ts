import {constants, type Stats} from 'node:fs';
import {type FileHandle, open, stat} from 'node:fs/promises';
import {SluiceError} from '../../model/errors.js';

/**
 * The size of a file that is to be read, looked at without opening it.
 *
 * @param name the name that errors call it by
 * @throws SluiceError `intake.missing`, `intake.unreadable` for what is no regular file or may not be read
 */
export async function inputSize(path: string, name: string): Promise<number> {
	try {
		return sizeOf(await stat(path), path, name);
	} catch (error) {
		throw inputFileError(error, path, name);
	}
}

/**
 * Opens a regular file for reading. What is no regular file, such as a pipe, is neither opened nor waited for.
 *
 * @throws SluiceError `intake.missing`, `intake.unreadable`
 */
export async function openInputFile(path: string, name: string): Promise<{readonly file: FileHandle; readonly sizeBytes: number}> {
	await inputSize(path, name);
	try {
		const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
		try {
			// The name may mean another file by now.
			return {file, sizeBytes: sizeOf(await file.stat(), path, name)};
		} catch (error) {
			await file.close();
			throw error;
		}
	} catch (error) {
		throw inputFileError(error, path, name);
	}
}

function sizeOf(found: Stats, path: string, name: string): number {
	if (found.isFile()) return found.size;
	throw new SluiceError('intake.unreadable', `${name} is ${kindOfPlace(found)}, not a file`, {where: path, expected: 'a file'});
}

function kindOfPlace(found: Stats): string {
	if (found.isDirectory()) return 'a folder';
	if (found.isFIFO()) return 'a pipe';
	return found.isSocket() ? 'a socket' : 'a device';
}

/** An error of opening or reading an input file, as people read it. Others pass unchanged. */
export function inputFileError(error: unknown, path: string, name: string): unknown {
	const code = error instanceof Error && 'code' in error ? error.code : undefined;
	if (code === 'ENOENT' || code === 'ENOTDIR')
		return new SluiceError('intake.missing', `${name} does not exist`, {where: path, cause: error});
	if (code === 'EACCES' || code === 'EPERM')
		return new SluiceError('intake.unreadable', `${name} may not be read`, {where: path, cause: error});
	if (code === 'ELOOP')
		return new SluiceError('intake.unreadable', `${name} is a link that leads back to itself`, {where: path, cause: error});
	return error;
}
