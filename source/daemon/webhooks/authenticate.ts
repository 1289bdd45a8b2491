import {createHmac, timingSafeEqual} from 'node:crypto';
import {SluiceError} from '../../model/errors.js';
import type {WebhookAuth} from '../../model/webhook-intake.js';
import {signingKey} from '../outgoing/signature.js';
import {bearerToken, digest, isSecret} from '../secrets/bearer.js';
import {setText} from '../secrets/set-text.js';

/** How far the time of a signature may be off (SPEC 4), in seconds. */
const replayWindowSeconds = 5 * 60;

export type Caller = {
	/** The name of the secret that it proved itself with. */
	readonly name: string;
	/** The id that it signed; null where nothing was signed. */
	readonly signedId: string | null;
};

/** Proves the body, once it is read. @throws SluiceError `webhook.unauthorised` */
export type ProveBody = (body: Uint8Array) => Caller;

export type Claim = {
	header(name: string): string | undefined;
	/** A secret's text; null when nobody set it. */
	secret(name: string): string | null;
	readonly nowMs: number;
};

/**
 * What the head of a request proves. A caller that cannot be the right one is refused before its body is read.
 *
 * @throws SluiceError `webhook.unauthorised`; `webhook.closed` where the connector has nothing to check it with
 */
export function authenticate(auth: WebhookAuth | null, claim: Claim): ProveBody {
	if (auth === null) {
		throw new SluiceError('webhook.closed', 'The connector does not say how a caller proves itself', {
			expected: 'webhook: {auth: {bearer: SECRET}} or {auth: {hmac: [SECRET]}}',
		});
	}
	const [proof] = auth.proofs;
	if (proof?.kind === 'bearer') return withToken(proof.secrets, claim);
	if (proof?.kind === 'hmac') return withSignature(proof.secrets, claim);
	throw closed();
}

function withToken(names: readonly string[], {header, secret}: Claim): ProveBody {
	const tokens = names.flatMap((name) => {
		const token = setText(secret(name));
		return token === null ? [] : [{name, token}];
	});
	if (tokens.length === 0) throw closed();
	const given = bearerToken(header('authorization'));
	const [right] = tokens.filter(({token}) => isSecret(given, token));
	if (!right) throw unauthorised('The token is missing or wrong');
	return () => ({name: right.name, signedId: null});
}

/** As Standard Webhooks signs: `id.timestamp.body`, one of several keys, one of several signatures (standardwebhooks.com). */
function withSignature(names: readonly string[], {header, secret, nowMs}: Claim): ProveBody {
	const keys = names.flatMap((name) => {
		const key = signingKey(secret(name));
		return key === null ? [] : [{name, key}];
	});
	if (keys.length === 0) throw closed();
	const id = header('webhook-id') ?? '';
	const time = header('webhook-timestamp') ?? '';
	const signatures = (header('webhook-signature') ?? '').split(' ').flatMap((text) => (text.startsWith('v1,') ? [text.slice(3)] : []));
	if (id === '' || time === '' || signatures.length === 0) throw unauthorised('The request is not signed');
	if (id.length > 255) throw unauthorised('Its webhook-id is too long');
	if (!/^\d{1,12}$/.test(time) || Math.abs(nowMs / 1000 - Number(time)) > replayWindowSeconds) {
		throw unauthorised('Its webhook-timestamp is more than five minutes off');
	}
	const given = signatures.slice(0, 16).map(digest);
	return (body) => {
		let found: string | null = null;
		for (const {name, key} of keys) {
			const right = digest(createHmac('sha256', key).update(`${id}.${time}.`).update(body).digest('base64'));
			for (const signature of given) if (timingSafeEqual(signature, right)) found ??= name;
		}
		if (found === null) throw unauthorised('The signature is wrong');
		return {name: found, signedId: id};
	};
}

function unauthorised(message: string): SluiceError {
	return new SluiceError('webhook.unauthorised', message);
}

/** Why no names: whoever asks has proved nothing yet. `sluice validate` tells them. */
function closed(): SluiceError {
	return new SluiceError('webhook.closed', 'The connector takes no requests: the secret it checks them with is not set, or holds no key');
}
