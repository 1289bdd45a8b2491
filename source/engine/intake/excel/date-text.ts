/** What a number format shows of a number: a day, a time of day, both, or hours beyond a day (`[h]:mm`). */
export type DateKind = 'date' | 'time' | 'datetime' | 'duration';

const dayMs = 86_400_000;
/**
 * Excel believes that 1900 had a 29 February, its day 60; the days before count from 1899-12-31, those after from 1899-12-30. Its day 0 it
 * shows as 0 January. Both are told as Excel shows them: they never were, and are no valid dates (docs/decisions/0003-reading-values.md).
 */
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
	if (!date1904 && days === 0) return '1900-01-00';
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
	// Those of Thai.
	{from: 71, to: 74, kind: 'date'},
	{from: 75, to: 76, kind: 'time'},
	{from: 77, to: 77, kind: 'datetime'},
	{from: 78, to: 78, kind: 'time'},
	{from: 79, to: 79, kind: 'duration'},
	{from: 80, to: 80, kind: 'time'},
	{from: 81, to: 81, kind: 'date'},
];

/** What a number format shows of a number: a date of some kind, or undefined for what is no date. */
export type DateFormat = (serial: number) => DateKind | undefined;

export function builtInDateFormat(format: number): DateFormat | undefined {
	const kind = builtIn.find(({from, to}) => format >= from && format <= to)?.kind;
	return kind && (() => kind);
}

type Section = {readonly applies: (number: number) => boolean; readonly kind: DateKind | undefined; readonly showsNumber: boolean};

/**
 * A format code such as `dd/mm/yyyy hh:mm`; undefined for one that shows no date. Its sections are for positive, negative and zero, or for
 * what their conditions say (ECMA-376, 18.8.31). A section that shows nothing of the number, such as `[=0]""`, leaves it the date it is.
 */
export function dateFormatOf(code: string): DateFormat | undefined {
	const sections = sectionsOf(code);
	const dated = sections.find(({kind}) => kind !== undefined);
	if (dated === undefined) return undefined;
	return (serial) => {
		const section = sections.find(({applies}) => applies(serial)) ?? sections.at(-1);
		return section === undefined || section.showsNumber ? undefined : (section.kind ?? dated.kind);
	};
}

const conditions: Readonly<Record<string, (number: number, bound: number) => boolean>> = {
	'<': (number, bound) => number < bound,
	'<=': (number, bound) => number <= bound,
	'>': (number, bound) => number > bound,
	'>=': (number, bound) => number >= bound,
	'=': (number, bound) => number === bound,
	'<>': (number, bound) => number !== bound,
};

function sectionsOf(code: string): readonly Section[] {
	const codes = code
		.replaceAll(/"[^"]*"?|[\\_*]./gs, '')
		.toLowerCase()
		.split(';')
		// A fourth section is for text, as is one with the text's place.
		.filter((section, at) => at < 3 && !section.includes('@'));
	const explicit = codes.some((section) => conditionOf(section) !== undefined);
	return codes.map((section, at) => {
		const kind = kindOf(section);
		const condition = conditionOf(section);
		const bare = section.replaceAll(/\[[^\]]*\]/g, '');
		return {
			applies: condition ?? (explicit ? (at === codes.length - 1 ? () => true : () => false) : bySign(at, codes.length)),
			kind,
			showsNumber: kind === undefined && /[0#?]|general/.test(bare),
		};
	});
}

function conditionOf(section: string): ((number: number) => boolean) | undefined {
	const [, operator = '', bound] = /\[\s*(<=|>=|<>|<|>|=)\s*(-?[\d.]+(?:e[+-]?\d+)?)\s*\]/.exec(section) ?? [];
	const holds = conditions[operator];
	return holds && ((number) => holds(number, Number(bound)));
}

/** One section is for every number, two are for those from 0 and the negative ones, three have one for 0. */
function bySign(at: number, sections: number): (number: number) => boolean {
	if (at === 0) return (number) => number > 0 || sections === 1 || (sections === 2 && number === 0);
	return at === 1 ? (number) => number < 0 : (number) => number === 0;
}

/** @param section without literal text, in lower case */
function kindOf(section: string): DateKind | undefined {
	const code = section.replaceAll(/\[(?!(?:h+|m+|s+)\])[^\]]*\]/g, '').replaceAll('general', '');
	// Digits other than fractions of a second: it shows a number, whatever letters are around.
	if (/[0#?]/.test(code.replaceAll(/s\]?\.0+/g, 's').replaceAll(/\[[^\]]*\]/g, ''))) return undefined;
	const elapsed = /\[(h+|m+|s+)\]/.test(code);
	const clock = /am\/pm|a\/p|上午\/下午/.test(code);
	const bare = code.replaceAll(/am\/pm|a\/p|上午\/下午|\[[^\]]*\]/g, '');
	const time = clock || /[hs]/.test(bare);
	// An `m` beside hours or seconds is minutes, any other is a month. `e`, `b` and `g` are years and eras of other calendars, `aaa` a weekday.
	const day = /[ydebg]|aaa/.test(bare) || (!time && !elapsed && /m/.test(bare));
	if (day) return time || elapsed ? 'datetime' : 'date';
	if (elapsed) return 'duration';
	return time ? 'time' : undefined;
}
