import {literal} from '../../model/sql-text.js';
import {unreachable} from '../../model/unreachable.js';
import type {ArrayDelimiter} from '../../model/variable.js';
import {trimmed} from './white-space.js';

/** SQL for an array variable's text: its elements, trimmed and without blanks; and whether the text is no list at all. */
export type SplitText = {readonly elements: string; readonly malformed: string};

/**
 * How text becomes a list (SPEC 6). `,` `;` `|` and tab split wherever they stand. `{}` and `[]` are lists as programs print them,
 * `{a,"b, c"}`, `['x','y']`, JSON: elements in double or single quotes or bare; a bare null is blank; other text is malformed.
 *
 * @param text a column: trimmed text, or NULL
 */
export function splitText(text: string, delimiter: ArrayDelimiter): SplitText {
	switch (delimiter) {
		case ',':
		case ';':
		case '|':
			return {elements: nonBlankElements(`splitByChar(${literal(delimiter)}, ifNull(${text}, ''))`), malformed: '0'};
		case 'tab':
			return {elements: nonBlankElements(`splitByChar('\\t', ifNull(${text}, ''))`), malformed: '0'};
		case '{}':
			return bracketed(text, '{', '}');
		case '[]':
			return bracketed(text, '[', ']');
		default:
			return unreachable(delimiter);
	}
}

/** SQL: the strings of an array, trimmed, blank ones left out. */
export function nonBlankElements(array: string): string {
	return `arrayFilter(__x -> __x != '', arrayMap(__x -> ${trimmed('__x')}, ${array}))`;
}

const doubleQuoted = '"(?:[^"\\\\]|\\\\.|"")*"';
const singleQuoted = "'(?:[^'\\\\]|\\\\.|'')*'";

function bracketed(text: string, open: '{' | '[', close: '}' | ']'): SplitText {
	const bare = `[^\\s,"'\\${open}\\${close}](?:[^,\\${open}\\${close}]*[^\\s,\\${open}\\${close}])?`;
	const element = `(?:${doubleQuoted}|${singleQuoted}|${bare})`;
	const list = literal(`(?s)^\\${open}\\s*${element}?(?:\\s*,\\s*${element}?)*\\s*\\${close}$`);
	const inner = `substring(ifNull(${text}, ''), 2, length(ifNull(${text}, '')) - 2)`;
	const raw = `extractAll(${inner}, ${literal(`(?s)${element}`)})`;
	const isList = `ifNull(match(${text}, ${list}), 0)`;
	return {elements: nonBlankElements(`if(${isList}, arrayMap(__q -> ${unquoted('__q')}, ${raw}), [])`), malformed: `NOT ${isList}`};
}

/** `"a\"b"` as JSON where it is JSON, else with its backslashes and doubled quotes taken off. A bare null is blank. */
function unquoted(element: string): string {
	const inner = `substring(${element}, 2, length(${element}) - 2)`;
	const plain = (quote: string) =>
		`replaceRegexpAll(replaceAll(${inner}, ${literal(quote + quote)}, ${literal(quote)}), '(?s)\\\\\\\\(.)', '\\\\1')`;
	return `multiIf(startsWith(${element}, '"'), if(isValidJSON(concat('[', ${element}, ']')), JSONExtractString(${element}), ${plain('"')}),
		startsWith(${element}, '\\''), ${plain("'")}, lower(${element}) = 'null', '', ${element})`;
}
