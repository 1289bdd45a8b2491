import {open} from 'node:fs/promises';
import {notWritten} from './file-error.js';
import {writeAll} from './write-all.js';

/**
 * Appends lines to a log, all of them or none: what a full disk took of them is cut off again, so that the next lines do not continue a
 * half one. They are not synced.
 *
 * @throws SluiceError `file.not_written`
 */
export async function appendLines(file: string, lines: string, mode = 0o600): Promise<void> {
	try {
		const handle = await open(file, 'a', mode);
		try {
			const {size} = await handle.stat();
			try {
				await writeAll(handle, lines);
			} catch (error) {
				await handle.truncate(size);
				throw error;
			}
		} finally {
			await handle.close();
		}
	} catch (error) {
		throw notWritten(file, error);
	}
}
