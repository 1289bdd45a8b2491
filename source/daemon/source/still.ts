import {openForWriting} from './open-elsewhere.js';
import type {SourceFile} from './source-files.js';

/** How long a file must rest where `settle` does not say it. On a network share, others see a change up to a minute later. */
export const settleSecondsHere = 2;
export const settleSecondsOnShare = 60;

type Seen = {readonly version: string; readonly since: number};

/**
 * Tells whole files from those that are still being written (SPEC 11): a file is whole when it was the same at every look for as long as
 * `settle` says, and no process is seen to have it open for writing. Looks are remembered from one tick to the next.
 *
 * Times of files do not count: a server's clock may be behind, and writers set times that have passed.
 */
export class StillFiles {
	readonly #seen = new Map<string, ReadonlyMap<string, Seen>>();
	readonly #now: () => number;
	readonly #open: typeof openForWriting;

	/**
	 * @param now a clock that never jumps, in ms
	 * @param open which files are seen to be open for writing
	 */
	constructor(now: () => number = () => performance.now(), open: typeof openForWriting = openForWriting) {
		this.#now = now;
		this.#open = open;
	}

	/**
	 * @param files all that a connector's source holds and no execution has taken
	 * @returns those of them that are whole, in the same order
	 */
	async of<File extends SourceFile>(connector: string, files: readonly File[], settleMs: number): Promise<readonly File[]> {
		const now = this.#now();
		const before = this.#seen.get(connector);
		const seen = new Map<string, Seen>();
		for (const {path, version} of files) {
			const last = before?.get(path);
			seen.set(path, last?.version === version ? last : {version, since: now});
		}
		this.#seen.set(connector, seen);
		const rested = files.filter(({path}) => now - (seen.get(path)?.since ?? now) >= settleMs);
		const open = await this.#open(rested);
		return rested.filter(({path}) => !open.has(path));
	}
}

/** The files that look whole at a single look: their times are old enough. Good enough to show, not to take. */
export async function seemStill<File extends SourceFile>(files: readonly File[], settleMs: number): Promise<readonly File[]> {
	const old = files.filter(({changedMs}) => Date.now() - changedMs >= settleMs);
	const open = await openForWriting(old);
	return old.filter(({path}) => !open.has(path));
}
