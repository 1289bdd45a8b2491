import {literal} from '../../model/sql-text.js';
import type {ArrayDelimiter, VariableType} from '../../model/variable.js';
import {dateFormats, inferredDateFormats} from '../../model/variable-format.js';
import {nonBlankElements, splitText} from './array-text.js';
import {definitions} from './types/all.js';
import {booleanWords} from './types/boolean.js';
import {patternShape} from './types/pattern.js';
import type {Reading} from './types/type-definition.js';

/** A type and format that a column may have. */
export type Candidate = {
	readonly type: VariableType;
	readonly format: string | null;
	readonly decimalComma: boolean;
	/** A regular expression that every text must match to fit, which is far cheaper to try; null where there is none. */
	readonly shape: string | null;
	/** SQL: whether one text fits. */
	readonly fits: (text: string) => string;
	/** SQL aggregate: 1 when every text of the column fits. */
	readonly fitsAll: (text: string) => string;
};

/** A leading zero that a number would lose: an account, a post code. */
const leadingZero = '^[^0-9]*0[0-9]';

function typed(text: string, type: VariableType, reading: Reading): string {
	// why lambdas: a step names its argument many times, and each naming of a computed text would be another computation
	return definitions[type].steps(reading).reduce((inner, step) => `arrayMap(__e -> ${step('__e')}, ${inner})`, `[${text}]`);
}

function candidate(
	type: VariableType,
	reading: Reading = {format: null, decimalComma: false},
	and: (text: string) => string = () => '1',
): Candidate {
	const fits = (text: string) => `((${typed(text, type, reading)})[1] IS NOT NULL AND ${and(text)})`;
	return {type, ...reading, shape: null, fits, fitsAll: (text) => `min(${text} IS NULL OR ${fits(text)})`};
}

/** Of `1` and `0`, and of `t` and `f`, both must occur: a column of ones is more likely a quantity. */
function booleanCandidate(format: keyof typeof booleanWords): Candidate {
	const plain = candidate('boolean', {format, decimalComma: false});
	const [yes, no] = booleanWords[format].map(literal);
	if (format !== 'one_zero' && format !== 't_f') return {...plain, format: format === 'true_false' ? null : format};
	return {...plain, fitsAll: (text) => `${plain.fitsAll(text)} AND max(lower(${text}) = ${yes}) AND max(lower(${text}) = ${no})`};
}

const keepsDigits = (text: string) => `NOT match(${text}, ${literal(leadingZero)})`;
const clocks = [' HH:mm', ' HH:mm:ss'] as const;
const halfClocks = [' hh:mm A', ' hh:mm:ss A', ' hh:mmA'] as const;
/** Not of the version `1.2.34`: a short year needs two digits of day and month, but after a slash. */
const isNoVersion = (format: string) => (format.endsWith('YY') && /^..[.-]..[.-]YY$/.test(format) ? wholeWidth : undefined);
const wholeWidth = (text: string) => `match(${text}, '^[0-9]{2}[.-][0-9]{2}[.-][0-9]{2}')`;

function dated(type: 'date' | 'datetime', format: string, clock = ''): Candidate {
	const pattern = format + clock;
	return {...candidate(type, {format: pattern, decimalComma: false}, isNoVersion(format)), shape: patternShape(pattern)};
}

const numbers: readonly Candidate[] = [
	candidate('number', {format: null, decimalComma: false}, keepsDigits),
	candidate('number', {format: null, decimalComma: true}, keepsDigits),
];
const isoDatetime = candidate('datetime');

/** In order of preference, narrower ones first; dates that fit two patterns take the first, as month before day. */
export const candidates: readonly Candidate[] = [
	...(Object.keys(booleanWords) as (keyof typeof booleanWords)[]).map(booleanCandidate),
	candidate('uuid'),
	candidate('email'),
	candidate('date', {format: null, decimalComma: false}, (text) => `length(${text}) <= 10`),
	...[...dateFormats.slice(1), ...inferredDateFormats].map((format) => dated('date', format)),
	isoDatetime,
	...dateFormats.slice(1).flatMap((format) => [...clocks, ' HH:mm:ss.SSS'].map((clock) => dated('datetime', format, clock))),
	...dateFormats.flatMap((format) => halfClocks.map((clock) => dated('datetime', format, clock))),
	...inferredDateFormats.flatMap((format) => [...clocks, ...halfClocks].map((clock) => dated('datetime', format, clock))),
	...numbers,
];

/** SQL: whether a text that holds a comma is one value: a number, or a moment with a fraction of a second. */
export function isOneValue(text: string): string {
	return `(${[...numbers, isoDatetime].map(({fits}) => fits(text)).join(' OR ')})`;
}

/** A way in which a column's texts may be lists. */
export type ArrayCandidate = {
	readonly delimiter: ArrayDelimiter;
	/** SQL aggregate: whether the column looks so. */
	readonly condition: (text: string) => string;
	readonly elements: (text: string) => string;
};

function bracketed(delimiter: '{}' | '[]'): ArrayCandidate {
	return {
		delimiter,
		condition: (text) => `min(NOT ${splitText(text, delimiter).malformed.replace(/^NOT /, '')} = 0)`,
		elements: (text) => splitText(text, delimiter).elements,
	};
}

/**
 * A delimiter counts when a fifth of the texts have it, and never at a place where prose would: elements are short, and a comma has no
 * space after it. Nor does it count where most of the texts that have it are one value: `1.249,50` is a number.
 */
function delimited(delimiter: ';' | '|' | ',' | 'tab', character: string, forbidden: string): ArrayCandidate {
	const elements = (text: string) => splitText(text, delimiter).elements;
	return {
		delimiter,
		condition: (text) =>
			`countIf(position(${text}, ${literal(character)}) > 0) * 5 >= count()
				AND NOT max(position(${text}, ${literal(forbidden)}) > 0)
				AND countIf(position(${text}, ${literal(character)}) > 0 AND ${isOneValue(text)}) * 2 < countIf(position(${text}, ${literal(character)}) > 0)
				AND max(arrayMax(arrayMap(__e -> lengthUTF8(__e), ${nonBlankElements(`splitByChar(${literal(character)}, ifNull(${text}, ''))`)}))) <= 40`,
		elements,
	};
}

export const arrayCandidates: readonly ArrayCandidate[] = [
	bracketed('[]'),
	bracketed('{}'),
	delimited(';', ';', '\n'),
	delimited('|', '|', '\n'),
	delimited('tab', '\t', '\n'),
	delimited(',', ',', ', '),
];
