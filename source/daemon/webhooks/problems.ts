import type {Problem} from '../../model/problem.js';
import {webhookSecrets} from '../../model/webhook-intake.js';
import type {ConnectorEntry} from '../../workspace/read-workspace.js';
import {signingKey} from '../outgoing/signature.js';

/** Secrets that callers sign with and that hold no key, such as `whsec_` without Base64: a problem whether the listener is on or off (SPEC 17). */
export function keyProblems({connector, authPlace}: ConnectorEntry, secret: (name: string) => string | null): readonly Problem[] {
	const proofs = connector?.webhook?.auth?.proofs ?? [];
	return proofs
		.flatMap((proof) => (proof.kind === 'hmac' ? proof.secrets : []))
		.filter((name) => secret(name) !== null && signingKey(secret(name)) === null)
		.map((name) => ({
			...authPlace,
			code: 'webhook.no_key',
			message: `The secret "${name}", which requests are signed with, holds no key`,
			expected: `whsec_ and Base64, or any other text: sluice secret set ${name}`,
		}));
}

/** What keeps the requests of a connector out while the listener is on, although its files are right (SPEC 4). */
export function webhookProblems({connector, authPlace}: ConnectorEntry, isSet: (secret: string) => boolean): readonly Problem[] {
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
	return webhookSecrets(connector.webhook)
		.filter((name) => !isSet(name))
		.map((name) => ({
			...authPlace,
			code: 'webhook.secret_missing',
			message: `The secret "${name}", which requests are checked with, is not set`,
			expected: `sluice secret set ${name}`,
		}));
}
