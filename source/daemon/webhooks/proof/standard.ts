import {createHmac, timingSafeEqual} from 'node:crypto';
import {signingKey} from '../../outgoing/signature.js';
import {digest} from '../../secrets/bearer.js';
import {type Claim, closed, type ProveBody, type Proven, Unproven} from './claim.js';

/** How far the time of a signature may be off (SPEC 4), in seconds. */
const replayWindowSeconds = 5 * 60;

/** As Standard Webhooks signs: `id.timestamp.body`, one of several keys, one of several signatures (standardwebhooks.com). */
export function withStandardWebhooks(names: readonly string[], {header, secret, nowMs}: Claim): ProveBody<Proven> {
	const keys = names.flatMap((name) => {
		const key = signingKey(secret(name));
		return key === null ? [] : [{name, key}];
	});
	if (keys.length === 0) throw closed();
	// Svix and those who send through it name the same headers after it.
	const prefix = header('webhook-signature') === undefined && header('svix-signature') !== undefined ? 'svix' : 'webhook';
	const id = header(`${prefix}-id`) ?? '';
	const time = header(`${prefix}-timestamp`) ?? '';
	const signatures = (header(`${prefix}-signature`) ?? '').split(' ').flatMap((text) => (text.startsWith('v1,') ? [text.slice(3)] : []));
	if (id === '' || time === '' || signatures.length === 0) {
		throw new Unproven('The request is not signed', `${prefix}-id, ${prefix}-timestamp and ${prefix}-signature with v1 are not all there`);
	}
	if (id.length > 255) throw new Unproven(`Its ${prefix}-id is too long`);
	if (!/^\d{1,12}$/.test(time) || Math.abs(nowMs / 1000 - Number(time)) > replayWindowSeconds) {
		throw new Unproven(`Its ${prefix}-timestamp is more than five minutes off`);
	}
	const given = signatures.slice(0, 16).map(digest);
	return async (body) => {
		let found: string | null = null;
		for (const {name, key} of keys) {
			const right = digest(createHmac('sha256', key).update(`${id}.${time}.`).update(body).digest('base64'));
			for (const signature of given) if (timingSafeEqual(signature, right)) found ??= name;
		}
		if (found === null) throw new Unproven('The signature is wrong', `No ${prefix}-signature is right for the id, the time and the body`);
		return {name: found, signedId: id};
	};
}
