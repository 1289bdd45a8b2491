import {SluiceError} from '../../model/errors.js';
import {instantOf, zoneOffset} from '../../model/time-zone.js';

const longestSpanHours = 10_000 * 24;
/** A day, or a time of one, with an offset or without. */
const dayOrTime = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?\s?(Z|[+-]\d\d:?\d\d)?)?$/;

/**
 * A day, a time, or a span such as `7d` or `12h` back from now, as an instant. A day, and a time without an offset, is one of the workspace's
 * zone, whatever the zone of the machine.
 */
export function sinceInstant(since: string, now: Date, timezone: string): string {
	const [, count, unit] = /^(\d{1,6})\s*([mhdw])$/.exec(since.trim()) ?? [];
	const hours = {m: 1 / 60, h: 1, d: 24, w: 168}[unit ?? ''];
	if (count !== undefined && hours !== undefined)
		return new Date(now.getTime() - Math.min(longestSpanHours, Number(count) * hours) * 3_600_000).toISOString();
	const [, day, time = '00:00', second = '00', fraction = '0', offset] = dayOrTime.exec(since.trim()) ?? [];
	const wall = Date.parse(`${day}T${time}:${second}.${fraction}Z`);
	if (day !== undefined && !Number.isNaN(wall) && new Date(wall).toISOString().startsWith(day)) {
		const instant =
			offset === undefined ? instantOf(wall, zoneOffset(timezone)) : Date.parse(`${day}T${time}:${second}.${fraction}${withColon(offset)}`);
		if (!Number.isNaN(instant)) return new Date(instant).toISOString();
	}
	throw new SluiceError('usage.invalid', `"${since}" is not a time`, {
		expected: 'a day such as 2026-11-20, a time such as 2026-11-20T14:30 or 2026-11-20T14:30Z, or 7d, 12h, 30m',
	});
}

/** `+0200` as `+02:00`. */
function withColon(offset: string): string {
	return offset.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2');
}
