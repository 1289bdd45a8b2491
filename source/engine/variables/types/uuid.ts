import {literal} from '../../../model/sql-text.js';
import type {TypeDefinition} from './type-definition.js';

const canonical = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$';
const dashed = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}';
/** Also as other systems print it: in braces, as a URN, or without dashes. */
const known = `^(?:${dashed}|\\{${dashed}\\}|(?i:urn:uuid:)${dashed}|[0-9a-fA-F]{32})$`;

/** A UUID of any version, in lower case with its dashes. */
export const uuid: TypeDefinition = {
	name: 'uuid',
	formats: [],
	noun: 'a UUID',
	steps: () => [
		(text) => `multiIf(match(${text}, ${literal(canonical)}), ${text}, match(${text}, ${literal(known)}), ${lastDigits(text)}, NULL)`,
		(digits) =>
			`if(length(${digits}) = 32, concat(${[1, 9, 13, 17, 21]
				.map((start, index) => `substring(${digits}, ${start}, ${[8, 4, 4, 4, 12][index]})`)
				.join(", '-', ")}), ${digits})`,
	],
};

/** The 32 digits without what surrounds them. The `u`, `r`, `n` of a URN are no digits; its `d` is, so the last 32 count. */
function lastDigits(text: string): string {
	return `substring(replaceRegexpAll(lower(${text}), '[^0-9a-f]', ''), -32)`;
}
