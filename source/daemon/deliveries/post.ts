import {SluiceError} from '../../model/errors.js';
import type {DeliveryPayload} from '../control/deliveries.js';
import type {Connections} from '../outgoing/connections.js';
import type {Network} from '../outgoing/network.js';
import {sendOutside} from '../outgoing/request.js';
import {retryAfterMs} from '../outgoing/retry-after.js';
import {webhookHeaders} from '../outgoing/signature.js';
import {fillAddress, fillSecrets} from '../secrets/fill.js';

export type PostWays = {
	secret(name: string): string | null;
	readonly allowHosts: readonly string[];
	readonly network: Network;
	readonly connections: Connections;
	/** Cuts it off. */
	readonly signal: AbortSignal;
};

/** An answer that is no success. `pauseMs`: the receiver has too much to do, and names the time after which it may be asked again. */
export type Refusal = {readonly message: string; readonly tooMany: boolean; readonly pauseMs: number};

/**
 * Sends a webhook or an automation, signed where a secret is named.
 *
 * @returns null where the receiver took it
 * @throws SluiceError `outgoing.*` where there was no answer, `secret.missing`, `webhook.no_key`
 */
export async function post(id: string, payload: Exclude<DeliveryPayload, {kind: 'mail'}>, ways: PostWays): Promise<Refusal | null> {
	const {url, body, headers: own} = payload;
	const secret = payload.secret === null ? null : ways.secret(payload.secret);
	if (payload.secret !== null && secret === null) {
		throw new SluiceError('outgoing.failed', `The secret "${payload.secret}" that signs this is not set`, {
			cure: `sluice secret set ${payload.secret}`,
		});
	}
	const vault = {read: (name: string) => ways.secret(name)};
	const answer = await sendOutside({
		url: fillAddress(url, vault),
		method: 'POST',
		headers: {
			'content-type': 'application/json',
			'user-agent': 'sluice',
			// Names in lower case: `Content-Type` of the configuration takes the place of ours.
			...Object.fromEntries(Object.entries(own).map(([name, value]) => [name.toLowerCase(), fillSecrets(value, vault)])),
			...webhookHeaders(secret, id, new Date(), body),
		},
		body,
		allowHosts: ways.allowHosts,
		network: ways.network,
		connections: ways.connections,
		signal: ways.signal,
	});
	const {status, headers} = answer;
	if (status >= 200 && status < 300) return null;
	const tooMany = status === 429 || status === 503;
	const pauseMs = tooMany ? (retryAfterMs(headers['retry-after'], new Date()) ?? 0) : 0;
	return {message: `The receiver answered ${status}`, tooMany, pauseMs};
}
