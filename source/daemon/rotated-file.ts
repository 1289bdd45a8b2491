import {existsSync, renameSync, statSync} from 'node:fs';
import {destination} from 'pino';

type Destination = ReturnType<typeof destination>;

/** What waits in memory while the disk is full. */
const mostWaitingBytes = 1_000_000;

/** A file that is appended to and never grows without end: at its size it becomes `<file>.1`, that one `<file>.2`, and the oldest goes. */
export class RotatedFile {
	readonly #file: string;
	readonly #largestBytes: number;
	readonly #kept: number;
	readonly #stream: Destination;
	#bytes: number;
	/** Lines that no room was left for while the file could not be written. */
	#dropped = 0;

	constructor(file: string, {largestBytes = 10_000_000, kept = 3}: {largestBytes?: number; kept?: number} = {}) {
		this.#file = file;
		this.#largestBytes = largestBytes;
		this.#kept = kept;
		this.#bytes = statSync(file, {throwIfNoEntry: false})?.size ?? 0;
		// minLength: at 0 the stream answers a flush before it has written anything.
		this.#stream = destination({dest: file, sync: false, minLength: 1, mode: 0o600, append: true, maxLength: mostWaitingBytes});
		// A line that cannot be written (a full disk) must not end the daemon. It waits, and is written before the next one.
		this.#stream.on('error', () => undefined);
		this.#stream.on('drop', () => {
			this.#dropped++;
		});
	}

	write(text: string): void {
		const dropped = this.#dropped;
		this.#write(text);
		if (dropped === 0 || this.#dropped > dropped) return;
		this.#dropped = 0;
		this.#write(`${JSON.stringify({level: 50, time: new Date().toISOString(), msg: `${dropped} lines could not be written here`})}\n`);
	}

	#write(text: string): void {
		const bytes = Buffer.byteLength(text);
		if (this.#bytes > 0 && this.#bytes + bytes > this.#largestBytes) this.#rotate();
		this.#bytes += bytes;
		this.#stream.write(text);
	}

	flush(done?: (error?: Error | null) => void): void {
		this.#stream.flush(done);
	}

	/** What is on its way to the file still goes to it, under its new name. */
	#rotate(): void {
		this.#bytes = 0;
		try {
			for (let number = this.#kept - 1; number >= 1; number--) {
				const older = `${this.#file}.${number}`;
				if (existsSync(older)) renameSync(older, `${this.#file}.${number + 1}`);
			}
			renameSync(this.#file, `${this.#file}.1`);
			this.#stream.reopen(this.#file);
		} catch {
			// The folder cannot be written: the file goes on, and the next turn tries again.
		}
	}
}
