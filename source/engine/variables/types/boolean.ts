import {literal} from '../../../model/sql-text.js';
import {type BooleanFormat, booleanFormats} from '../../../model/variable-format.js';
import type {TypeDefinition} from './type-definition.js';

/** The words for true and false, by format name. Compared without regard to case. */
export const booleanWords = {
	true_false: ['true', 'false'],
	yes_no: ['yes', 'no'],
	on_off: ['on', 'off'],
	one_zero: ['1', '0'],
	t_f: ['t', 'f'],
	checked_unchecked: ['checked', 'unchecked'],
} as const satisfies Record<BooleanFormat, readonly [string, string]>;

/** The pair of words of a format; the default's where there is none. */
export function wordsOf(format: string | null): readonly [string, string] {
	return booleanWords[booleanFormats.find((known) => known === format) ?? 'true_false'];
}

/** One of two words. Never an array. Any other text is a failed conversion (SPEC 6). */
export const boolean: TypeDefinition = {
	name: 'boolean',
	formats: booleanFormats,
	noun: 'a boolean',
	steps: ({format}) => {
		const [yes, no] = wordsOf(format).map(literal);
		return [(text) => `multiIf(lower(${text}) = ${yes}, 'true', lower(${text}) = ${no}, 'false', NULL)`];
	},
};
