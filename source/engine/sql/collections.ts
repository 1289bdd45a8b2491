import {SluiceError} from '../../model/errors.js';
import {compileRedaction} from '../../text/redaction.js';
import type {Collection} from './access.js';

export type Secrets = Readonly<Record<string, Readonly<Record<string, string>>>>;

const plainName = /^[A-Za-z_][A-Za-z0-9_]*$/;
const plainKey = /^[A-Za-z_][A-Za-z0-9_.-]*$/;

/** Keys whose values are addresses rather than secrets, and stay readable in errors (SPEC 15). */
const openKeys: ReadonlySet<string> = new Set(['host', 'hostname', 'port', 'user', 'username', 'database', 'db']);

const addressKeys: ReadonlySet<string> = new Set(['url', 'filename']);

// biome-ignore lint/suspicious/noControlCharactersInRegex: an address that holds them is refused
const unencoded = /[^\x00-\x1f\x21-\x7e]+|%(?![0-9A-Fa-f]{2})|#/g;

/**
 * An address as the engine reads it: blanks, other letters than ASCII, and a `%` that begins no escape are percent-encoded. In the address of
 * an S3 object `#` is a letter of its key: left alone, it would end the key, and another object would be read.
 */
function encoded(address: string, isBucket: boolean): string {
	const wellFormed = Buffer.from(address.trim(), 'utf8').toString('utf8');
	return wellFormed.replaceAll(unencoded, (text) => (text === '#' && !isBucket ? text : encodeURIComponent(text)));
}

/**
 * A connector's secrets as named collections of the engine (SPEC 5.4).
 *
 * @throws SluiceError `sql.secret_invalid`, which names the secret and the key and never a value
 */
export function collectionsOf(secrets: Secrets): readonly Collection[] {
	return Object.entries(secrets).map(([name, entries]) => {
		if (!plainName.test(name)) throw new SluiceError('sql.secret_invalid', `The secret "${name}" has a name that SQL cannot speak of`);
		const isBucket = Object.hasOwn(entries, 'access_key_id') || Object.hasOwn(entries, 'no_sign_request');
		const pairs = Object.entries(entries).map(
			([key, value]) => [key, addressKeys.has(key) ? encoded(String(value), isBucket) : String(value)] as const,
		);
		for (const [key, value] of pairs) {
			// biome-ignore lint/suspicious/noControlCharactersInRegex: the engine's configuration cannot hold them
			if (plainKey.test(key) && !/[\u0000-\u0008\u000B\u000C\u000E-\u001F]/.test(value)) continue;
			throw new SluiceError('sql.secret_invalid', `The secret "${name}" has a key or value that cannot be handed to the engine: ${key}`);
		}
		return {name, entries: pairs};
	});
}

/** The names of secrets that a connector names and that are not set. */
export function unsetOf({secrets: named}: {readonly secrets: readonly string[]}, secrets: Secrets): readonly string[] {
	return named.filter((name) => !Object.hasOwn(secrets, name));
}

/** A function that takes the values of the secrets out of a text, in whatever spelling they are there (SPEC 15). */
export function redactor(secrets: Secrets): (text: string) => string {
	return compileRedaction(Object.values(secrets).flatMap(secretTexts));
}

/** The texts within a value that are secret. A member that is text of JSON is looked into as well. */
function secretTexts(value: unknown): readonly string[] {
	if (Array.isArray(value)) return value.flatMap(secretTexts);
	if (typeof value === 'object' && value !== null)
		return Object.entries(value).flatMap(([key, member]) => (openKeys.has(key.toLowerCase()) ? [] : secretTexts(member)));
	if (typeof value !== 'string') return [];
	return /^\s*[[{]/.test(value) ? [value, ...secretTexts(parsed(value))] : [value];
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}
