import {redactor} from '../../engine/sql/collections.js';
import {shortestSecret} from '../../text/redaction.js';
import {flatten} from './connector-secrets.js';
import type {Vault} from './vault.js';

type Compiled = {readonly of: string; readonly redact: (text: string) => string};

/** What was compiled last for a vault: texts are redacted far more often than secrets change. */
const compiled = new WeakMap<Vault, Compiled>();

/**
 * Hides the values of every secret of the workspace, in texts that leave the daemon by any door.
 *
 * @throws SluiceError `secret.invalid` when the store does not open
 */
export function allSecrets(vault: Vault): (text: string) => string {
	const version = vault.version();
	const last = compiled.get(vault);
	if (last?.of === version) return last.redact;
	const known = vault.list().flatMap(({name}) => {
		const text = vault.read(name);
		return text === null ? [] : [[name, flatten(text)] as const];
	});
	const redact = redactor(Object.fromEntries(known));
	compiled.set(vault, {of: version, redact});
	return redact;
}

/** The same for texts that are written down; a store that cannot be opened hides a text that could hold a secret, rather than nothing. */
export function hiding(vault: Vault, left = '***'): (text: string) => string {
	return (text) => {
		try {
			return allSecrets(vault)(text);
		} catch {
			return text.length < shortestSecret ? text : left;
		}
	};
}

/** The same for lines of the daemon's log. */
export function redactable(vault: Vault): (text: string) => string {
	return hiding(vault, '{"level":50,"msg":"a line was left out: the secrets that it may hold cannot be read"}\n');
}
