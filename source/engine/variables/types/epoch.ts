import {literal} from '../../../model/sql-text.js';
import {clockText, dayText} from './calendar.js';
import type {Step} from './type-definition.js';

const msPerDay = 86_400_000;
/** 0001-01-01T00:00:00.000Z and 9999-12-31T23:59:59.999Z. */
const firstMs = -62_135_596_800_000;
const lastMs = 253_402_300_799_999;
/** Days added before a division and taken off after it, so that it rounds down below zero too. */
const lift = 1_000_000;

const seconds = '^-?\\d{1,12}(?:\\.\\d+)?$';
const milliseconds = '^-?\\d{13}$';

/** Milliseconds since 1970 as text: the text holds seconds, or milliseconds when it has 13 digits (SPEC 6). Finer fractions are cut. */
export const unixToMs: Step = (text) => {
	const bare = `trim(LEADING '-' FROM ${text})`;
	const whole = `toInt64OrZero(splitByChar('.', ifNull(${bare}, ''))[1])`;
	const fraction = `toInt64OrZero(rightPad(substring(splitByChar('.', ifNull(${bare}, ''))[2], 1, 3), 3, '0'))`;
	const size = `(1000 * ${whole} + ${fraction})`;
	const ms = `if(startsWith(${text}, '-'), -${size}, ${size})`;
	return `multiIf(match(${text}, ${literal(milliseconds)}), ${text},
		match(${text}, ${literal(seconds)}) AND ${ms} BETWEEN ${firstMs} AND ${lastMs}, toString(${ms}), NULL)`;
};

function dayOfMs(ms: string): string {
	return `(intDiv(${ms} + ${lift * msPerDay}, ${msPerDay}) - ${lift})`;
}

/** The day in UTC of milliseconds since 1970. */
export const msToDay: Step = (text) => dayText(dayOfMs(`toInt64OrZero(${text})`));

/** The instant of milliseconds since 1970. */
export const msToInstant: Step = (text) => {
	const ms = `toInt64OrZero(${text})`;
	const rest = `(${ms} - ${msPerDay} * ${dayOfMs(ms)})`;
	return `if(${text} IS NULL, NULL, concat(${dayText(dayOfMs(ms))}, 'T', ${clockText(`intDiv(${rest}, 1000)`)}, '.', leftPad(toString(${rest} % 1000), 3, '0'), 'Z'))`;
};

const serial = '^\\d{1,7}(?:\\.\\d+)?$';

/**
 * A serial day as Excel counts since 1900 (the 1900 date system). Day 60 is Excel's 29 February 1900, which never was: a failed
 * conversion, as is day 0. The days before it lie one further from 1970 than the count of those after it suggests.
 */
function serialDay(days: string): string {
	return `if(${days} = 0 OR ${days} = 60, NULL, ${dayText(`(${days} - if(${days} < 60, 25568, 25569))`)})`;
}

/** The day of an Excel serial; its fraction, the time of day, is dropped. */
export const excelToDay: Step = (text) => {
	const days = `toInt32OrZero(splitByChar('.', ifNull(${text}, ''))[1])`;
	return `if(match(${text}, ${literal(serial)}), ${serialDay(days)}, NULL)`;
};

/** The wall time of an Excel serial, to the nearest millisecond: a third of a day is stored as 0.333333333333333 and means 08:00. */
export const excelToWallTime: Step = (text) => {
	const part = (index: number) => `splitByChar('.', ifNull(${text}, ''))[${index}]`;
	const fraction = `toInt128OrZero(rightPad(substring(${part(2)}, 1, 18), 18, '0'))`;
	const ms = `toInt64(intDiv(${fraction} * ${msPerDay} + toInt128('500000000000000000'), toInt128('1000000000000000000')))`;
	const carry = `intDiv(${ms}, ${msPerDay})`;
	const rest = `(${ms} - ${msPerDay} * ${carry})`;
	const days = `(toInt32OrZero(${part(1)}) + ${carry})`;
	return `if(match(${text}, ${literal(serial)}),
		concat(${serialDay(days)}, 'T', ${clockText(`intDiv(${rest}, 1000)`)}, '.', leftPad(toString(${rest} % 1000), 3, '0')), NULL)`;
};
