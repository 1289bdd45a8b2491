import {constants} from 'node:fs';
import {type FileHandle, open} from 'node:fs/promises';
import {SluiceError} from '../../model/errors.js';

/** Which file of the machine a path meant when it was looked at, whatever its name means later. */
export type FileIdentity = {readonly device: bigint; readonly inode: bigint};

/**
 * Opens a regular file for reading, and nothing else: a link is not followed, a pipe is not waited for.
 *
 * @param identity the file that was looked at; another one is refused
 * @throws SluiceError `source.failed` when it is none, or another one by now
 */
export async function openRegular(path: string, identity?: FileIdentity): Promise<FileHandle> {
	const refused = (cause?: unknown): SluiceError =>
		new SluiceError('source.failed', 'This is not the regular file that was looked at', {
			where: path,
			cure: 'Links, pipes and devices are not read: put the file itself there.',
			cause,
		});
	let handle: FileHandle;
	try {
		handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
	} catch (error) {
		const {code} = error as NodeJS.ErrnoException;
		throw code === 'ELOOP' || code === 'ENXIO' ? refused(error) : error;
	}
	try {
		const found = await handle.stat({bigint: true});
		const isIt = identity === undefined || (found.dev === identity.device && found.ino === identity.inode);
		if (!found.isFile() || !isIt) throw refused();
		return handle;
	} catch (error) {
		await handle.close();
		throw error;
	}
}
