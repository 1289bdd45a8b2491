import {createHash} from 'node:crypto';
import {SluiceError} from '../../model/errors.js';
import type {KnownKey} from '../control/webhooks.js';

/** How long a key makes a retry harmless (SPEC 4). */
export const keyLifeSeconds = 7 * 24 * 3600;
const longestKey = 255;

type Ids = {
	/** What the caller says with `Idempotency-Key`. */
	readonly idempotencyKey: string | undefined;
	/** The id that is signed, of `webhook-id` or `svix-id`. */
	readonly signedId: string | null;
	/** The id at the place that the connector names. */
	readonly placedId: string | null;
};

/**
 * The keys that tell whether a request came before: its idempotency key and its ids. Only the sender can change a signed id, so a recorded
 * request does not count again under another idempotency key.
 *
 * @throws SluiceError `webhook.key_invalid`
 */
export function keysOf({idempotencyKey, signedId, placedId}: Ids): readonly string[] {
	const given = idempotencyKey?.trim();
	if (given !== undefined && (given === '' || given.length > longestKey)) {
		throw new SluiceError('webhook.key_invalid', 'The idempotency key is empty or too long', {expected: `1 to ${longestKey} characters`});
	}
	return [
		...(signedId === null ? [] : [`id ${signedId}`]),
		...(placedId === null ? [] : [`event ${bounded(placedId)}`]),
		...(given === undefined ? [] : [`key ${given}`]),
	];
}

function bounded(id: string): string {
	return id.length <= longestKey ? id : `sha256 ${createHash('sha256').update(id).digest('hex')}`;
}

/** Equal exactly for requests that say the same. */
export function fingerprintOf(method: string, query: string, body: Uint8Array): Buffer {
	return createHash('sha256').update(`${method} ${query.length} ${query}`).update(body).digest();
}

export type SentBefore = {
	/** The id it was answered with then. */
	readonly request: string;
	/** Whether it said something else then. */
	readonly differs: boolean;
};

/**
 * What became of a request that was sent before, as far as its keys tell. An id is the sender's word that it is the same event, whatever its
 * body: senders write the number of the attempt into it (SPEC 25). An `Idempotency-Key` is held to the content.
 *
 * @returns null for a new one
 * @throws SluiceError `webhook.key_reused` when another request has its `Idempotency-Key`
 */
export function sentBefore(known: readonly (KnownKey & {readonly key: string})[], fingerprint: Buffer): SentBefore | null {
	const first = known.find(({key}) => isId(key)) ?? known[0];
	if (!first) return null;
	const differs = !first.fingerprint.equals(fingerprint);
	if (differs && !isId(first.key)) {
		throw new SluiceError('webhook.key_reused', 'Another request was accepted under this idempotency key');
	}
	return {request: first.request, differs};
}

function isId(key: string): boolean {
	return key.startsWith('id ') || key.startsWith('event ');
}
