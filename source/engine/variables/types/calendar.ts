import {literal} from '../../../model/sql-text.js';

/*
 * Days of years 1 to 9999 in SQL. ClickHouse's own date types cover 1900 to 2299 and mend what is wrong in silence (30 February becomes
 * 1 March), so validity is a matter of text, and arithmetic goes through the one calendar cycle of 400 years that they do cover.
 */

const year = '(?:[1-9]\\d{3}|0[1-9]\\d{2}|00[1-9]\\d|000[1-9])';
const leapYear = '(?:\\d\\d(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)';
const dayOfYear = '(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|02-(?:0[1-9]|1\\d|2[0-8]))';
const day = `(?:${year}-${dayOfYear}|${leapYear}-02-29)`;
const clock = '(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d\\.\\d{3}';
const offset = '(?:Z|[+-](?:[01]\\d|2[0-3]):[0-5]\\d)';

/** `YYYY-MM-DD` of a day that exists. */
export function isDay(text: string): string {
	return `match(${text}, ${literal(`^${day}$`)})`;
}

/** `YYYY-MM-DDTHH:mm:ss.SSS`, with an offset or without, of a moment that can exist. */
export function isWallTime(text: string): string {
	return `match(${text}, ${literal(`^${day}T${clock}${offset}?$`)})`;
}

const cycleDays = 146_097;
/** 1900-01-01 and the days between it and 1970-01-01; -5 cycles reach below year 1. */
const firstDay = 25_567;
const cyclesBelow = 5;

/** The day that text begins with, as a number of days since 1970-01-01. The text must have passed `isDay` or `isWallTime`. */
export function daysOf(text: string): string {
	const yearNumber = `toInt32OrZero(substring(${text}, 1, 4))`;
	const cycle = `(intDiv(${yearNumber} - 1900 + ${cyclesBelow * 400}, 400) - ${cyclesBelow})`;
	const covered = `toDate32OrZero(concat(toString(${yearNumber} - 400 * ${cycle}), substring(${text}, 5, 6)))`;
	return `(toInt32(${covered}) + ${cycleDays} * ${cycle})`;
}

/** `YYYY-MM-DD` of a number of days since 1970-01-01; NULL outside years 1 to 9999. The number must be within five million. */
export function dayText(days: string): string {
	const cycle = `(intDiv(${days} + ${firstDay + cyclesBelow * cycleDays}, ${cycleDays}) - ${cyclesBelow})`;
	const covered = `addDays(toDate32('1970-01-01'), ${days} - ${cycleDays} * ${cycle})`;
	const yearNumber = `(toYear(${covered}) + 400 * ${cycle})`;
	return `if(${yearNumber} BETWEEN 1 AND 9999, concat(leftPad(toString(${yearNumber}), 4, '0'), substring(toString(${covered}), 5, 6)), NULL)`;
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
