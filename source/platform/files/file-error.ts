import {basename} from 'node:path';
import {SluiceError} from '../../model/errors.js';

/** What the operating system says, as people read it. */
const reasons: Readonly<Record<string, string>> = {
	ENOSPC: 'no space left on device',
	EDQUOT: 'disk quota exceeded',
	EIO: 'input/output error',
	EROFS: 'read-only file system',
	EFBIG: 'the file is larger than its file system allows',
	EACCES: 'permission denied',
	EPERM: 'permission denied',
	ENOENT: 'its folder, or the file to copy, is missing',
	ENOTDIR: 'its folder is missing',
	EEXIST: 'something of that name is there already',
	EMFILE: 'too many files are open',
	ENFILE: 'too many files are open',
};

const cures: Readonly<Record<string, string>> = {
	ENOSPC: 'Make room on the disk that holds it, then do it again.',
	EDQUOT: 'Raise the quota or make room, then do it again.',
	EACCES: 'Give the user that runs this the right to write there, then do it again.',
	EPERM: 'Give the user that runs this the right to write there, then do it again.',
};

/** The reason that a file could not be written for, without the file's name. */
function writingReason(error: unknown): string {
	const {code = '', message} = error as NodeJS.ErrnoException;
	const reason = Object.hasOwn(reasons, code) ? reasons[code] : undefined;
	return reason === undefined ? message : `${reason} (${code})`;
}

/** An error of the file system as one that names the file. A `SluiceError` passes unchanged. */
export function notWritten(target: string, error: unknown): SluiceError {
	if (error instanceof SluiceError) return error;
	const {code = ''} = error as NodeJS.ErrnoException;
	return new SluiceError('file.not_written', `${basename(target)} could not be written: ${writingReason(error)}`, {
		where: target,
		cure: Object.hasOwn(cures, code) ? cures[code] : undefined,
		cause: error,
	});
}

/** The reason alone, for a caller that has words of its own for the file. */
export function causeOfNotWritten(error: unknown): string {
	const isOurs = error instanceof SluiceError && error.code === 'file.not_written' && error.cause !== undefined;
	return writingReason(isOurs ? error.cause : error);
}

/** The error for a target that is a folder, a link, a pipe, a socket or a device. */
export function notRegular(target: string): SluiceError {
	return new SluiceError('file.not_written', `${basename(target)} could not be written: something that is no regular file is there`, {
		where: target,
		expected: 'a regular file, or nothing',
		cure: 'Move it away, then do it again.',
	});
}
