import {literal} from '../../../model/sql-text.js';

/*
 * Days of years 1 to 9999 in SQL. ClickHouse's own date types cover 1900 to 2299 and mend what is wrong in silence (30 February becomes
 * 1 March), so validity is a matter of text, and arithmetic goes through Modified Julian Days, which know all these years.
 */

const year = '(?:[1-9]\\d{3}|0[1-9]\\d{2}|00[1-9]\\d|000[1-9])';
const leapYear = '(?:\\d\\d(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)';
const dayOfYear = '(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|02-(?:0[1-9]|1\\d|2[0-8]))';
const day = `(?:${year}-${dayOfYear}|${leapYear}-02-29)`;
const clock = '(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d';
const offset = '(?:Z|[+-](?:[01]\\d|2[0-3]):[0-5]\\d)';

/** `YYYY-MM-DD` of a day that exists. */
export function isDay(text: string): string {
	return `match(${text}, ${literal(`^${day}$`)})`;
}

/** `YYYY-MM-DDTHH:mm:ss.SSS`, with an offset or without, of a moment that can exist. */
export function isWallTime(text: string): string {
	return `match(${text}, ${literal(`^${day}T${clock}\\.\\d{3}${offset}?$`)})`;
}

/** The forms that nearly all text has, `YYYY-MM-DD HH:mm:ss` with or without milliseconds and `Z`, of a moment that can exist. */
export function isCommonMoment(text: string): string {
	return `match(${text}, ${literal(`^${day}[T ]${clock}(?:\\.\\d{3})?Z?$`)})`;
}

/** 1970-01-01 in the count of the Modified Julian Day, and 0001-01-01 in ours. */
const julianDay1970 = 40_587;
const firstDay = -719_162;

/** The day that text begins with, as a number of days since 1970-01-01; NULL where it is none. */
export function daysOf(text: string): string {
	return `(toModifiedJulianDayOrNull(substring(${text}, 1, 10)) - ${julianDay1970})`;
}

/** `YYYY-MM-DD` of a number of days since 1970-01-01; NULL outside years 1 to 9999. */
export function dayText(days: string): string {
	return `if(${days} < ${firstDay}, NULL, fromModifiedJulianDayOrNull(toInt32(${days}) + ${julianDay1970}))`;
}

/** The seconds since midnight of a wall time. */
export function secondsOf(text: string): string {
	return `(3600 * toInt32OrZero(substring(${text}, 12, 2)) + 60 * toInt32OrZero(substring(${text}, 15, 2)) + toInt32OrZero(substring(${text}, 18, 2)))`;
}

/** `HH:mm:ss` of seconds since midnight. */
export function clockText(seconds: string): string {
	return `substring(toString(toDateTime(${seconds}, 'UTC')), 12, 8)`;
}

/** The instant of a wall time that is `offsetSeconds` ahead of UTC; NULL where that leaves years 1 to 9999. */
export function instantOf(text: string, offsetSeconds: string): string {
	const seconds = `(${secondsOf(text)} - ${offsetSeconds})`;
	const carry = `(intDiv(${seconds} + 86400, 86400) - 1)`;
	const date = `if(${carry} = 0, substring(${text}, 1, 10), ${dayText(`(${daysOf(text)} + ${carry})`)})`;
	return `concat(${date}, 'T', ${clockText(`${seconds} - 86400 * ${carry}`)}, substring(${text}, 20, 4), 'Z')`;
}
