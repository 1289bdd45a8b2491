import {literal} from '../../model/sql-text.js';

/** The white space of ASCII: what most text has, and what `trim` of ClickHouse can be told. */
const ascii = '\t\n\v\f\r ';
/** Every white space of Unicode, and the byte order mark, as a class of RE2, whose `\s` knows ASCII alone and lacks `\v`. */
const every = '[\\s\\x{0b}\\x{85}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}]';

/** SQL: the text without white space at its ends. Text beyond ASCII takes a slower way: `trimBoth` strips spaces only. */
export function trimmed(text: string): string {
	const simple = `trim(BOTH ${literal(ascii)} FROM ${text})`;
	return `if(isValidASCII(${simple}), ${simple}, replaceRegexpAll(${simple}, ${literal(`^${every}+|${every}+$`)}, ''))`;
}

/** SQL: the text trimmed; NULL when blank (SPEC 3). */
export function nonBlank(text: string): string {
	return `nullIf(${trimmed(text)}, '')`;
}
