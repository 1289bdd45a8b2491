import {SluiceError} from '../../model/errors.js';
import type {Proof, WebhookAuth} from '../../model/webhook-intake.js';
import type {Claim, ProveBody, Proven} from './proof/claim.js';
import {closed} from './proof/claim.js';
import {withJwt} from './proof/jwt.js';
import {headValue} from './proof/place.js';
import {withSignature} from './proof/signature.js';
import {withSns} from './proof/sns.js';
import {withStandardWebhooks} from './proof/standard.js';
import {withBasic, withBearer, withToken} from './proof/token.js';

/**
 * What the head of a request proves. A caller that cannot be the right one is refused before its body is read.
 *
 * @throws Unproven; SluiceError `webhook.closed` where the connector has nothing to check it with, `webhook.keys_unreachable`
 */
export async function authenticate(auth: WebhookAuth | null, claim: Claim): Promise<ProveBody> {
	if (auth === null) {
		throw new SluiceError('webhook.closed', 'The connector does not say how a caller proves itself', {
			expected: 'webhook: {auth: {bearer: SECRET}} or {auth: {hmac: [SECRET]}}',
		});
	}
	const proof = auth.proofs.find((one) => hasSomething(one, claim)) ?? auth.proofs[0];
	if (!proof) throw closed();
	const prove = await proverOf(proof, claim);
	const provenQuery = queryOf(auth);
	return async (body) => ({...(await prove(body)), provenQuery});
}

/** The query parameters that callers prove themselves with. */
function queryOf({proofs}: WebhookAuth): readonly string[] {
	return proofs.flatMap((proof) => {
		const place = proof.kind === 'token' ? proof.at : proof.kind === 'signature' ? proof.signature.in : null;
		return place && 'query' in place ? [place.query] : [];
	});
}

/** Whether a request has what this proof looks at; what is in the body is not known yet, and may be there. */
function hasSomething(proof: Proof, claim: Claim): boolean {
	const {header} = claim;
	if (proof.kind === 'bearer' || proof.kind === 'jwt') return /^Bearer /i.test(header('authorization') ?? '');
	if (proof.kind === 'basic') return /^Basic /i.test(header('authorization') ?? '');
	if (proof.kind === 'hmac') return (header('webhook-signature') ?? header('svix-signature')) !== undefined;
	if (proof.kind === 'sns') return true;
	const place = proof.kind === 'token' ? proof.at : proof.signature.in;
	return 'body' in place || headValue(place, claim) !== null;
}

async function proverOf(proof: Proof, claim: Claim): Promise<ProveBody<Proven>> {
	switch (proof.kind) {
		case 'bearer':
			return withBearer(proof.secrets, claim);
		case 'basic':
			return withBasic(proof.user, proof.secrets, claim);
		case 'token':
			return withToken(proof.at, proof.secrets, claim);
		case 'hmac':
			return withStandardWebhooks(proof.secrets, claim);
		case 'signature':
			return withSignature(proof.signature, proof.secrets, claim);
		case 'jwt':
			return await withJwt(proof, claim);
		case 'sns':
			return withSns(proof.topic, claim);
	}
}
