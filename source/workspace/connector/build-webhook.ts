import type {Connector} from '../../model/connector.js';
import {
	defaultMaxBodyBytes,
	type Handshake,
	type Proof,
	type RequestPlace,
	type WebhookAuth,
	type WebhookIntake,
} from '../../model/webhook-intake.js';
import {webhookSenderNames} from '../../model/webhook-sender-names.js';
import {type SenderProof, type WebhookSender, webhookSenders} from '../../model/webhook-senders.js';
import type {ConnectorInput} from '../schema/connector-schema.js';
import type {WebhookInput} from '../schema/webhook-schema.js';
import {bytesOf} from '../settings.js';
import type {Report} from '../shape/report.js';
import {checkSignature} from './check-signature.js';

type AuthInput = NonNullable<WebhookInput['auth']>;

const generalForms = ['bearer', 'basic', 'header', 'query', 'hmac', 'signature', 'jwt', 'sns'];

const mostBodyBytes = 32_000_000;

/** How requests are taken in: what the configuration says, over what a named sender brings, over the defaults (SPEC 4, 25). */
export function buildWebhook({type, webhook}: ConnectorInput, report: Report): Connector['webhook'] {
	if (type !== 'webhook') return null;
	const auth = buildAuth(webhook?.auth, report);
	if (webhook?.auth?.signature) checkSignature(webhook.auth.signature, webhook.id !== undefined, report);
	const sender = auth?.sender ? webhookSenders[auth.sender] : null;
	return {
		cadenceSeconds: webhook?.cadence ?? 60,
		auth,
		id: webhook?.id ? placeOf(webhook.id) : (sender?.id ?? null),
		headers: (webhook?.headers ?? sender?.headers ?? []).map((name) => name.toLowerCase()),
		events: webhook?.events ?? sender?.events ?? 'value',
		maxBodyBytes: maxBody(webhook?.max_body, report),
		answer: webhook?.answer ?? sender?.answer ?? null,
		handshake: buildHandshake(webhook?.handshake) ?? metaHandshake(webhook?.auth?.meta),
	} satisfies WebhookIntake;
}

function buildAuth(auth: AuthInput | undefined, report: Report): WebhookAuth | null {
	if (!auth) return null;
	const forms = Object.keys(auth);
	if (forms.length !== 1) {
		report.lack(['webhook', 'auth'], [...generalForms, ...webhookSenderNames], {
			code: forms.length === 0 ? 'workspace.missing_key' : 'workspace.contradiction',
			message: forms.length === 0 ? 'This does not say how a caller proves itself' : 'A caller proves itself in one way',
			expected: 'one form, such as bearer or hmac, or the name of a sender',
		});
		return null;
	}
	const sender = webhookSenderNames.find((name) => auth[name] !== undefined) ?? null;
	if (sender !== null) {
		const given = auth[sender];
		const secrets = listOf(isMeta(given) ? given.secret : given);
		return {sender, proofs: senderProofs(webhookSenders[sender], secrets)};
	}
	return {sender: null, proofs: generalProofs(auth)};
}

/** How a named sender proves itself with these secrets. */
export function senderProofs({proofs}: Pick<WebhookSender, 'proofs'>, secrets: readonly string[]): readonly Proof[] {
	return proofs.map((proof) =>
		proof.kind === 'signature' ? {kind: 'signature', signature: filledIn(proof), secrets} : {...proof, secrets},
	);
}

function filledIn({kind: _, ...given}: Extract<SenderProof, {kind: 'signature'}>) {
	return {algorithm: 'hmac-sha256', key: 'text', timestamp: null, tolerance: 300, ...given} as const;
}

function generalProofs({bearer, basic, header, query, hmac, signature, jwt, sns}: AuthInput): readonly Proof[] {
	if (bearer !== undefined) return [{kind: 'bearer', secrets: listOf(bearer)}];
	if (basic) return [{kind: 'basic', user: basic.user, secrets: listOf(basic.password)}];
	if (header)
		return Object.entries(header).map(([name, secrets]) => ({kind: 'token', at: {header: name.toLowerCase()}, secrets: listOf(secrets)}));
	if (query) return Object.entries(query).map(([name, secrets]) => ({kind: 'token', at: {query: name}, secrets: listOf(secrets)}));
	if (hmac !== undefined) return [{kind: 'hmac', secrets: listOf(hmac)}];
	if (jwt) return [{kind: 'jwt', ...jwt}];
	if (sns !== undefined) return [{kind: 'sns', topic: sns}];
	if (!signature) return [];
	const {secret, timestamp, in: place, ...rest} = signature;
	return [
		{
			kind: 'signature',
			signature: {...rest, in: placeOf(place), timestamp: timestamp ? placeOf(timestamp) : null},
			secrets: listOf(secret),
		},
	];
}

function buildHandshake(handshake: WebhookInput['handshake']): Handshake | null {
	if (!handshake) return null;
	const {answer, token} = handshake;
	if (!token) return {answer, token: null};
	const {secret, ...place} = token;
	return {answer, token: {at: placeOf(place), secrets: listOf(secret)}};
}

/** Meta asks for an echo with a token of its own (https://developers.facebook.com/docs/graph-api/webhooks/getting-started#verification-requests). */
function metaHandshake(meta: AuthInput['meta']): Handshake | null {
	if (!isMeta(meta) || meta.verify === undefined) return null;
	return {answer: '{query:hub.challenge}', token: {at: {query: 'hub.verify_token'}, secrets: listOf(meta.verify)}};
}

function isMeta(given: AuthInput['meta']): given is Extract<AuthInput['meta'], {secret: unknown}> {
	return typeof given === 'object' && !Array.isArray(given);
}

function placeOf(place: RequestPlace): RequestPlace {
	return 'header' in place ? {header: place.header.toLowerCase()} : place;
}

function listOf(names: string | readonly string[] | undefined): readonly string[] {
	return names === undefined ? [] : [names].flat();
}

function maxBody(size: string | number | undefined, report: Report): number {
	if (size === undefined) return defaultMaxBodyBytes;
	const bytes = bytesOf(size);
	if (bytes >= 1 && bytes <= mostBodyBytes) return bytes;
	report.at(['webhook', 'max_body'], {
		code: 'workspace.wrong_value',
		message: `${size} is no size of a body`,
		expected: 'at most 32MB',
	});
	return defaultMaxBodyBytes;
}
