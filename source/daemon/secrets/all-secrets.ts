import {redactor} from '../../engine/sql/collections.js';
import {flatten} from './connector-secrets.js';
import type {Vault} from './vault.js';

/** Hides the values of every secret of the workspace: for texts that belong to no connector. */
export function allSecrets(vault: Vault): (text: string) => string {
	const known = vault.list().flatMap(({name}) => {
		const text = vault.read(name);
		return text === null ? [] : [[name, flatten(text)] as const];
	});
	return redactor(Object.fromEntries(known));
}

/** The same, made anew for each text; a store that cannot be opened hides the whole text rather than nothing. */
export function redactable(vault: Vault): (text: string) => string {
	return (text) => {
		try {
			return allSecrets(vault)(text);
		} catch {
			return '{"level":50,"msg":"a line was left out: the secrets that it may hold cannot be read"}\n';
		}
	};
}
