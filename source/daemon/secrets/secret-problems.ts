import {toSluiceError} from '../../model/errors.js';
import type {Problem} from '../../model/problem.js';
import type {Workspace} from '../../workspace/read-workspace.js';
import type {SecretUse} from '../../workspace/secret-uses.js';
import type {Paths} from '../paths.js';
import type {Vault} from './vault.js';

/** Every place of the configuration that names a secret. */
export function secretUsesOf({secretUses, connectors}: Pick<Workspace, 'secretUses' | 'connectors'>): readonly SecretUse[] {
	return [...secretUses, ...connectors.flatMap((entry) => entry.secretUses)];
}

/**
 * The secrets that must be set again, each with the command; none keeps anything that does not use it from going on.
 *
 * @param uses those that are told at their own places
 */
export function secretProblems(vault: Vault, {secrets}: Pick<Paths, 'secrets'>, uses: readonly SecretUse[]): readonly Problem[] {
	const place = {file: secrets, line: 1, column: 1, code: 'secret.invalid' as const};
	try {
		const told = new Set(uses.map(({secret}) => secret));
		return vault
			.unreadable()
			.filter((name) => !told.has(name))
			.map((name) => ({
				...place,
				message: `The secret "${name}" cannot be opened with the key of this workspace`,
				expected: `sluice secret set ${name}; or sluice secret remove ${name}, if nothing uses it`,
			}));
	} catch (error) {
		const {message} = toSluiceError(error);
		return uses.length > 0 ? [] : [{...place, message, expected: 'sluice secret set NAME, for each secret that the configuration names'}];
	}
}
