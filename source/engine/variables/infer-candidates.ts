import {literal} from '../../model/sql-text.js';
import type {ArrayDelimiter, VariableType} from '../../model/variable.js';
import {dateFormats, isEpoch} from '../../model/variable-format.js';
import {nonBlankElements, splitText} from './array-text.js';
import {definitions} from './types/all.js';
import {booleanWords} from './types/boolean.js';
import type {Reading} from './types/type-definition.js';

/** A type and format that a column may have. */
export type Candidate = {
	readonly type: VariableType;
	readonly format: string | null;
	readonly decimalComma: boolean;
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
	return {
		type,
		...reading,
		fitsAll: (text) => `min(${text} IS NULL OR ((${typed(text, type, reading)})[1] IS NOT NULL AND ${and(text)}))`,
	};
}

/** Of `1` and `0`, and of `t` and `f`, both must occur: a column of ones is more likely a quantity. */
function booleanCandidate(format: keyof typeof booleanWords): Candidate {
	const plain = candidate('boolean', {format, decimalComma: false});
	const [yes, no] = booleanWords[format].map(literal);
	if (format !== 'one_zero' && format !== 't_f') return {...plain, format: format === 'true_false' ? null : format};
	return {...plain, fitsAll: (text) => `${plain.fitsAll(text)} AND max(lower(${text}) = ${yes}) AND max(lower(${text}) = ${no})`};
}

const keepsDigits = (text: string) => `NOT match(${text}, ${literal(leadingZero)})`;
const timeSuffixes = [' HH:mm', ' HH:mm:ss', ' HH:mm:ss.SSS'] as const;

/** In order of preference, narrower ones first; dates that fit two patterns take the first, as month before day. */
export const candidates: readonly Candidate[] = [
	...(Object.keys(booleanWords) as (keyof typeof booleanWords)[]).map(booleanCandidate),
	candidate('uuid'),
	candidate('email'),
	candidate('date', {format: null, decimalComma: false}, (text) => `length(${text}) <= 10`),
	...dateFormats.slice(1).map((format) => candidate('date', {format, decimalComma: false})),
	candidate('datetime'),
	...dateFormats
		.slice(1)
		.flatMap((format) => timeSuffixes.map((time) => candidate('datetime', {format: format + time, decimalComma: false}))),
	candidate('number', {format: null, decimalComma: false}, keepsDigits),
	candidate('number', {format: null, decimalComma: true}, keepsDigits),
].filter(({format}) => format === null || !isEpoch(format));

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
 * space after it.
 */
function delimited(delimiter: ';' | '|' | ',' | 'tab', character: string, forbidden: string): ArrayCandidate {
	const elements = (text: string) => splitText(text, delimiter).elements;
	return {
		delimiter,
		condition: (text) =>
			`countIf(position(${text}, ${literal(character)}) > 0) * 5 >= count()
				AND NOT max(position(${text}, ${literal(forbidden)}) > 0)
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
