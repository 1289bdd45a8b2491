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

/** What a reader of a message does not see, as a class of RE2: the same as `spelledOut` names. */
const unseen = '[\\p{Cc}\\p{Cf}\\x{a0}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{3000}\\x{3164}]';

/**
 * SQL of a text as messages show it: long text cut, and each character that is not seen named (`ann@x.io␣U+200B`). A lambda, so that it is
 * computed for the rows that have a message alone.
 */
function shownSql(text: string): string {
	const cut = `if(lengthUTF8(theText) > ${longestText}, concat(substringUTF8(theText, 1, ${longestText}), '…'), theText)`;
	const code = "replaceRegexpOne(hex(convertCharset(theCharacter, 'utf-8', 'utf-32be')), '^0{1,4}', '')";
	const named = `if(match(theCharacter, ${literal(unseen)}), concat('␣U+', ${code}), theCharacter)`;
	const spelled = `arrayStringConcat(arrayMap(theCharacter -> ${named}, extractAll(${cut}, '(?s).')))`;
	return `arrayMap(theText -> if(match(theText, ${literal(unseen)}), ${spelled}, ${cut}), [ifNull(${text}, '')])[1]`;
}
