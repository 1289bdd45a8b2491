import {SluiceError} from '../../model/errors.js';
import type {Collection} from './access.js';

export type Secrets = Readonly<Record<string, Readonly<Record<string, string>>>>;

const plainName = /^[A-Za-z_][A-Za-z0-9_]*$/;
const plainKey = /^[A-Za-z_][A-Za-z0-9_.-]*$/;

/** Keys whose values are addresses rather than secrets, and stay readable in errors (SPEC 15). */
const openKeys = ['host', 'hostname', 'port', 'user', 'username', 'database', 'db'];

const shortestSecret = 8;

/**
 * A connector's secrets as named collections of the engine (SPEC 5.4).
 *
 * @throws SluiceError `sql.secret_invalid`, which names the secret and the key and never a value
 */
export function collectionsOf(secrets: Secrets): readonly Collection[] {
	return Object.entries(secrets).map(([name, entries]) => {
		if (!plainName.test(name)) throw new SluiceError('sql.secret_invalid', `The secret "${name}" has a name that SQL cannot speak of`);
		const pairs = Object.entries(entries).map(([key, value]) => [key, String(value)] as const);
		for (const [key, value] of pairs) {
			// biome-ignore lint/suspicious/noControlCharactersInRegex: the engine's configuration cannot hold them
			if (plainKey.test(key) && !/[\u0000-\u0008\u000B\u000C\u000E-\u001F]/.test(value)) continue;
			throw new SluiceError('sql.secret_invalid', `The secret "${name}" has a key or value that cannot be handed to the engine: ${key}`);
		}
		return {name, entries: pairs};
	});
}

/** Takes the values of the secrets out of a text, also as a URL and as JSON spell them. */
export function redactor(secrets: Secrets): (text: string) => string {
	const values = Object.values(secrets)
		.flatMap((entries) => Object.entries(entries))
		.filter(([key, value]) => !openKeys.includes(key.toLowerCase()) && value.length >= shortestSecret)
		.flatMap(([, value]) => [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)])
		.sort((a, b) => b.length - a.length);
	return (text) => values.reduce((shown, value) => shown.replaceAll(value, '***'), text);
}
