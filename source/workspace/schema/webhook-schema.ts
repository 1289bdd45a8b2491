import * as z from 'zod';
import {signatureAlgorithms, signatureKeys} from '../../model/webhook-intake.js';
import {webhookSenderNames} from '../../model/webhook-sender-names.js';
import {webhookSenders} from '../../model/webhook-senders.js';
import {unknownKeyNoun} from '../shape/unknown-key-noun.js';
import {filled, secretName, size} from './text.js';

/** One secret, or several for rotation, the new one first. */
const secretNames = () => z.union([secretName(), z.array(secretName()).min(1)]);

const tokenSecret = () => secretNames().describe('The secret that holds what has to be there.');

const place = () =>
	z.union([
		z.strictObject({header: filled().describe('The name of a header.')}),
		z.strictObject({query: filled().describe('The name of a query parameter.')}),
		z.strictObject({body: filled().describe('The path of a member of the body, such as `data.id`.')}),
	]);

const signature = z.strictObject({
	secret: secretNames().describe('The key; for `ecdsa-sha256`, `ed25519` and `rsa-sha256` the public key.'),
	in: place().describe('Where the signature is.'),
	format: filled()
		.meta({examples: ['sha256={hex}', 't={timestamp},v1={hex}']})
		.describe('What is there: literal text with `{hex}` or `{base64}`, and `{timestamp}` where the time is beside it.'),
	signed: filled()
		.meta({examples: ['{body}', '{timestamp}.{body}']})
		.describe(
			'What is signed: text with `{body}`, `{timestamp}`, `{id}`, `{method}`, `{url}`, `{form}`, `{secret}`, `{header:NAME}`, `{query:NAME}`, `{body:PATH}`.',
		),
	algorithm: z.enum(signatureAlgorithms).default('hmac-sha256').describe('How it is signed.'),
	key: z.enum(signatureKeys).default('text').describe('How the secret holds the key.'),
	timestamp: place().optional().describe('Where the time is; seconds, milliseconds or ISO 8601.'),
	tolerance: z.int().min(1).max(86_400).default(300).describe('How many seconds the time may be off.'),
});

const senders = Object.fromEntries(
	webhookSenderNames
		.filter((name) => name !== 'meta')
		.map((name) => [name, secretNames().optional().describe(`The secret of ${webhookSenders[name].name}.`)]),
) as Record<Exclude<(typeof webhookSenderNames)[number], 'meta'>, z.ZodOptional<ReturnType<typeof secretNames>>>;

/** What a key is called that is none of these: it is meant as the name of a sender. */
const noSender = {
	error: ({code}: {readonly code?: string | undefined}) => (code === 'unrecognized_keys' ? unknownKeyNoun('sender') : undefined),
};

const auth = z.strictObject(
	{
		bearer: secretNames().optional().describe('The secret that holds the token of `Authorization: Bearer`.'),
		basic: z
			.strictObject({user: filled().describe('The user.'), password: secretNames().describe('The secret that holds the password.')})
			.optional()
			.describe('A user and a password (HTTP Basic).'),
		header: z.record(filled(), secretNames()).optional().describe('A header, and the secret that holds its value.'),
		query: z
			.record(filled(), secretNames())
			.optional()
			.describe('A query parameter, and the secret that holds its value. The parameter is not kept.'),
		hmac: secretNames().optional().describe('The secrets a request may be signed with (Standard Webhooks headers); several for rotation.'),
		signature: signature.optional().describe('Any other way to sign.'),
		jwt: z
			.strictObject({
				issuer: filled().describe('Who issues the token: an address whose OpenID configuration names its keys.'),
				audience: filled().describe('Whom the token is for.'),
				claims: z.record(filled(), filled()).default({}).describe('Claims that the token must have.'),
			})
			.optional()
			.describe('A token signed by an identity provider, as `Authorization: Bearer`.'),
		sns: filled()
			.meta({examples: ['arn:aws:sns:eu-central-1:123456789012:orders']})
			.optional()
			.describe('The topic of Amazon SNS.'),
		...senders,
		meta: z
			.union([
				secretName(),
				z.array(secretName()).min(1),
				z.strictObject({
					secret: secretNames().describe('The app secret that it signs with.'),
					verify: secretNames().optional().describe('The secret that holds the verify token of its handshake.'),
				}),
			])
			.optional()
			.describe('The secret of Meta, or that and the one of its verify token.'),
	},
	noSender,
);

export const webhook = z.strictObject({
	cadence: z.int().min(1).max(86_400).default(60).describe('Requests of so many seconds are gathered into one execution.'),
	auth: auth.optional().describe('How a caller proves itself: one form, or the name of a sender.'),
	id: place().optional().describe('Where the id of a request is: one whose id came before counts once.'),
	headers: z.array(filled()).optional().describe('Headers that are kept, beside `content-type`.'),
	events: filled()
		.meta({examples: ['value', 'array', 'lines', 'events']})
		.optional()
		.describe('What of a body is a row: `value`, `array`, `lines`, or the path of an array. Default: value.'),
	max_body: size().optional().describe('The largest body, at most 32MB. Default: 256KiB.'),
	answer: z
		.strictObject({
			status: z.int().min(200).max(299).default(200).describe('The status.'),
			type: filled().default('text/plain').describe('The content type.'),
			body: z.string().max(1024).default('').describe('The body.'),
		})
		.optional()
		.describe('What an accepted request is answered. Default: 201 and `{"id": …}`; for a sender by name 200 without a body.'),
	handshake: z
		.strictObject({
			answer: filled().describe('What is echoed, such as `{query:validationToken}`.'),
			token: z
				.union([
					z.strictObject({header: filled().describe('The name of a header.'), secret: tokenSecret()}),
					z.strictObject({query: filled().describe('The name of a query parameter.'), secret: tokenSecret()}),
					z.strictObject({body: filled().describe('The path of a member of the body.'), secret: tokenSecret()}),
				])
				.optional()
				.describe('What such a request has to show in place of the proof, and where.'),
		})
		.optional()
		.describe('A request that asks for an echo: it is answered and never kept.'),
});

export type WebhookInput = z.output<typeof webhook>;
