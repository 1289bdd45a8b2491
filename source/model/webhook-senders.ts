import type {RequestPlace, Signature, WebhookAnswer} from './webhook-intake.js';
import type {WebhookSenderName} from './webhook-sender-names.js';

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

/** What most senders have: no id, one value, 200. */
const usual = {id: null, headers: [], events: 'value', answer: ok} as const;

/** As GitHub signs, and those who follow it. */
const hubSignature = (header: string): SenderProof => ({kind: 'signature', in: {header}, format: 'sha256={hex}', signed: '{body}'});

export const webhookSenders: Readonly<Record<WebhookSenderName, WebhookSender>> = {
	github: {
		...usual,
		name: 'GitHub',
		// Not verified against the sender's own page: its example is in the test.
		source: 'https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries',
		proofs: [hubSignature('x-hub-signature-256')],
		id: {header: 'x-github-delivery'},
		headers: ['x-github-event'],
	},
	gitlab: {
		...usual,
		name: 'GitLab',
		// Not verified against the sender's own page: signing is from its merge request 230944, `idempotency-key` too.
		source: 'https://docs.gitlab.com/user/project/integrations/webhooks/',
		proofs: [{kind: 'hmac'}, {kind: 'token', at: {header: 'x-gitlab-token'}}],
		id: {header: 'idempotency-key'},
		headers: ['x-gitlab-event'],
	},
	bitbucket: {
		...usual,
		name: 'Bitbucket',
		source: 'https://support.atlassian.com/bitbucket-cloud/docs/event-payloads/',
		proofs: [hubSignature('x-hub-signature')],
		// Others say that every attempt repeats it. Not verified against the sender's own page.
		id: {header: 'x-request-uuid'},
		headers: ['x-event-key'],
	},
	stripe: {
		...usual,
		name: 'Stripe',
		// Not verified against the sender's own page: signed by its own SDK in the test.
		source: 'https://docs.stripe.com/webhooks#verify-manually',
		proofs: [{kind: 'signature', in: {header: 'stripe-signature'}, format: 't={timestamp},v1={hex}', signed: '{timestamp}.{body}'}],
		id: {body: 'id'},
	},
	shopify: {
		...usual,
		name: 'Shopify',
		source: 'https://shopify.dev/docs/apps/build/webhooks/verify-deliveries',
		proofs: [{kind: 'signature', in: {header: 'x-shopify-hmac-sha256'}, format: '{base64}', signed: '{body}'}],
		// That page names this one. Several deliveries of one event may share `X-Shopify-Event-Id`.
		id: {header: 'x-shopify-webhook-id'},
		headers: ['x-shopify-topic', 'x-shopify-shop-domain'],
	},
	woocommerce: {
		...usual,
		name: 'WooCommerce',
		source: 'https://github.com/woocommerce/woocommerce/blob/trunk/plugins/woocommerce/includes/class-wc-webhook.php',
		proofs: [{kind: 'signature', in: {header: 'x-wc-webhook-signature'}, format: '{base64}', signed: '{body}'}],
		// No id: `X-WC-Webhook-Delivery-ID` is a digest of the webhook and the second, so two deliveries in a second share it.
		headers: ['x-wc-webhook-topic', 'x-wc-webhook-delivery-id'],
	},
	hubspot: {
		...usual,
		name: 'HubSpot',
		source: 'https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation',
		proofs: [
			{
				kind: 'signature',
				in: {header: 'x-hubspot-signature-v3'},
				format: '{base64}',
				signed: '{method}{url}{body}{timestamp}',
				timestamp: {header: 'x-hubspot-request-timestamp'},
			},
			{kind: 'signature', in: {header: 'x-hubspot-signature'}, format: '{hex}', signed: '{secret}{body}', algorithm: 'sha256'},
		],
		events: 'array',
	},
	slack: {
		...usual,
		name: 'Slack',
		source: 'https://api.slack.com/docs/verifying-requests-from-slack',
		proofs: [
			{
				kind: 'signature',
				in: {header: 'x-slack-signature'},
				format: 'v0={hex}',
				signed: 'v0:{timestamp}:{body}',
				timestamp: {header: 'x-slack-request-timestamp'},
			},
		],
		id: {body: 'event_id'},
	},
	zoom: {
		...usual,
		name: 'Zoom',
		// Not verified against the sender's own page: the page was found, its part on signatures was not read.
		source: 'https://developers.zoom.us/docs/api/webhooks/#verify-webhook-events',
		proofs: [
			{
				kind: 'signature',
				in: {header: 'x-zm-signature'},
				format: 'v0={hex}',
				signed: 'v0:{timestamp}:{body}',
				timestamp: {header: 'x-zm-request-timestamp'},
			},
		],
	},
	meta: {
		...usual,
		name: 'Meta',
		// Not verified against the sender's own page: the page was found, its part on signatures was not read.
		source: 'https://developers.facebook.com/docs/graph-api/webhooks/getting-started#event-notifications',
		proofs: [hubSignature('x-hub-signature-256')],
	},
	twilio: {
		...usual,
		name: 'Twilio',
		source: 'https://www.twilio.com/docs/usage/webhooks/webhooks-security',
		proofs: [{kind: 'signature', in: {header: 'x-twilio-signature'}, format: '{base64}', signed: '{url}{form}', algorithm: 'hmac-sha1'}],
		// The id's name was not verified against the sender's own page.
		id: {header: 'i-twilio-idempotency-token'},
		// Twilio reads the answer as TwiML, and an empty text is none.
		answer: {status: 204, type: 'text/plain', body: ''},
	},
	sendgrid: {
		...usual,
		name: 'SendGrid',
		// Not verified against the sender's own page: its example is in the test.
		source: 'https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features',
		proofs: [
			{
				kind: 'signature',
				in: {header: 'x-twilio-email-event-webhook-signature'},
				format: '{base64}',
				signed: '{timestamp}{body}',
				algorithm: 'ecdsa-sha256',
				timestamp: {header: 'x-twilio-email-event-webhook-timestamp'},
			},
		],
		events: 'array',
	},
	mailgun: {
		...usual,
		name: 'Mailgun',
		source: 'https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks',
		proofs: [
			{
				kind: 'signature',
				in: {body: 'signature.signature'},
				format: '{hex}',
				signed: '{timestamp}{body:signature.token}',
				timestamp: {body: 'signature.timestamp'},
				// Its deliveries may be late, as that page says, and the token is signed and counts once.
				tolerance: 3600,
			},
		],
		id: {body: 'signature.token'},
	},
	mandrill: {
		...usual,
		name: 'Mandrill',
		source: 'https://mandrill.zendesk.com/hc/en-us/articles/360039232513-How-to-Authenticate-Webhook-Requests',
		proofs: [{kind: 'signature', in: {header: 'x-mandrill-signature'}, format: '{base64}', signed: '{url}{form}', algorithm: 'hmac-sha1'}],
	},
	typeform: {
		...usual,
		name: 'Typeform',
		source: 'https://www.typeform.com/developers/webhooks/secure-your-webhooks/',
		proofs: [{kind: 'signature', in: {header: 'typeform-signature'}, format: 'sha256={base64}', signed: '{body}'}],
		id: {body: 'event_id'},
	},
	jira: {
		...usual,
		name: 'Jira',
		// Not verified against the sender's own page: the page was found, its part on signatures was not read.
		source: 'https://developer.atlassian.com/cloud/jira/platform/webhooks/',
		proofs: [hubSignature('x-hub-signature')],
		id: {header: 'x-atlassian-webhook-identifier'},
	},
	zendesk: {
		...usual,
		name: 'Zendesk',
		source: 'https://developer.zendesk.com/documentation/webhooks/verifying/',
		proofs: [
			{
				kind: 'signature',
				in: {header: 'x-zendesk-webhook-signature'},
				format: '{base64}',
				signed: '{timestamp}{body}',
				timestamp: {header: 'x-zendesk-webhook-signature-timestamp'},
			},
		],
		// The id's name was not verified against the sender's own page.
		id: {header: 'x-zendesk-webhook-invocation-id'},
	},
	square: {
		...usual,
		name: 'Square',
		source: 'https://developer.squareup.com/docs/webhooks/step3validate',
		proofs: [{kind: 'signature', in: {header: 'x-square-hmacsha256-signature'}, format: '{base64}', signed: '{url}{body}'}],
		id: {body: 'event_id'},
	},
	calendly: {
		...usual,
		name: 'Calendly',
		source: 'https://developer.calendly.com/api-docs/overview/webhooks/webhook-signatures',
		proofs: [
			{kind: 'signature', in: {header: 'calendly-webhook-signature'}, format: 't={timestamp},v1={hex}', signed: '{timestamp}.{body}'},
		],
	},
	linear: {
		...usual,
		name: 'Linear',
		// Not verified against the sender's own page: its SDK's page names `linear-signature` and the time; `linear-delivery` is from others.
		source: 'https://linear.app/docs/api/sdk-webhooks',
		proofs: [
			{kind: 'signature', in: {header: 'linear-signature'}, format: '{hex}', signed: '{body}', timestamp: {body: 'webhookTimestamp'}},
		],
		id: {header: 'linear-delivery'},
	},
	airtable: {
		...usual,
		name: 'Airtable',
		// Not verified against the sender's own page: the page was found, its part on signatures was not read.
		source: 'https://airtable.com/developers/web/api/webhooks-overview',
		proofs: [{kind: 'signature', in: {header: 'x-airtable-content-mac'}, format: 'hmac-sha256={hex}', signed: '{body}', key: 'base64'}],
	},
	paddle: {
		...usual,
		name: 'Paddle',
		// Not verified against the sender's own page: the form is that of its own SDK.
		source: 'https://developer.paddle.com/webhooks/signature-verification',
		proofs: [{kind: 'signature', in: {header: 'paddle-signature'}, format: 'ts={timestamp};h1={hex}', signed: '{timestamp}:{body}'}],
		id: {body: 'event_id'},
	},
	twitch: {
		...usual,
		name: 'Twitch',
		// Not verified against the sender's own page: the form is that of others' code.
		source: 'https://dev.twitch.tv/docs/eventsub/handling-webhook-events/#verifying-the-event-message',
		proofs: [
			{
				kind: 'signature',
				in: {header: 'twitch-eventsub-message-signature'},
				format: 'sha256={hex}',
				signed: '{header:twitch-eventsub-message-id}{timestamp}{body}',
				timestamp: {header: 'twitch-eventsub-message-timestamp'},
				tolerance: 600,
			},
		],
		id: {header: 'twitch-eventsub-message-id'},
		headers: ['twitch-eventsub-message-type', 'twitch-eventsub-subscription-type'],
	},
	msgraph: {
		...usual,
		name: 'Microsoft Graph',
		// Not verified against the sender's own page: the page was found, its part on `clientState` was not read.
		source: 'https://learn.microsoft.com/en-us/graph/change-notifications-delivery-webhooks',
		proofs: [{kind: 'token', at: {body: 'value.clientState'}}],
		events: 'value',
	},
};
