import {zoneOffset} from './time-zone.js';

const dayMs = 86_400_000;

/** How far a time zone's wall clocks are ahead of UTC at an instant, in milliseconds. */
export function offsetAt(instant: number, timeZone: string): number {
	return zoneOffset(timeZone)(instant);
}

/**
 * The instants at which wall clocks show a time: one as a rule, two where they were set back over it, and where they were set forward over
 * it none, but the instant they were set.
 *
 * @param wall the time as if it were UTC, in milliseconds
 */
export function instantsOf(wall: number, timeZone: string): {readonly shown: readonly number[]; readonly skippedAt: number | null} {
	const [before, after] = [offsetAt(wall - dayMs, timeZone), offsetAt(wall + dayMs, timeZone)];
	if (before === after) return {shown: [wall - before], skippedAt: null};
	const shown = [wall - before, wall - after].filter((instant) => instant + offsetAt(instant, timeZone) === wall).sort((a, b) => a - b);
	return shown.length > 0 ? {shown, skippedAt: null} : {shown, skippedAt: changeAfter(wall - 2 * dayMs, wall + 2 * dayMs, timeZone)};
}

/** When the offset changes between two instants. */
function changeAfter(from: number, to: number, timeZone: string): number {
	const before = offsetAt(from, timeZone);
	let [low, high] = [from, to];
	while (high - low > 1) {
		const middle = Math.floor((low + high) / 2);
		if (offsetAt(middle, timeZone) === before) low = middle;
		else high = middle;
	}
	return high;
}
