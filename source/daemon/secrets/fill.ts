import {SluiceError} from '../../model/errors.js';
import type {Vault} from './vault.js';

const reference = /\$\{secret:([A-Za-z][A-Za-z0-9_]*)\}/g;

/**
 * A text with its `${secret:name}` filled in (SPEC 15).
 *
 * @throws SluiceError `secret.missing`, which names the secret that nobody set
 */
export function fillSecrets(text: string, vault: Pick<Vault, 'read'>): string {
	return text.replaceAll(reference, (_whole, name: string) => secretOf(name, vault));
}

/**
 * The same for an address: the secret is percent-encoded, so that whatever it holds stays where it was put, as a password, a part of the
 * path or the value of a parameter, and can never become the host (SPEC 17).
 *
 * @throws SluiceError `secret.missing`
 */
export function fillAddress(template: string, vault: Pick<Vault, 'read'>): string {
	return template.replaceAll(reference, (_whole, name: string) => percentEncoded(secretOf(name, vault)));
}

/** An address with this in place of each secret: to show it, and to make names from it. */
export function withoutSecretsIn(template: string, instead: string): string {
	return template.replaceAll(reference, () => instead);
}

function secretOf(name: string, vault: Pick<Vault, 'read'>): string {
	const value = vault.read(name);
	if (value !== null) return value;
	throw new SluiceError('secret.missing', `The secret "${name}" is not set`, {cure: `Set it with \`sluice secret set ${name}\`.`});
}

/** By way of bytes: half of a surrogate pair cannot be encoded. */
function percentEncoded(text: string): string {
	return encodeURIComponent(Buffer.from(text, 'utf8').toString('utf8')).replaceAll(
		/[!'()*]/g,
		(one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
	);
}
