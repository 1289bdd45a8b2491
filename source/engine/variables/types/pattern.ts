import {literal} from '../../../model/sql-text.js';
import {type PatternPart, type PatternToken, parsePattern} from '../../../model/variable-format.js';
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
 * Day, month and hour may have one digit, unless another number touches them; years have four, minutes and seconds two.
 */
export function patternToSql(pattern: string, withTime: boolean): Step {
	const parts = parsePattern(pattern);
	const places = placesOf(parts);
	const loose = literal(`^${parts.map((part, index) => regexOf(part, touches(parts, index), true)).join('')}$`);
	const fixed = literal(`^${parts.map((part) => regexOf(part, true, false)).join('')}$`);
	return (text) => {
		const byGroup = ({group, width}: Place) => `leftPad(extractGroups(${text}, ${loose})[${group}], ${width}, '0')`;
		const byPosition = ({start, width}: Place) => `substring(${text}, ${start}, ${width})`;
		const byOffset = ({group}: Place) => offsetText(`extractGroups(${text}, ${loose})[${group}]`);
		const hasOffset = places.some(({token}) => token === 'Z');
		const slow = `if(match(${text}, ${loose}), ${assemble(places, byGroup, byOffset, withTime)}, NULL)`;
		if (hasOffset) return slow;
		return `if(match(${text}, ${fixed}), ${assemble(places, byPosition, byOffset, withTime)}, ${slow})`;
	};
}

function assemble(
	places: readonly Place[],
	part: (place: Place) => string,
	offsetPart: (place: Place) => string,
	withTime: boolean,
): string {
	const take = (initial: string, missing: string) => {
		const place = places.find(({token}) => token[0] === initial && (initial !== 'S' || token === 'SSS'));
		return place === undefined ? literal(missing) : part(place);
	};
	const date = [take('Y', ''), "'-'", take('M', ''), "'-'", take('D', '')];
	const offsetPlace = places.find(({token}) => token === 'Z');
	const time = ["'T'", take('H', '00'), "':'", take('m', '00'), "':'", take('s', '00'), "'.'", take('S', '000')];
	return `concat(${[...date, ...(withTime ? time : []), ...(withTime && offsetPlace ? [offsetPart(offsetPlace)] : [])].join(', ')})`;
}

function placesOf(parts: readonly PatternPart[]): readonly Place[] {
	const places: Place[] = [];
	let start = 1;
	for (const part of parts) {
		if ('text' in part) {
			// why bytes: `substring` counts bytes, and a pattern may hold `年`
			start += Buffer.byteLength(part.text);
			continue;
		}
		const width = part.token === 'YYYY' ? 4 : part.token === 'SSS' ? 3 : 2;
		places.push({token: part.token, group: places.length + 1, start, width});
		start += width;
	}
	return places;
}

function regexOf(part: PatternPart, exact: boolean, groups: boolean): string {
	if ('text' in part) return part.text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
	const body = digitsOf(part.token, exact);
	return groups ? `(${body})` : body;
}

function digitsOf(token: PatternToken, exact: boolean): string {
	if (token === 'YYYY') return '\\d{4}';
	if (token === 'SSS') return '\\d{3}';
	if (token === 'Z') return offset;
	return exact || token === 'mm' || token === 'ss' ? '\\d{2}' : '\\d{1,2}';
}

/** Whether a number stands directly beside this one, so that only its full width tells where it ends. */
function touches(parts: readonly PatternPart[], index: number): boolean {
	const isNumber = (part: PatternPart | undefined) => part !== undefined && 'token' in part && part.token !== 'Z';
	return isNumber(parts[index - 1]) || isNumber(parts[index + 1]);
}
