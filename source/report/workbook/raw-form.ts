import {literal} from '../../model/sql-text.js';
import type {Variable} from '../../model/variable.js';

/** One white space of Unicode, for RE2, whose `\s` knows ASCII alone. */
const space = '[\\s\\p{Z}\\x{feff}\\x{0b}]';
const blank = (text: string) => `match(${text}, ${literal(`^${space}*$`)})`;

/** Whether a variable's value, where there is one, never says less than its text: then only a lost text is worth showing. */
export function isFormAlone({type, array}: Pick<Variable, 'type' | 'array'>): boolean {
	return array || !(type === 'number' || type === 'date' || type === 'datetime');
}

/**
 * SQL: whether a raw text says more, or something else, than the value made of it shows: white space around it, letter case of an
 * address, separators of thousands, the order of day and month, a yes for true are form; a currency, a percent sign, a shift between
 * time zones and a failed conversion are more (SPEC 12).
 *
 * @param raw and @param value expressions of Nullable(String)
 */
export function saysMore({type, array}: Pick<Variable, 'type' | 'array'>, raw: string, value: string): string {
	const r = `ifNull(${raw}, '')`;
	const v = `ifNull(${value}, '')`;
	return `(NOT ${isPlainly(type, r, v)} AND NOT ${blank(r)} AND (${v} = '' OR NOT (${isFormAlone({type, array}) ? '1' : sameMeaning(type, r, v)})))`;
}

/** The same text, or the same moment to the second: told without a pattern, as it must be of nearly every row. */
function isPlainly(type: Variable['type'], r: string, v: string): string {
	return type === 'datetime' ? `(${r} = ${v} OR (${v} != '' AND startsWith(${r}, substring(${v}, 1, 19))))` : `(${r} = ${v})`;
}

function sameMeaning(type: Variable['type'], r: string, v: string): string {
	switch (type) {
		case 'number':
			return `match(${r}, ${literal(`^[-+(]?[0-9.,'’\\p{Z}\\s]+\\)?$`)})`;
		case 'date':
			return `(match(${r}, ${literal(`^${space}*[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}${space}*$`)}) OR trimBoth(${r}) = replaceAll(${v}, '-', ''))`;
		case 'datetime': {
			const clock = `position(${r}, substring(${v}, 12, 5)) > 0 OR (position(${r}, ':') = 0 AND substring(${v}, 12, 8) = '00:00:00')`;
			return `(match(${r}, ${literal('[-/.T]')}) AND (${clock}))`;
		}
		default:
			return '1';
	}
}
