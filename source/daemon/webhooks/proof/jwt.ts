import {createLocalJWKSet, decodeJwt, errors, type JWTPayload, jwtVerify} from 'jose';
import type {Proof} from '../../../model/webhook-intake.js';
import {bearerToken} from '../../secrets/bearer.js';
import {type Claim, type ProveBody, type Proven, Unproven} from './claim.js';

/** Those with a public key: one that the issuer publishes must never be taken as a shared secret. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'];
const clockToleranceSeconds = 60;
const longestToken = 16 * 1024;
const refusal = 'The token is missing or wrong';

/** A token of an identity provider, as `Authorization: Bearer`. @throws Unproven; SluiceError `webhook.keys_unreachable` */
export async function withJwt(expected: Extract<Proof, {kind: 'jwt'}>, {header, keys, nowMs}: Claim): Promise<ProveBody<Proven>> {
	const token = bearerToken(header('authorization'));
	if (token === null) throw new Unproven(refusal, 'There is no Authorization: Bearer');
	if (token.length > longestToken) throw new Unproven(refusal, 'The token is too long');
	// Check the issuer before its keys are fetched: a token of another issuer must cause no request.
	if (claimsOf(token)?.iss !== expected.issuer) throw new Unproven(refusal, 'The token is not one of the issuer');
	const payload = await verified(token, expected, keys, nowMs);
	for (const [name, value] of Object.entries(expected.claims)) {
		const isUnverified = name === 'email' && payload.email_verified === false;
		if (String(payload[name] ?? '') !== value || isUnverified)
			throw new Unproven(refusal, `The claim "${name}" of the token is another one`);
	}
	const {email, sub} = payload;
	const name = typeof email === 'string' && email !== '' ? email : (sub ?? expected.issuer);
	return async () => ({name, signedId: null});
}

async function verified(
	token: string,
	{issuer, audience}: Extract<Proof, {kind: 'jwt'}>,
	keys: Claim['keys'],
	nowMs: number,
): Promise<JWTPayload> {
	const options = {
		issuer,
		audience,
		algorithms,
		requiredClaims: ['exp'],
		clockTolerance: clockToleranceSeconds,
		currentDate: new Date(nowMs),
	};
	const check = async (fresh: boolean): Promise<JWTPayload> => {
		const set = createLocalJWKSet(await keys.tokenKeys(issuer, {fresh}));
		return (await jwtVerify(token, set, options)).payload;
	};
	try {
		return await check(false).catch((cause: unknown) => {
			// The issuer has a new key since they were fetched.
			if (cause instanceof errors.JWKSNoMatchingKey) return check(true);
			throw cause;
		});
	} catch (cause) {
		if (cause instanceof errors.JOSEError) throw new Unproven(refusal, `The token does not hold: ${cause.message}`);
		throw cause;
	}
}

function claimsOf(token: string): JWTPayload | null {
	try {
		return decodeJwt(token);
	} catch {
		// Not a token at all: refused as one of another issuer.
		return null;
	}
}
