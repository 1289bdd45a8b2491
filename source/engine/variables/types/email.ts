import {literal} from '../../../model/sql-text.js';
import type {TypeDefinition} from './type-definition.js';

/** Letters, digits and marks beyond ASCII are welcome on both sides (RFC 6531); quoted local parts and bare hosts are not. */
const wide = '\\p{L}\\p{N}\\p{M}';
const atom = `[${wide}!#$%&'*+/=?^_\`{|}~-]+`;
const label = `[${wide}](?:[${wide}-]*[${wide}])?`;
const address = `^${atom}(?:\\.${atom})*@${label}(?:\\.${label})+$`;

/** The greatest lengths of a local part, a label and an address (RFC 5321). */
const longest = {local: 64, label: 63, address: 254} as const;

/** A mail address, lower-cased. Checked for its shape and lengths, not for whether anyone reads it. */
export const email: TypeDefinition = {
	name: 'email',
	formats: [],
	noun: 'an e-mail address',
	steps: () => [
		(text) => `if(match(${text}, ${literal(address)}), lowerUTF8(${text}), NULL)`,
		(text) =>
			`if(length(${text}) <= ${longest.label} OR (lengthUTF8(${text}) <= ${longest.address} AND positionUTF8(${text}, '@') <= ${longest.local + 1}
				AND NOT match(${text}, '@.*[^.]{${longest.label + 1}}')), ${text}, NULL)`,
	],
};
