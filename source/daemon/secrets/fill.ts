import {SluiceError} from '../../model/errors.js';
import type {Vault} from './vault.js';

/**
 * A text with its `${secret:name}` filled in (SPEC 15).
 *
 * @throws SluiceError `secret.missing`, which names the secret that nobody set
 */
export function fillSecrets(text: string, vault: Pick<Vault, 'read'>): string {
	return text.replaceAll(/\$\{secret:([A-Za-z][A-Za-z0-9_]*)\}/g, (_whole, name: string) => {
		const value = vault.read(name);
		if (value === null)
			throw new SluiceError('secret.missing', `The secret "${name}" is not set`, {cure: `Set it with \`sluice secret set ${name}\`.`});
		return value;
	});
}
