import {SluiceError} from '../../model/errors.js';
import {causeOfNotWritten} from '../../platform/files/file-error.js';
import type {NewFile} from '../../platform/files/new-file.js';
import {writeWhole} from '../../platform/files/whole-file.js';

/**
 * Writes an artifact whole or not at all.
 *
 * @returns its size in bytes
 * @throws SluiceError `report.unwritable` when it cannot be written; what `write` throws passes unchanged, and no file is left
 */
export async function writeArtifact(target: string, write: (file: NewFile) => Promise<void>): Promise<number> {
	try {
		return (await writeWhole(target, write)).bytes;
	} catch (error) {
		throw error instanceof SluiceError && error.code === 'file.not_written' ? unwritable(target, error) : error;
	}
}

/** The error of a file system as one that says which file could not be written. */
export function unwritable(target: string, error: unknown): SluiceError {
	return new SluiceError('report.unwritable', `${target} could not be written: ${causeOfNotWritten(error)}`, {where: target, cause: error});
}
