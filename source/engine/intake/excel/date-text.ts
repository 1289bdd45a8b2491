/** What a number format shows of a number: a day, a time of day, both, or hours beyond a day (`[h]:mm`). */
export type DateKind = 'date' | 'time' | 'datetime' | 'duration';

const dayMs = 86_400_000;
/** Excel believes that 1900 had a 29 February, its day 60; the days before count from 1899-12-31, those after from 1899-12-30. */
const leapDay1900 = 60;
const epoch1900 = Date.UTC(1899, 11, 30);
const epoch1904 = Date.UTC(1904, 0, 1);
/** 9999-12-31 is the last day that Excel and ISO text both know. */
const end = Date.UTC(10_000, 0, 1);

/**
 * A serial day number as ISO 8601 text (SPEC 4): `2024-01-05`, `10:30:00`, `2024-01-05T10:30:00`, with milliseconds where there are some.
 * A time of day is never dropped, even where the format shows the day alone.
 *
 * @returns undefined for a number that is no date, such as a negative one
 */
export function dateText(serial: number, kind: DateKind, date1904: boolean): string | undefined {
	if (!Number.isFinite(serial) || serial < 0) return undefined;
	const total = Math.round(serial * dayMs);
	const days = Math.floor(total / dayMs);
	const time = timeText(total - days * dayMs);
	if (kind === 'duration') return durationText(total);
	if (kind === 'time' && days === 0) return time;
	const day = dayText(days, date1904);
	if (day === undefined) return undefined;
	return kind === 'date' && total % dayMs === 0 ? day : `${day}T${time}`;
}

/** Why: the dates of a sheet are few, and formatting one costs as much as reading five cells. */
const knownDays = new Map<number, string>();

function dayText(days: number, date1904: boolean): string | undefined {
	if (!date1904 && days === leapDay1900) return '1900-02-29';
	const early = !date1904 && days < leapDay1900 ? 1 : 0;
	const at = (date1904 ? epoch1904 : epoch1900) + (days + early) * dayMs;
	if (at >= end) return undefined;
	let day = knownDays.get(at);
	if (day === undefined) {
		day = new Date(at).toISOString().slice(0, 10);
		if (knownDays.size < 100_000) knownDays.set(at, day);
	}
	return day;
}

function timeText(ms: number): string {
	const seconds = Math.floor(ms / 1000);
	const text = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
	return ms % 1000 === 0 ? text : `${text}.${String(ms % 1000).padStart(3, '0')}`;
}

function two(number: number): string {
	return number < 10 ? `0${number}` : String(number);
}

function durationText(ms: number): string {
	const hours = Math.floor(ms / 3_600_000);
	return `${two(hours)}${timeText(ms % 3_600_000).slice(2)}`;
}

/** The formats that a workbook need not spell out (ECMA-376, 18.8.30), those of East Asian languages included. */
const builtIn: readonly {from: number; to: number; kind: DateKind}[] = [
	{from: 14, to: 17, kind: 'date'},
	{from: 18, to: 21, kind: 'time'},
	{from: 22, to: 22, kind: 'datetime'},
	{from: 27, to: 31, kind: 'date'},
	{from: 32, to: 33, kind: 'time'},
	{from: 34, to: 36, kind: 'date'},
	{from: 45, to: 45, kind: 'time'},
	{from: 46, to: 46, kind: 'duration'},
	{from: 47, to: 47, kind: 'time'},
	{from: 50, to: 58, kind: 'date'},
];

export function builtInDateKind(format: number): DateKind | undefined {
	return builtIn.find(({from, to}) => format >= from && format <= to)?.kind;
}

/** What a format code such as `dd/mm/yyyy hh:mm` makes of a number; undefined for one that shows a number. */
export function dateKindOf(code: string): DateKind | undefined {
	if (/^general$/i.test(code.trim())) return undefined;
	const bare = code
		.replaceAll(/"[^"]*"?|[\\_*]./g, '')
		.replaceAll(/\[(?!(?:h+|m+|s+)\])[^\]]*\]/gi, '')
		.toLowerCase();
	const first = bare.split(';')[0] ?? '';
	if (/\[(h+|m+|s+)\]/.test(first)) return 'duration';
	const time = /[hs]|am\/pm|a\/p/.test(first);
	// An `m` beside hours or seconds is minutes, any other is a month.
	const day = /[yd]/.test(first) || (!time && /m/.test(first));
	if (day) return time ? 'datetime' : 'date';
	return time ? 'time' : undefined;
}
