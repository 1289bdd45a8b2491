import type {RequestPlace, Signature, WebhookAnswer} from './webhook-intake.js';

/** What is known of a sender that a configuration names: an entry of data, with the page that says so (SPEC 25). */
export type WebhookSender = {
	readonly name: string;
	/** The page that says how it signs. */
	readonly source: string;
	/** How it proves itself; several where it has several ways, the first one that a request has something for counts. */
	readonly proofs: readonly SenderProof[];
	readonly id: RequestPlace | null;
	/** Headers worth keeping, in small letters. */
	readonly headers: readonly string[];
	/** What of a body is a row where the configuration does not say it. */
	readonly events: string;
	readonly answer: WebhookAnswer;
};

export type SenderProof =
	| ({readonly kind: 'signature'} & Partial<Signature> & Pick<Signature, 'in' | 'format' | 'signed'>)
	| {readonly kind: 'token'; readonly at: RequestPlace}
	| {readonly kind: 'hmac'};

const ok: WebhookAnswer = {status: 200, type: 'text/plain', body: ''};

export const webhookSenderNames = ['github', 'stripe'] as const;

export type WebhookSenderName = (typeof webhookSenderNames)[number];

export const webhookSenders: Readonly<Record<WebhookSenderName, WebhookSender>> = {
	github: {
		name: 'GitHub',
		source: 'https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries',
		proofs: [{kind: 'signature', in: {header: 'x-hub-signature-256'}, format: 'sha256={hex}', signed: '{body}'}],
		id: {header: 'x-github-delivery'},
		headers: ['x-github-event'],
		events: 'value',
		answer: ok,
	},
	stripe: {
		name: 'Stripe',
		source: 'https://docs.stripe.com/webhooks#verify-manually',
		proofs: [{kind: 'signature', in: {header: 'stripe-signature'}, format: 't={timestamp},v1={hex}', signed: '{timestamp}.{body}'}],
		id: {body: 'id'},
		headers: [],
		events: 'value',
		answer: ok,
	},
};
