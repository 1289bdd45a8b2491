import type {ErrorBody} from '../../../model/errors.js';

/** An error as SPEC 16 words it: what went wrong, where, what was expected, the cure. A line each; what is unknown is left out. */
export function errorLines({
	code,
	message,
	where,
	expected,
	cure,
}: {readonly [Key in keyof ErrorBody]?: ErrorBody[Key] | undefined}): readonly (readonly [head: string, text: string])[] {
	return [
		['', message ?? ''] as const,
		...(where ? [['Where:    ', where] as const] : []),
		...(expected ? [['Expected: ', expected] as const] : []),
		...(cure ? [['Cure:     ', cure] as const] : []),
		...(code ? [['Code:     ', code] as const] : []),
	];
}
