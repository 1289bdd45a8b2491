import type {Problem} from '../../model/problem.js';
import {signedParts} from '../../model/signed-parts.js';
import {type Proof, webhookSecrets} from '../../model/webhook-intake.js';
import type {ConnectorEntry} from '../../workspace/read-workspace.js';
import {signingKey} from '../outgoing/signature.js';
import {signatureSecret} from './proof/keys.js';

/** Secrets that callers sign with and that hold no key, such as `whsec_` without Base64: a problem whether the listener is on or off (SPEC 17). */
export function keyProblems({connector, authPlace}: ConnectorEntry, secret: (name: string) => string | null): readonly Problem[] {
	const proofs = connector?.webhook?.auth?.proofs ?? [];
	const found = proofs.flatMap((proof) =>
		secretsOf(proof)
			.filter((name) => secret(name) !== null && !holdsKey(proof, secret(name)))
			.map((name) => ({
				...authPlace,
				code: 'webhook.no_key',
				message: `The secret "${name}", which requests are signed with, holds no key`,
				expected: `${keyForm(proof)}: sluice secret set ${name}`,
			})),
	);
	return found.filter(({message}, index) => found.findIndex((other) => other.message === message) === index);
}

function secretsOf(proof: Proof): readonly string[] {
	return proof.kind === 'hmac' || proof.kind === 'signature' ? proof.secrets : [];
}

function holdsKey(proof: Proof, secret: string | null): boolean {
	return proof.kind === 'signature' ? signatureSecret(secret, proof.signature) !== null : signingKey(secret) !== null;
}

const keyForms = {text: 'any text that is not blank', base64: 'Base64', hex: 'hexadecimal digits', whsec: 'whsec_ and Base64'} as const;

function keyForm(proof: Proof): string {
	if (proof.kind !== 'signature') return 'whsec_ and Base64, or any other text';
	const {algorithm, key} = proof.signature;
	return algorithm.startsWith('hmac-') || algorithm === 'sha256' ? keyForms[key] : `a public key of ${algorithm}, in PEM or Base64`;
}

/** What keeps the requests of a connector out while the listener is on, although its files are right (SPEC 4). */
export function webhookProblems(
	{connector, authPlace}: ConnectorEntry,
	isSet: (secret: string) => boolean,
	publicUrl: string | null,
): readonly Problem[] {
	if (!connector?.webhook) return [];
	const {auth} = connector.webhook;
	if (auth === null) {
		return [
			{
				...authPlace,
				code: 'webhook.closed',
				message: 'Requests are refused: the webhook does not say how a caller proves itself',
				expected: 'auth: {bearer: SECRET} or {hmac: [SECRET]}',
			},
		];
	}
	const signsAddress = auth.proofs.some(
		(proof) => proof.kind === 'signature' && signedParts(proof.signature.signed).some(({kind}) => kind === 'url'),
	);
	const noAddress =
		signsAddress && publicUrl === null
			? [
					{
						...authPlace,
						code: 'webhook.no_public_url',
						message: `${auth.sender ?? 'The sender'} signs its address: set http.public_url in sluice.yaml`,
						expected: 'http: {public_url: "https://hooks.example.com"}',
					},
				]
			: [];
	const unset = webhookSecrets(connector.webhook)
		.filter((name) => !isSet(name))
		.map((name) => ({
			...authPlace,
			code: 'webhook.secret_missing',
			message: `The secret "${name}", which requests are checked with, is not set`,
			expected: `sluice secret set ${name}`,
		}));
	return [...noAddress, ...unset];
}
