import {literal} from '../../../model/sql-text.js';
import {lastShortYear, monthNames, type PatternPart, type PatternToken, parsePattern} from '../../../model/variable-format.js';
import {isCommonMoment, isWallTime} from './calendar.js';
import type {Step} from './type-definition.js';

const offset = '\\s?(?:Z|z|UTC|GMT|[+-]\\d{2}(?::?\\d{2})?)';

/** ISO 8601 with a `T` or a space, with time or without; seconds and their fraction of any length may be left out. */
const iso = `^(\\d{4})-(\\d{1,2})-(\\d{1,2})(?:[T ](\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d+))?)?(${offset})?)?$`;
/**
 * From ISO text to wall time, `YYYY-MM-DDTHH:mm:ss.SSS` with an offset or without. What comes with the mark `!` before it is not yet
 * checked: that is `checkMarked`. Common forms are checked as they stand and cut by position, which is three times as fast.
 */
export const isoToWallTime: Step = (text) => {
	const group = (index: number) => `extractGroups(${text}, ${literal(iso)})[${index}]`;
	const time = `if(${group(4)} = '', '00:00:00', concat(leftPad(${group(4)}, 2, '0'), ':', ${group(5)}, ':', if(${group(6)} = '', '00', ${group(6)})))`;
	return `multiIf(${isCommonMoment(text)},
		concat(substring(${text}, 1, 10), 'T', substring(${text}, 12, 8), if(substring(${text}, 20, 1) = '.', '', '.000'), substring(${text}, 20)),
		match(${text}, ${literal(iso)}),
		concat('!', ${group(1)}, '-', leftPad(${group(2)}, 2, '0'), '-', leftPad(${group(3)}, 2, '0'), 'T', ${time}, '.',
			rightPad(substring(${group(7)}, 1, 3), 3, '0'), ${offsetText(group(8))}), NULL)`;
};

/** Wall time that bears the mark, without it and checked; other text as it is. */
export const checkMarked: Step = (text) =>
	`if(startsWith(${text}, '!'), if(${isWallTime(`substring(${text}, 2)`)}, substring(${text}, 2), NULL), ${text})`;

/** `+0200`, `+02`, ` UTC` and their like as `+02:00` and `Z`. */
function offsetText(text: string): string {
	const bare = `trimLeft(${text})`;
	return `multiIf(${bare} = '', '', ${bare} IN ('Z', 'z', 'UTC', 'GMT'), 'Z', length(${bare}) = 3, concat(${bare}, ':00'),
		length(${bare}) = 5, concat(substring(${bare}, 1, 3), ':', substring(${bare}, 4, 2)), ${bare})`;
}

type Place = {readonly token: PatternToken; readonly group: number; readonly start: number; readonly width: number};

/**
 * From text of a pattern to `YYYY-MM-DD`, or to wall time when `withTime`; not yet checked.
 * Day, month and hour may have one digit, unless another number touches them; the other numbers have all their digits. Names of months
 * and AM and PM are read in any case.
 */
export function patternToSql(pattern: string, withTime: boolean): Step {
	const parts = parsePattern(pattern);
	const places = placesOf(parts);
	const loose = literal(patternShape(pattern));
	const fixed = literal(`^${parts.map((part) => regexOf(part, true, false)).join('')}$`);
	return (text) => {
		const byGroup: Take = ({group, width}) => {
			const found = `extractGroups(${text}, ${loose})[${group}]`;
			return width === 0 ? found : `leftPad(${found}, ${width}, '0')`;
		};
		const byPosition: Take = ({start, width}) => `substring(${text}, ${start}, ${width})`;
		const slow = `if(match(${text}, ${loose}), ${assemble(places, byGroup, withTime)}, NULL)`;
		if (places.some(({token}) => token === 'Z' || isName(token))) return slow;
		return `if(match(${text}, ${fixed}), ${assemble(places, byPosition, withTime)}, ${slow})`;
	};
}

/** The regular expression of all texts of a pattern; some of them name a day that does not exist. */
export function patternShape(pattern: string): string {
	const parts = parsePattern(pattern);
	return `^${parts.map((part, index) => regexOf(part, touches(parts, index), true)).join('')}$`;
}

/** SQL of the text at a place, as wide as the place. */
type Take = (place: Place) => string;

function assemble(places: readonly Place[], take: Take, withTime: boolean): string {
	const part = (initial: string, missing: string) => {
		const place = places.find(({token}) => token[0] === initial);
		return place === undefined ? literal(missing) : fieldOf(place, take);
	};
	const date = [part('Y', ''), "'-'", part('M', ''), "'-'", part('D', '')];
	const time = ["'T'", hourOf(places, take), "':'", part('m', '00'), "':'", part('s', '00'), "'.'", part('S', '000'), part('Z', '')];
	return `concat(${[...date, ...(withTime ? time : [])].join(', ')})`;
}

/** The field as wall time has it. */
function fieldOf(place: Place, take: Take): string {
	const text = take(place);
	switch (place.token) {
		case 'YY':
			return `concat(if(${text} <= '${lastShortYear}', '20', '19'), ${text})`;
		case 'MMM':
		case 'MMMM':
			return `leftPad(toString(indexOf([${shortMonths.map(literal).join(', ')}], lower(substring(${text}, 1, 3)))), 2, '0')`;
		case 'Z':
			return offsetText(text);
		default:
			return text;
	}
}

function hourOf(places: readonly Place[], take: Take): string {
	const hour = places.find(({token}) => token[0] === 'H' || token[0] === 'h');
	if (hour === undefined) return "'00'";
	const half = places.find(({token}) => token === 'A');
	if (half === undefined) return take(hour);
	return `leftPad(toString(toUInt8OrZero(${take(hour)}) % 12 + if(lower(${take(half)}) = 'pm', 12, 0)), 2, '0')`;
}

const shortMonths = monthNames.map((name) => name.slice(0, 3).toLowerCase());

/** Bytes of a token, which `leftPad` also cuts to; 0 where they differ from text to text. */
const widths: Partial<Readonly<Record<PatternToken, number>>> = {YYYY: 4, SSS: 3, MMM: 3, MMMM: 0, Z: 0};

function placesOf(parts: readonly PatternPart[]): readonly Place[] {
	const places: Place[] = [];
	let start = 1;
	for (const part of parts) {
		if ('text' in part) {
			// `substring` counts bytes, and a pattern may hold `年`.
			start += Buffer.byteLength(part.text);
			continue;
		}
		const width = widths[part.token] ?? 2;
		places.push({token: part.token, group: places.length + 1, start, width});
		start += width;
	}
	return places;
}

function regexOf(part: PatternPart, exact: boolean, groups: boolean): string {
	if ('text' in part) return part.text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
	const body = bodyOf(part.token, exact);
	return groups ? `(${body})` : `(?:${body})`;
}

function bodyOf(token: PatternToken, exact: boolean): string {
	switch (token) {
		case 'YYYY':
			return '\\d{4}';
		case 'SSS':
			return '\\d{3}';
		case 'YY':
		case 'mm':
		case 'ss':
			return '\\d{2}';
		case 'MMM':
			return monthNames.map((name) => anyCase(name.slice(0, 3))).join('|');
		case 'MMMM':
			return monthNames.map(anyCase).join('|');
		case 'hh':
		case 'h':
			return exact ? '0[1-9]|1[0-2]' : '0?[1-9]|1[0-2]';
		case 'A':
			return '[AaPp][Mm]';
		case 'Z':
			return offset;
		default:
			return exact ? '\\d{2}' : '\\d{1,2}';
	}
}

/** Not `(?i)`, which also takes letters outside ASCII, such as `ſ` for `s`. */
function anyCase(word: string): string {
	return [...word].map((letter) => `[${letter.toUpperCase()}${letter.toLowerCase()}]`).join('');
}

function isName(token: PatternToken): boolean {
	return token === 'MMM' || token === 'MMMM';
}

/** Whether a number is directly before or after this one, so that only its full width tells where it ends. */
function touches(parts: readonly PatternPart[], index: number): boolean {
	const isNumber = (part: PatternPart | undefined) =>
		part !== undefined && 'token' in part && part.token !== 'Z' && part.token !== 'A' && !isName(part.token);
	return isNumber(parts[index - 1]) || isNumber(parts[index + 1]);
}
