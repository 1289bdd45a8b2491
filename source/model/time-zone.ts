const quarterMs = 15 * 60 * 1000;
const dayMs = 24 * 60 * 60 * 1000;

/** What a zone's clock is ahead of UTC by, in milliseconds, at an instant. */
export type ZoneOffset = (instantMs: number) => number;

const zones = new Map<string, ZoneOffset>();

/** The offsets of an IANA time zone. Remembers each quarter of an hour it was asked for: no zone changes its clock within one. */
export function zoneOffset(timezone: string): ZoneOffset {
	const known = zones.get(timezone);
	if (known) return known;
	const made = timezone === 'UTC' ? () => 0 : remembering(timezone);
	zones.set(timezone, made);
	return made;
}

function remembering(timezone: string): ZoneOffset {
	const format = new Intl.DateTimeFormat('en-US', {timeZone: timezone, timeZoneName: 'longOffset'});
	const known = new Map<number, number>();
	return (instantMs) => {
		const quarter = Math.floor(instantMs / quarterMs);
		const offset = known.get(quarter);
		if (offset !== undefined) return offset;
		const name = format.formatToParts(quarter * quarterMs).find(({type}) => type === 'timeZoneName')?.value ?? 'GMT';
		const found = parseOffset(name);
		if (known.size > 100_000) known.clear();
		known.set(quarter, found);
		return found;
	};
}

/** `GMT`, `GMT+05:30`, `GMT-00:09:21` in milliseconds. */
function parseOffset(name: string): number {
	const [, sign = '+', hours = '0', minutes = '0', seconds = '0'] = /^GMT(?:([+-])(\d+):(\d+)(?::(\d+))?)?$/.exec(name) ?? [];
	return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
}

/** The instant of a wall clock's time, given as if it were UTC. A gap or fold takes the offset in force before it (SPEC 3). */
export function instantOf(wallMs: number, offsetAt: ZoneOffset): number {
	const before = wallMs - offsetAt(wallMs - dayMs);
	if (before + offsetAt(before) === wallMs) return before;
	const after = wallMs - offsetAt(wallMs + dayMs);
	return after + offsetAt(after) === wallMs ? after : before;
}

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
