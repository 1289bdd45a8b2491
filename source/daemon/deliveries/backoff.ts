const pausesSeconds = [5, 30, 120, 600, 1_800] as const;

/** The longest pause between two attempts: what is due later than that was written under another clock. */
export const longestPauseMs = 3_600_000;

/**
 * How many attempts fill a day with these pauses. why counted, and not read off a clock: a clock that is set back would let a delivery go on
 * for ever, one that is set forward would end it at once.
 */
const attemptsOfADay = pausesSeconds.length + 1 + Math.floor((24 * 3_600 - pausesSeconds.reduce((sum, pause) => sum + pause, 0)) / 3_600);

/**
 * When a delivery that failed is tried again: later each time, for a day; null when the day is over (SPEC 12).
 *
 * @param attempts how many failed before this one
 * @param atLeastMs a pause that the receiver asked for
 */
export function retryAt(attempts: number, now: Date, atLeastMs = 0): string | null {
	if (attempts + 1 >= attemptsOfADay) return null;
	const pauseMs = Math.max((pausesSeconds[attempts] ?? 3_600) * 1000, atLeastMs);
	return new Date(now.getTime() + pauseMs).toISOString();
}
