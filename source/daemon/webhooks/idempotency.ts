import {createHash} from 'node:crypto';
import {SluiceError} from '../../model/errors.js';
import type {KnownKey} from '../control/webhooks.js';

/** How long a key makes a retry harmless (SPEC 4). */
export const keyLifeSeconds = 7 * 24 * 3600;
const longestKey = 255;

/**
 * The keys under which a request is the same one: what it says itself, and the id it was signed with. Why both: the signed id is what
 * nobody but the sender can change, so that a request somebody overheard does not count again under a key of his own.
 *
 * @throws SluiceError `webhook.key_invalid`
 */
export function keysOf(idempotencyKey: string | undefined, signedId: string | null): readonly string[] {
	const given = idempotencyKey?.trim();
	if (given !== undefined && (given === '' || given.length > longestKey)) {
		throw new SluiceError('webhook.key_invalid', 'The idempotency key is empty or too long', {expected: `1 to ${longestKey} characters`});
	}
	return [...(given === undefined ? [] : [`key ${given}`]), ...(signedId === null ? [] : [`id ${signedId}`])];
}

/** Equal exactly for requests that say the same. */
export function fingerprintOf(method: string, query: string, body: Uint8Array): Buffer {
	return createHash('sha256').update(`${method} ${query.length} ${query}`).update(body).digest();
}

/**
 * What became of a request that was sent before, as far as its keys tell.
 *
 * @returns the id it was answered with then; null for a new one
 * @throws SluiceError `webhook.key_reused` when another request has one of its keys
 */
export function sentBefore(known: readonly KnownKey[], fingerprint: Buffer): string | null {
	if (known.some((other) => !other.fingerprint.equals(fingerprint))) {
		throw new SluiceError('webhook.key_reused', 'Another request was accepted under this idempotency key');
	}
	return known[0]?.request ?? null;
}
