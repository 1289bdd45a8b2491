import {literal} from '../../../model/sql-text.js';
import type {TypeDefinition} from './type-definition.js';

/** Letters, digits and marks beyond ASCII are welcome on both sides (RFC 6531); quoted local parts and bare hosts are not. */
const wide = '\\p{L}\\p{N}\\p{M}';
const plain = 'A-Za-z0-9';

function address(letters: string): string {
	const atom = `[${letters}!#$%&'*+/=?^_\`{|}~-]+`;
	const label = `[${letters}](?:[${letters}-]*[${letters}])?`;
	return literal(`^${atom}(?:\\.${atom})*@${label}(?:\\.${label})+$`);
}

/** The greatest lengths of a local part, a label and an address (RFC 5321). */
const longest = {local: 64, label: 63, address: 254} as const;

/** A mail address, lower-cased. Checked for its shape and lengths, not for whether anyone reads it. */
export const email: TypeDefinition = {
	name: 'email',
	formats: [],
	noun: 'an e-mail address',
	steps: () => [
		// why twice: the classes of Unicode cost five times as much as those of ASCII, which nearly all addresses are
		(text) => `multiIf(match(${text}, ${address(plain)}), lower(${text}), match(${text}, ${address(wide)}), lowerUTF8(${text}), NULL)`,
		(text) =>
			`if(length(${text}) <= ${longest.label} OR (lengthUTF8(${text}) <= ${longest.address} AND positionUTF8(${text}, '@') <= ${longest.local + 1}
				AND NOT match(${text}, '@.*[^.]{${longest.label + 1}}')), ${text}, NULL)`,
	],
};
