import {createHmac} from 'node:crypto';
import {SluiceError} from '../../model/errors.js';
import {setText} from '../secrets/set-text.js';

const prefix = 'whsec_';
/** Some senders show a key with the version of its signatures in front. */
const versioned = /^v1,(?=whsec_)/;

/**
 * The key that a secret holds: Base64 after `whsec_`, as Standard Webhooks writes keys, also as `v1,whsec_`, else the bytes of the text itself.
 *
 * @returns null where the secret is unset, or holds no key: an empty key is one that everybody knows
 */
export function signingKey(secret: string | null): Buffer | null {
	const text = (setText(secret)?.trim() ?? '').replace(versioned, '');
	if (text === '') return null;
	if (!text.startsWith(prefix)) return Buffer.from(secret ?? '', 'utf8');
	const key = fromBase64(text.slice(prefix.length));
	return key === null || key.length === 0 ? null : key;
}

/** What strict Base64 stands for, with its padding or without; null for any other text, of which Node decodes what it can. */
function fromBase64(text: string): Buffer | null {
	const bytes = Buffer.from(text, 'base64');
	const padded = bytes.toString('base64');
	return text === padded || text === padded.replace(/=+$/, '') ? bytes : null;
}

/** `v1,<base64>` over `id.timestamp.body`, as Standard Webhooks signs (standardwebhooks.com). @throws SluiceError `webhook.no_key` */
export function signature(secret: string, id: string, timestamp: number, body: string): string {
	const key = signingKey(secret);
	if (key === null) {
		throw new SluiceError('webhook.no_key', 'The secret that signs this holds no key', {
			expected: 'whsec_ and Base64, or any other text that is not blank',
			cure: 'Set it again with `sluice secret set NAME`.',
		});
	}
	return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}

/** The three headers of a signed request; without a secret, the two that need none. */
export function webhookHeaders(secret: string | null, id: string, now: Date, body: string): Readonly<Record<string, string>> {
	const timestamp = Math.floor(now.getTime() / 1000);
	return {
		'webhook-id': id,
		'webhook-timestamp': String(timestamp),
		...(secret !== null && {'webhook-signature': signature(secret, id, timestamp, body)}),
	};
}
