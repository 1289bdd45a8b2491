import {zoneOffset} from './time-zone.js';

/** Time zones other than UTC keep their clocks for at least this long after a change. */
const nearMs = 3 * 3_600_000;

/**
 * An instant on the clocks of a time zone, `2026-11-20 14:22:05`: the one form in which the command line, the console, reports and mails show
 * times. The zone is named once, beside the text or above its column. In the hour that clocks show twice the offset is added:
 * `2026-10-25 02:30:00 +01:00`.
 *
 * @param instant ISO 8601
 */
export function clockText(instant: string, timezone: string): string {
	const at = Date.parse(instant);
	if (Number.isNaN(at)) return instant;
	const offset = zoneOffset(timezone)(at);
	const wall = new Date(at + offset).toISOString().slice(0, 19).replace('T', ' ');
	return isShownTwice(at, timezone) ? `${wall} ${offsetText(offset)}` : wall;
}

/** `2026-11-20 14:22:05 Europe/Paris`: the same where no column names the zone. */
export function momentText(instant: string, timezone: string): string {
	return `${clockText(instant, timezone)} ${timezone}`;
}

/** `2026-11-20 14:22 Europe/Paris`: an instant whose seconds tell nothing. */
export function minuteText(instant: string, timezone: string): string {
	return momentText(instant, timezone).replace(/^(\d{4}-\d\d-\d\d \d\d:\d\d):\d\d/, '$1');
}

/** The calendar day of an instant in a time zone, `YYYY-MM-DD`. */
export function dayText(instant: string, timezone: string): string {
	return clockText(instant, timezone).slice(0, 10);
}

function isShownTwice(at: number, timezone: string): boolean {
	const offsetAt = zoneOffset(timezone);
	const wall = at + offsetAt(at);
	return [offsetAt(at - nearMs), offsetAt(at + nearMs)].some((other) => wall - other !== at && offsetAt(wall - other) === other);
}

function offsetText(offsetMs: number): string {
	const minutes = Math.round(Math.abs(offsetMs) / 60_000);
	const pad = (value: number) => String(value).padStart(2, '0');
	return `${offsetMs < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
}
