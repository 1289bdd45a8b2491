const hourMs = 3_600_000;
const formats = new Map<string, Intl.DateTimeFormat>();
const known = new Map<string, number>();

/** What the clocks of a zone show at an instant, less that instant, in milliseconds. */
function offsetAt(instantMs: number, zone: string): number {
	const key = `${zone} ${instantMs}`;
	const before = known.get(key);
	if (before !== undefined) return before;
	const format = formats.get(zone) ?? new Intl.DateTimeFormat('en-US', {timeZone: zone, timeZoneName: 'longOffset'});
	formats.set(zone, format);
	const name = format.formatToParts(instantMs).find(({type}) => type === 'timeZoneName')?.value ?? '';
	const [, sign = '+', hours = '0', minutes = '0', seconds = '0'] = /^GMT(?:([+-])(\d+):(\d+)(?::(\d+))?)?$/.exec(name) ?? [];
	const offset = (sign === '-' ? -1000 : 1000) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds));
	if (known.size > 500_000) known.clear();
	known.set(key, offset);
	return offset;
}

/**
 * The instant of a wall time: of all offsets in force within a day and a half, those under which the clocks then show that time. The
 * first of two; where there is none, the offset that was in force before.
 */
export function instantOf(wallMs: number, zone: string): number {
	if (zone === 'UTC') return wallMs;
	const hour = Math.floor(wallMs / hourMs) * hourMs;
	const offsets = [...new Set(Array.from({length: 73}, (_, index) => offsetAt(hour + (index - 36) * hourMs, zone)))];
	const instants = offsets.map((offset) => wallMs - offset).filter((instant) => instant + offsetAt(instant, zone) === wallMs);
	if (instants.length > 0) return Math.min(...instants);
	return wallMs - (offsets[0] ?? 0);
}
