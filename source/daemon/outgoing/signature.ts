import {createHmac} from 'node:crypto';

/** The key a secret stands for: `whsec_` and Base64 as Standard Webhooks writes keys, else the text's own bytes. */
export function signingKey(secret: string): Buffer {
	return secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : Buffer.from(secret, 'utf8');
}

/** `v1,<base64>` over `id.timestamp.body`, as Standard Webhooks signs (standardwebhooks.com). */
export function signature(secret: string, id: string, timestamp: number, body: string): string {
	return `v1,${createHmac('sha256', signingKey(secret)).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
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
