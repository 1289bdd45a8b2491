import {looksComplete} from './complete-end.js';
import {openForWriting} from './open-elsewhere.js';
import type {SourceFile} from './source-files.js';

/** How long a file must rest where `settle` does not say it. On a network share, others see a change up to a minute later. */
export const settleSecondsHere = 2;
export const settleSecondsOnShare = 60;

/** How long a file must rest. `isGiven`: the configuration says it, and it is exactly so long. */
export type Settle = {readonly ms: number; readonly isGiven: boolean};

/*
 * Where the configuration says nothing, what looks as if it were still being written rests longer: a writer over NFS or SMB keeps no file
 * open that could be seen here, and may pause for seconds.
 */
/** Since its last change: a file that has just been written may be the first piece of a longer one. */
const freshRestMs = 5_000;
/** A file whose end is that of no complete file. */
const incompleteRestMs = 10_000;
/** A file that changed while it was watched: so many times the longest pause of its writer, at most a minute. */
const pausesOfRest = 3;
const longestRestMs = 60_000;

type Seen = {
	readonly version: string;
	readonly inode: bigint;
	readonly since: number;
	/** The longest that it was the same before it changed. */
	readonly longestPauseMs: number;
};

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
	async of<File extends SourceFile>(connector: string, files: readonly File[], settle: Settle): Promise<readonly File[]> {
		const now = this.#now();
		const before = this.#seen.get(connector);
		const seen = new Map<string, Seen>();
		for (const file of files) seen.set(file.path, seenNow(file, before?.get(file.path), now));
		this.#seen.set(connector, seen);
		const restOf = ({path}: File): number => now - (seen.get(path)?.since ?? now);
		const rested = files.filter((file) => restOf(file) >= settle.ms);
		const sure: File[] = [];
		for (const file of rested) {
			const {longestPauseMs = 0} = seen.get(file.path) ?? {};
			if (await hasRested(file, settle, {seenMs: restOf(file), longestPauseMs})) sure.push(file);
		}
		const open = await this.#open(sure);
		return sure.filter(({path}) => !open.has(path));
	}
}

function seenNow({version, identity: {inode}}: SourceFile, last: Seen | undefined, now: number): Seen {
	if (last === undefined || last.inode !== inode) return {version, inode, since: now, longestPauseMs: 0};
	if (last.version === version) return last;
	return {version, inode, since: now, longestPauseMs: Math.max(last.longestPauseMs, now - last.since)};
}

/** Whether a file that has rested as long as every file must has rested long enough for what is seen of it. */
async function hasRested(file: SourceFile, {ms, isGiven}: Settle, looks: {seenMs: number; longestPauseMs: number}): Promise<boolean> {
	if (isGiven) return true;
	// A file that lay here before it was first seen has rested as well.
	const restedMs = Math.max(looks.seenMs, Date.now() - file.changedMs);
	// Nothing is in it yet: who made it will write.
	const pauses = file.sizeBytes === 0 ? longestRestMs : Math.min(longestRestMs, looks.longestPauseMs * pausesOfRest);
	if (restedMs < Math.max(ms, freshRestMs, pauses)) return false;
	return restedMs >= incompleteRestMs || (await looksComplete(file));
}

/** The files that look whole at a single look: their times are old enough. Good enough to show, not to take. */
export async function seemStill<File extends SourceFile>(files: readonly File[], settle: Settle): Promise<readonly File[]> {
	const old: File[] = [];
	for (const file of files) {
		const isOld = Date.now() - file.changedMs >= settle.ms;
		if (isOld && (await hasRested(file, settle, {seenMs: 0, longestPauseMs: 0}))) old.push(file);
	}
	const open = await openForWriting(old);
	return old.filter(({path}) => !open.has(path));
}
