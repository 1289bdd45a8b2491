import {type FileHandle, open} from 'node:fs/promises';
import {writeAll} from '../../platform/files/write-all.js';

/** The file of a page while it is written. Writes one chunk while the next is made, which is half of the speed of reading a CSV. */
export class PageFile {
	private writing: Promise<void> = Promise.resolve();

	private constructor(
		private readonly file: FileHandle,
		private readonly count: (bytes: number) => void,
	) {}

	/** @param count told of every chunk before it is written; throws when it is too much */
	static async create(path: string, count: (bytes: number) => void): Promise<PageFile> {
		return new PageFile(await open(path, 'w'), count);
	}

	/** Hands a chunk over; it must not change until the next call returns. Throws what the chunk before it met, such as a full disk. */
	async write(chunk: Uint8Array): Promise<void> {
		this.count(chunk.length);
		await this.writing;
		this.writing = writeAll(this.file, chunk);
		// The next call or `finish` reports a failure; until one does, it must not count as unhandled.
		this.writing.catch(() => {});
	}

	/** Everything is written when it returns. */
	async finish(): Promise<void> {
		await this.writing;
	}

	/** Closes the file, whatever became of it. */
	async close(): Promise<void> {
		await Promise.allSettled([this.writing]);
		await this.file.close();
	}
}
