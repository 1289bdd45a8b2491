import {literal} from '../../model/sql-text.js';
import type {VariableType} from '../../model/variable.js';
import {definitions} from './types/all.js';

/** What was expected of a text, as reasons and warnings say it: `a date (DD/MM/YYYY)`. */
export function nounOf(type: VariableType, format: string | null): string {
	return format === null ? definitions[type].noun : `${definitions[type].noun} (${format})`;
}

/** Texts longer than this are cut in messages; the whole text stands in the table of the SQL output. */
const longestText = 200;

/** SQL of the warning of a failed conversion, for the text of a column: names the variable, the text and the type (SPEC 6). */
export function conversionWarningSql(name: string, text: string, type: VariableType, format: string | null): string {
	return `concat(${literal(`variable "${name}": "`)}, ${shownSql(text)}, ${literal(`" is not ${nounOf(type, format)}`)})`;
}

/** SQL of why a row is skipped that lacks a required variable; says so when the text was there and did not convert. */
export function blankReasonSql(name: string, text: string, failed: string, type: VariableType, format: string | null): string {
	const why = `concat(': "', ${shownSql(text)}, ${literal(`" is not ${nounOf(type, format)}`)})`;
	return `concat(${literal(`required variable "${name}" is blank`)}, if(${failed}, ${why}, ''))`;
}

function shownSql(text: string): string {
	return `if(lengthUTF8(ifNull(${text}, '')) > ${longestText}, concat(substringUTF8(ifNull(${text}, ''), 1, ${longestText}), '…'), ifNull(${text}, ''))`;
}
