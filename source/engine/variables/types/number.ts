import {literal} from '../../../model/sql-text.js';
import {currencyCodes} from './currency-codes.js';
import type {TypeDefinition} from './type-definition.js';

/** What may stand between groups of digits besides the comma or the point: spaces of every width, and Swiss apostrophes. */
const groupSpace = '[ \\x{00a0}\\x{2009}\\x{202f}]';
const apostrophe = "['\\x{2019}]";
const gap = `${groupSpace}*`;
const sign = '[-+\\x{2212}]';
const minus = '[-\\x{2212}]';
/** At most one: a currency sign (`US$` counts as one), an ISO 4217 code, or a percent sign. */
const mark = '(?:[A-Z]{0,2}\\$|\\p{Sc}|%|[A-Z]{3})';

/**
 * Digits with their separators. Groups are checked, so that `1,5` under a decimal point fails and never becomes 15;
 * and a grouped number does not begin with 0, so that `0,123` fails too. Groups of two are Indian: `12,34,567`.
 */
function digits(point: string, comma: string): string {
	const grouped = `[1-9][0-9]{0,2}(?:(?:${comma}[0-9]{3})+|(?:${apostrophe}[0-9]{3})+|(?:${groupSpace}[0-9]{3})+)`;
	const indian = `[1-9][0-9]?(?:${comma}[0-9]{2})+${comma}[0-9]{3}`;
	return `(?:(?:[0-9]+|${grouped}|${indian})(?:${point}[0-9]*)?|${point}[0-9]+)`;
}

function shape(number: string): string {
	return `^(?:${[
		`(?:${sign}${gap})?(?:${mark}${gap})?${number}`,
		`${mark}${gap}${sign}${gap}${number}`,
		`(?:${sign}${gap})?${number}${gap}${mark}`,
		`(?:${mark}${gap})?${number}${gap}${minus}`,
		`${number}${gap}${minus}${gap}${mark}`,
		`${number}${gap}${mark}${gap}${minus}`,
		`\\(${gap}(?:${mark}${gap})?${number}${gap}\\)`,
		`\\(${gap}${number}${gap}${mark}${gap}\\)`,
		`${mark}${gap}\\(${gap}${number}${gap}\\)`,
		`\\(${gap}${number}${gap}\\)${gap}${mark}`,
	].join('|')})$`;
}

/** Three capitals are an ISO code or no number; no three capitals are fine. */
const knownCode = `^(?:${currencyCodes.join('|')})?$`;
const shapes = {point: shape(digits('\\.', ',')), comma: shape(digits(',', '\\.'))} as const;
const canonical = '^(?:(?:0|-?[1-9][0-9]*)(?:\\.[0-9]+)?|-0\\.[0-9]*[1-9][0-9]*)$';
const canonicalWhole = '^(?:0|-?[1-9][0-9]*)$';
const negative = '[-\\x{2212}(]';

/** An exact decimal of any size, with the scale given; never a float, never an exponent (SPEC 3, 6). */
export const number: TypeDefinition = {
	name: 'number',
	formats: [],
	noun: 'a number',
	steps: ({decimalComma}) => [
		// the mark `!` tells the second step what still is to be put in canonical form: most texts are in it
		(text) =>
			`multiIf(match(${text}, ${literal(decimalComma ? canonicalWhole : canonical)}), ${text},
				match(${text}, ${literal(decimalComma ? shapes.comma : shapes.point)}) AND match(extract(${text}, '[A-Z]{3}'), ${literal(knownCode)}),
				concat('!', if(match(${text}, ${literal(negative)}), '-', ''), ${bareDigits(text, decimalComma)}), NULL)`,
		(text) => `if(startsWith(${text}, '!'), ${tidy(`substring(${text}, 2)`)}, ${text})`,
	],
	key: (value) => `if(position(${value}, '.') > 0, trim(TRAILING '.' FROM trim(TRAILING '0' FROM ${value})), ${value})`,
};

function bareDigits(text: string, decimalComma: boolean): string {
	return decimalComma ? `replaceOne(replaceRegexpAll(${text}, '[^0-9,]', ''), ',', '.')` : `replaceRegexpAll(${text}, '[^0-9.]', '')`;
}

/** `-007.50` → `-7.50`, `.5` → `0.5`, `5.` → `5`, `-0.0` → `0.0`. */
function tidy(text: string): string {
	const size = `replaceRegexpOne(replaceRegexpOne(trim(TRAILING '.' FROM trim(LEADING '-' FROM ${text})), '^0+([0-9])', '\\\\1'), '^[.]', '0.')`;
	return `concat(if(startsWith(${text}, '-') AND match(${text}, '[1-9]'), '-', ''), ${size})`;
}
