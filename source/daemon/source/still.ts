import {openForWriting} from './open-elsewhere.js';
import type {SourceFile} from './source-files.js';

/** A file that nobody has changed for this long, and nobody has open for writing, is taken as whole. */
export const stillMs = 2_000;

/** Tells whole files from those that are still being written (SPEC 11). Remembers what it saw from one look to the next. */
export class StillFiles {
	readonly #seen = new Map<string, {stat: string; since: number}>();

	/** @returns those of `files` that are still, in the same order */
	async of<File extends SourceFile>(files: readonly File[]): Promise<readonly File[]> {
		const quiet = files.filter((file) => this.#isQuiet(file));
		const open = await openForWriting(quiet.map(({path}) => path));
		return quiet.filter(({path}) => !open.has(path));
	}

	#isQuiet({path, stat, changedMs}: SourceFile): boolean {
		const age = Date.now() - changedMs;
		if (age >= stillMs) return true;
		// why also this: a file from a machine whose clock is ahead would never grow old.
		const now = performance.now();
		const seen = this.#seen.get(path);
		if (seen?.stat !== stat) {
			this.#seen.set(path, {stat, since: now});
			return false;
		}
		return now - seen.since >= stillMs;
	}
}
