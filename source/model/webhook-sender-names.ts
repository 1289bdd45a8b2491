/** The senders that a configuration may name (SPEC 25). */
export const webhookSenderNames = [
	'github',
	'gitlab',
	'bitbucket',
	'stripe',
	'shopify',
	'woocommerce',
	'hubspot',
	'slack',
	'zoom',
	'meta',
	'twilio',
	'sendgrid',
	'mailgun',
	'mandrill',
	'typeform',
	'jira',
	'zendesk',
	'square',
	'calendly',
	'linear',
	'airtable',
	'paddle',
	'twitch',
	'msgraph',
] as const;

export type WebhookSenderName = (typeof webhookSenderNames)[number];
