import {redactor} from '../../engine/sql/collections.js';
import {SluiceError} from '../../model/errors.js';
import {own} from '../../model/own.js';
import {shortestSecret} from '../../text/redaction.js';
import {flatten} from './connector-secrets.js';
import type {Vault} from './vault.js';

type Known = Readonly<Record<string, Readonly<Record<string, string>>>>;
type Compiled = {readonly of: string; readonly known: Known; readonly redact: (text: string) => string};

/** What was compiled last for a vault: texts are redacted far more often than secrets change. */
const compiled = new WeakMap<Vault, Compiled>();

/**
 * Hides the values of every secret of the workspace, in texts that leave the daemon by any door. One that cannot be opened is in no text, or
 * was known before: then it stays hidden as it was.
 */
export function allSecrets(vault: Vault): (text: string) => string {
	const version = vault.version();
	const last = compiled.get(vault);
	if (last?.of === version) return last.redact;
	const known = Object.fromEntries(
		namesOf(vault, last).flatMap((name) => {
			const text = vault.readIfOpen(name);
			if (text !== null) return [[name, flatten(text)] as const];
			const before = own(last?.known ?? {}, name);
			return before ? [[name, before] as const] : [];
		}),
	);
	const redact = redactor(known);
	compiled.set(vault, {of: version, known, redact});
	return redact;
}

/** A store that cannot be read tells no names. */
function namesOf(vault: Vault, last: Compiled | undefined): readonly string[] {
	try {
		return vault.list().map(({name}) => name);
	} catch (error) {
		if (!(error instanceof SluiceError) || error.code !== 'secret.invalid') throw error;
		return Object.keys(last?.known ?? {});
	}
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
