import {type FileHandle, open, rm} from 'node:fs/promises';
import {notWritten} from './file-error.js';
import {writeAll} from './write-all.js';

/** A file that is being written. Each write ends when all of its bytes are in the file, or throws. */
export class NewFile {
	readonly #file: FileHandle;

	constructor(file: FileHandle) {
		this.#file = file;
	}

	/** Appends. */
	async write(bytes: Uint8Array | string): Promise<void> {
		await writeAll(this.#file, bytes);
	}

	async writeAt(bytes: Uint8Array, position: number): Promise<void> {
		await writeAll(this.#file, bytes, position);
	}

	/** Returns when what was written so far is on disk. */
	async datasync(): Promise<void> {
		await this.#file.datasync();
	}
}

/** What a file is to hold: a text, bytes, or what a function writes. */
export type Content<Result = unknown> = Uint8Array | string | ((file: NewFile) => Promise<Result>);

/**
 * Writes a file that must not be there yet, and leaves none when that fails. It is on disk when this returns, but its name may not be: for
 * scratch that a later step copies, or whose folder the caller syncs.
 *
 * @returns what the function returned, and the size in bytes
 * @throws SluiceError `file.not_written`; what the function throws otherwise passes unchanged
 */
export async function writeNew<Result>(
	path: string,
	content: Content<Result>,
	{mode = 0o600, named = path}: {readonly mode?: number /** The file that errors name. */; readonly named?: string} = {},
): Promise<{readonly result: Result | undefined; readonly bytes: number}> {
	const file = await open(path, 'wx', mode).catch((error: unknown) => {
		throw notWritten(named, error);
	});
	try {
		try {
			const target = new NewFile(file);
			const result = typeof content === 'function' ? await content(target) : void (await target.write(content));
			await file.sync();
			return {result: result as Result | undefined, bytes: (await file.stat()).size};
		} finally {
			await file.close();
		}
	} catch (error) {
		await rm(path, {force: true}).catch(() => undefined);
		throw isOfWriting(error) ? notWritten(named, error) : error;
	}
}

/** Errors of system calls on an open file; a function that reads other files while it writes throws errors with a path. */
function isOfWriting(error: unknown): boolean {
	const {syscall, path} = error as NodeJS.ErrnoException;
	return error instanceof Error && path === undefined && ['write', 'fsync', 'fdatasync', 'close'].includes(syscall ?? '');
}
