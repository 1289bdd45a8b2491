import {toSluiceError} from '../../model/errors.js';
import type {Problem} from '../../model/problem.js';
import type {SecretUse} from '../../workspace/secret-uses.js';
import type {Vault} from './vault.js';

/** Secrets that are named and not set, or that cannot be opened, each at its place in the files. */
export function unsetSecrets(uses: readonly SecretUse[], vault: Pick<Vault, 'read'>): readonly Problem[] {
	return uses.flatMap(({secret, ...place}): readonly Problem[] => {
		const expected = `sluice secret set ${secret}`;
		try {
			if (vault.read(secret) !== null) return [];
			return [{...place, code: 'secret.missing', message: `The secret "${secret}" is not set`, expected}];
		} catch (error) {
			const {code, message, cure} = toSluiceError(error);
			return [{...place, code, message, expected: cure ?? expected}];
		}
	});
}
