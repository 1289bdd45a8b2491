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
