import type {DiskTrouble} from '../../platform/disk-trouble.js';

/** Why an execution waits for a disk, and since when. Times are of a clock that only goes forward, in milliseconds. */
export type DiskWait = {
	readonly trouble: DiskTrouble;
	/** The folder on that disk, and its free bytes when the trouble came; null where that cannot be told. */
	readonly folder: string;
	readonly freeThen: number | null;
	readonly sinceMs: number;
	/** How often it came back to this wait, this time included. */
	readonly times: number;
};

const mebibyte = 2 ** 20;
/** Room that is worth a try, and how much more than there was: a full disk always has a little. */
const worthATry = 16 * mebibyte;
const moreThanThen = 8 * mebibyte;
const firstPauseMs = {full: 30_000, failing: 5_000} as const;
const longestPauseMs = 600_000;

/** Whether the execution may try again: there is room now, or it has paused long enough to find out (each pause twice the one before). */
export function mayTryAgain(
	{trouble, freeThen, sinceMs, times}: DiskWait,
	now: {readonly free: number | null; readonly atMs: number},
): boolean {
	const pauseMs = Math.min(firstPauseMs[trouble] * 2 ** (times - 1), longestPauseMs);
	if (now.atMs - sinceMs >= pauseMs) return true;
	return trouble === 'full' && now.free !== null && freeThen !== null && now.free >= Math.max(worthATry, freeThen + moreThanThen);
}

/** The wait as a sentence: which folder, how much is free, what to do. */
export function diskSentence({trouble, folder}: Pick<DiskWait, 'trouble' | 'folder'>, free: number | null): string {
	if (trouble === 'full') {
		const left = free === null ? '' : ` (${(free / 1e6).toFixed(1)} MB free)`;
		return `The disk that holds ${folder} is full${left}: make room there, and the execution goes on by itself`;
	}
	return `The disk that holds ${folder} fails to read or write: check it with \`sluice doctor\`; the execution tries again by itself`;
}
