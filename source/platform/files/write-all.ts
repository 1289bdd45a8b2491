import {writeSync} from 'node:fs';
import type {FileHandle} from 'node:fs/promises';

/**
 * Writes all of the bytes. A file system that has room for a part of them writes that part and reports how much it was; the next write of
 * the rest then fails with `ENOSPC`.
 *
 * @param position where in the file; null where the file stands
 */
export async function writeAll(file: Pick<FileHandle, 'write'>, bytes: Uint8Array | string, position: number | null = null): Promise<void> {
	const buffer = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
	for (let done = 0; done < buffer.length; ) {
		const {bytesWritten} = await file.write(buffer, done, buffer.length - done, position === null ? null : position + done);
		done += bytesWritten;
	}
}

/** The same at once. @param file a descriptor */
export function writeAllSync(file: number, bytes: Uint8Array | string, position: number | null = null): void {
	const buffer = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
	for (let done = 0; done < buffer.length; )
		done += writeSync(file, buffer, done, buffer.length - done, position === null ? null : position + done);
}
