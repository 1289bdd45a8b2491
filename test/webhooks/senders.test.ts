import {createHash, createHmac, generateKeyPairSync, sign as signWith} from 'node:crypto';
import {sign as signAsGithub} from '@octokit/webhooks-methods';
import {Webhook} from 'standardwebhooks';
import Stripe from 'stripe';
import {expect, test} from 'vitest';
import {authenticate} from '../../source/daemon/webhooks/authenticate.js';
import {SluiceError} from '../../source/model/errors.js';
import {type WebhookSenderName, webhookSenderNames} from '../../source/model/webhook-sender-names.js';
import {webhookSenders} from '../../source/model/webhook-senders.js';
import {senderProofs} from '../../source/workspace/connector/build-webhook.js';
import {claimOf} from './claims.js';

const nowMs = Date.parse('2026-11-20T10:00:00Z');
const publicUrl = 'https://hooks.example.com/in';
const url = 'https://hooks.example.com/in/hooks/hooks';

type Sent = {readonly headers?: Readonly<Record<string, string>>; readonly body?: string; readonly query?: string};
type To = {readonly key: string; readonly atMs: number; readonly body: string};

/** How a sender signs, by its own SDK or as its page says. */
type Sender = {
	readonly sign: (to: To) => Sent | Promise<Sent>;
	readonly body?: string;
	/** What its time, its address and its body are not signed. */
	readonly unsigned?: readonly ('time' | 'url' | 'body')[];
	readonly keys?: readonly [right: string, other: string];
	/** The secrets that belong to the keys, where these are not the secrets themselves. */
	readonly secrets?: readonly [right: string, other: string];
};

const hmac = (key: string | Buffer, text: string, encoding: 'hex' | 'base64', algorithm = 'sha256') =>
	createHmac(algorithm, key).update(text).digest(encoding);
const seconds = (atMs: number) => String(atMs / 1000);
const hub =
	(header: string): Sender['sign'] =>
	async ({key, body}) => ({headers: {[header]: await signAsGithub(key, body)}});
const hashed =
	(header: string, encoding: 'hex' | 'base64', before = ''): Sender['sign'] =>
	({key, body}) => ({headers: {[header]: before + hmac(key, body, encoding)}});
const form = 'application/x-www-form-urlencoded';
const bodyOnly = {unsigned: ['time', 'url']} as const;
const noUrl = {unsigned: ['url']} as const;
const noTime = {unsigned: ['time']} as const;
const base64Keys = ['a key of the sender', 'some other key....'].map((text) => Buffer.from(text).toString('base64')) as [string, string];
const whsec: readonly [string, string] = [`whsec_${base64Keys[0]}`, `whsec_${base64Keys[1]}`];
const pairs = [0, 1].map(() =>
	generateKeyPairSync('ec', {
		namedCurve: 'P-256',
		publicKeyEncoding: {type: 'spki', format: 'der'},
		privateKeyEncoding: {type: 'pkcs8', format: 'pem'},
	}),
);
const stripe = new Stripe('sk_test_x');

const senders: Readonly<Record<WebhookSenderName, Sender>> = {
	github: {...bodyOnly, sign: hub('x-hub-signature-256')},
	gitlab: {
		...noUrl,
		keys: whsec,
		sign: ({key, atMs, body}) => ({
			headers: {
				'webhook-id': 'e1',
				'webhook-timestamp': seconds(atMs),
				'webhook-signature': new Webhook(key).sign('e1', new Date(atMs), body),
			},
		}),
	},
	bitbucket: {...bodyOnly, sign: hub('x-hub-signature')},
	stripe: {
		...noUrl,
		keys: ['whsec_text as it is', 'whsec_other'],
		sign: ({key, atMs, body}) => ({
			headers: {
				'stripe-signature': stripe.webhooks.generateTestHeaderString({payload: body, secret: key, timestamp: atMs / 1000}),
			},
		}),
	},
	shopify: {...bodyOnly, sign: hashed('x-shopify-hmac-sha256', 'base64')},
	woocommerce: {...bodyOnly, sign: hashed('x-wc-webhook-signature', 'base64')},
	hubspot: {
		sign: ({key, atMs, body}) => ({
			headers: {
				'x-hubspot-signature': createHash('sha256').update(`${key}${body}`).digest('hex'),
				'x-hubspot-signature-v3': hmac(key, `POST${url}${body}${atMs}`, 'base64'),
				'x-hubspot-request-timestamp': String(atMs),
			},
		}),
	},
	slack: {
		...noUrl,
		sign: ({key, atMs, body}) => ({
			headers: {
				'x-slack-signature': `v0=${hmac(key, `v0:${seconds(atMs)}:${body}`, 'hex')}`,
				'x-slack-request-timestamp': seconds(atMs),
			},
		}),
	},
	zoom: {
		...noUrl,
		sign: ({key, atMs, body}) => ({
			headers: {
				'x-zm-signature': `v0=${hmac(key, `v0:${seconds(atMs)}:${body}`, 'hex')}`,
				'x-zm-request-timestamp': seconds(atMs),
			},
		}),
	},
	meta: {...bodyOnly, sign: hub('x-hub-signature-256')},
	twilio: {
		...noTime,
		body: 'To=%2B1800&From=%2B1415&Body=a+b&MediaUrl=',
		sign: ({key}) => ({
			headers: {'x-twilio-signature': hmac(key, `${url}Bodya bFrom+1415MediaUrlTo+1800`, 'base64', 'sha1'), 'content-type': form},
		}),
	},
	sendgrid: {
		...noUrl,
		keys: [pairs[0]?.privateKey ?? '', pairs[1]?.privateKey ?? ''],
		secrets: [pairs[0]?.publicKey.toString('base64') ?? '', pairs[1]?.publicKey.toString('base64') ?? ''],
		sign: ({key, atMs, body}) => ({
			headers: {
				'x-twilio-email-event-webhook-signature': signWith('sha256', Buffer.from(seconds(atMs) + body), key).toString('base64'),
				'x-twilio-email-event-webhook-timestamp': seconds(atMs),
			},
		}),
	},
	mailgun: {
		unsigned: ['url', 'body'],
		sign: ({key, atMs}) => ({
			body: JSON.stringify({
				signature: {timestamp: seconds(atMs), token: 'e0b547', signature: hmac(key, `${seconds(atMs)}e0b547`, 'hex')},
				'event-data': {event: 'opened'},
			}),
		}),
	},
	mandrill: {
		...noTime,
		body: 'mandrill_events=%5B%7B%22event%22%3A%22send%22%7D%5D',
		sign: ({key}) => ({
			headers: {
				'x-mandrill-signature': hmac(key, `${url}mandrill_events[{"event":"send"}]`, 'base64', 'sha1'),
				'content-type': form,
			},
		}),
	},
	typeform: {...bodyOnly, sign: hashed('typeform-signature', 'base64', 'sha256=')},
	jira: {...bodyOnly, sign: hub('x-hub-signature')},
	zendesk: {
		...noUrl,
		sign: ({key, atMs, body}) => ({
			headers: {
				'x-zendesk-webhook-signature': hmac(key, new Date(atMs).toISOString() + body, 'base64'),
				'x-zendesk-webhook-signature-timestamp': new Date(atMs).toISOString(),
			},
		}),
	},
	square: {...noTime, sign: ({key, body}) => ({headers: {'x-square-hmacsha256-signature': hmac(key, url + body, 'base64')}})},
	calendly: {
		...noUrl,
		sign: ({key, atMs, body}) => ({
			headers: {'calendly-webhook-signature': `t=${seconds(atMs)},v1=${hmac(key, `${seconds(atMs)}.${body}`, 'hex')}`},
		}),
	},
	linear: {
		...noUrl,
		sign: ({key, atMs}) => {
			const body = JSON.stringify({action: 'create', webhookTimestamp: atMs});
			return {body, headers: {'linear-signature': hmac(key, body, 'hex')}};
		},
	},
	airtable: {
		...bodyOnly,
		keys: base64Keys,
		sign: ({key, body}) => ({
			headers: {'x-airtable-content-mac': `hmac-sha256=${hmac(Buffer.from(key, 'base64'), body, 'hex')}`},
		}),
	},
	paddle: {
		...noUrl,
		sign: ({key, atMs, body}) => ({
			headers: {'paddle-signature': `ts=${seconds(atMs)};h1=${hmac(key, `${seconds(atMs)}:${body}`, 'hex')}`},
		}),
	},
	twitch: {
		...noUrl,
		sign: ({key, atMs, body}) => {
			const time = new Date(atMs).toISOString().replace('Z', '123456Z');
			return {
				headers: {
					'twitch-eventsub-message-id': 'm1',
					'twitch-eventsub-message-timestamp': time,
					'twitch-eventsub-message-signature': `sha256=${hmac(key, `m1${time}${body}`, 'hex')}`,
				},
			};
		},
	},
	msgraph: {
		unsigned: ['time', 'url', 'body'],
		sign: ({key}) => ({
			body: JSON.stringify({
				value: [
					{id: 1, clientState: key},
					{id: 2, clientState: key},
				],
			}),
		}),
	},
};

type Request = Required<Sent> & {readonly publicUrl: string; readonly nowMs: number};

async function answerTo(name: WebhookSenderName, request: Request, secrets: Readonly<Record<string, string>>) {
	const auth = {sender: name, proofs: senderProofs(webhookSenders[name], Object.keys(secrets))};
	try {
		const prove = await authenticate(auth, claimOf({...request, secrets}));
		return (await prove(Buffer.from(request.body))).name;
	} catch (error) {
		if (error instanceof SluiceError) return error.code;
		throw error;
	}
}

async function signedBy(name: WebhookSenderName, index: 0 | 1 = 0, atMs = nowMs): Promise<Request> {
	const {sign, keys = ['a key of the sender', 'another key'], body = '{"event_id":"e1","name":"Zoë"}'} = senders[name];
	return {headers: {}, query: '', body, publicUrl, nowMs, ...(await sign({key: keys[index], atMs, body}))};
}

function secretsOf(name: WebhookSenderName): readonly [string, string] {
	const {secrets, keys = ['a key of the sender', 'another key']} = senders[name];
	return [secrets?.[0] ?? keys[0], secrets?.[1] ?? keys[1]];
}

const unauthorised = 'webhook.unauthorised';

test.each(webhookSenderNames)('%s: what it signs is taken, and nothing that differs in a bit', async (name) => {
	const [key, other] = secretsOf(name);
	const {unsigned = []} = senders[name];
	const request = await signedBy(name);
	expect(await answerTo(name, request, {key})).toBe('key');
	// Another key; both, while it is changed.
	expect(await answerTo(name, request, {other})).toBe(unauthorised);
	expect(await answerTo(name, request, {other, key})).toBe('key');
	expect(await answerTo(name, await signedBy(name, 1), {key, other})).toBe('other');
	// Without any proof.
	const {headers} = request;
	const bare = {...request, headers: {'content-type': headers['content-type'] ?? ''}, body: '{}'};
	expect(await answerTo(name, bare, {key})).toBe(unauthorised);
	// Each header with one letter changed: the last but one, because the last letter of Base64 has bits that mean nothing.
	for (const [header, value] of Object.entries(headers)) {
		if (header === 'content-type' || header === 'x-hubspot-signature') continue;
		const changed = value.replace(/([\w+/])([\w+/]?[^\w+/]*)$/, (_, letter: string, rest: string) => (letter === '1' ? '2' : '1') + rest);
		expect([header, await answerTo(name, {...request, headers: {...headers, [header]: changed}}, {key})]).toEqual([header, unauthorised]);
	}
	if (!unsigned.includes('body')) {
		const bytes = Buffer.from(request.body);
		for (const at of [1, bytes.length >> 1, bytes.length - 2]) {
			const changed = Buffer.from(bytes);
			changed[at] = (changed[at] ?? 0) ^ 1;
			expect([at, await answerTo(name, {...request, body: changed.toString('latin1')}, {key})]).toEqual([at, unauthorised]);
		}
		expect(await answerTo(name, {...request, body: `${request.body}&x`}, {key})).toBe(unauthorised);
	}
	if (!unsigned.includes('url')) {
		expect(await answerTo(name, {...request, publicUrl: 'https://hooks.example.com/on'}, {key})).toBe(unauthorised);
		expect(await answerTo(name, {...request, query: 'a=1'}, {key})).toBe(unauthorised);
	}
	if (!unsigned.includes('time')) {
		for (const offMs of [3_700_000, -3_700_000]) {
			expect(await answerTo(name, await signedBy(name, 0, nowMs + offMs), {key})).toBe(unauthorised);
		}
	}
});

test('each sender has the page that says how it signs', () => {
	for (const name of webhookSenderNames) expect([name, new URL(webhookSenders[name].source).protocol]).toEqual([name, 'https:']);
});

test('the values of the documentation are taken: GitHub, Slack, SendGrid', async () => {
	const github = {
		...(await signedBy('github')),
		body: 'Hello, World!',
		headers: {'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17'},
	};
	expect(await answerTo('github', github, {key: "It's a Secret to Everybody"})).toBe('key');
	const slack = {
		...(await signedBy('slack')),
		nowMs: 1_531_420_618_000,
		body: 'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
		headers: {
			'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
			'x-slack-request-timestamp': '1531420618',
		},
	};
	expect(await answerTo('slack', slack, {key: '8f742231b10e8888abcd99yyyzzz85a5'})).toBe('key');
	const sendgrid = {
		...(await signedBy('sendgrid')),
		nowMs: 1_600_112_502_000,
		body: `${JSON.stringify([
			{
				email: 'hello@world.com',
				event: 'dropped',
				reason: 'Bounced Address',
				sg_event_id: 'ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA',
				sg_message_id: 'LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0',
				'smtp-id': '<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>',
				timestamp: 1_600_112_492,
			},
		])}\r\n`,
		headers: {
			'x-twilio-email-event-webhook-timestamp': '1600112502',
			'x-twilio-email-event-webhook-signature':
				'MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM=',
		},
	};
	const key =
		'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g==';
	expect(await answerTo('sendgrid', sendgrid, {key})).toBe('key');
});

const atlassian = {
	body: 'Hello World!',
	headers: {'x-hub-signature': 'sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9'},
};

test.each(['jira', 'bitbucket'] as const)('%s: the example of Atlassian is taken', async (name) => {
	const request = {...(await signedBy(name)), ...atlassian};
	expect(await answerTo(name, request, {key: "It's a Secret to Everybody"})).toBe('key');
});

test('the example of HubSpot for version 1 is taken', async () => {
	const request = {
		...(await signedBy('hubspot')),
		body: '[{"eventId":1,"subscriptionId":12345,"portalId":62515,"occurredAt":1564113600000,"subscriptionType":"contact.creation","attemptNumber":0,"objectId":123,"changeSource":"CRM","changeFlag":"NEW","appId":54321}]',
		headers: {'x-hubspot-signature': '232db2615f3d666fe21a8ec971ac7b5402d33b9a925784df3ca654d05f4817de'},
	};
	expect(await answerTo('hubspot', request, {key: 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy'})).toBe('key');
});

type Example = {
	readonly address: string;
	readonly sent: string;
	readonly signature: string;
	readonly type?: string;
};

/** The address of an example is not one of ours: it is written out in place of `{url}`. */
async function takenAt(name: 'twilio' | 'square', key: string, {address, sent, signature, type = form}: Example) {
	const proofs = webhookSenders[name].proofs.map((proof) =>
		proof.kind === 'signature' ? {...proof, signed: proof.signed.replace('{url}', address)} : proof,
	);
	const header = name === 'twilio' ? 'x-twilio-signature' : 'x-square-hmacsha256-signature';
	const claim = claimOf({headers: {[header]: signature, 'content-type': type}, secrets: {key}});
	const prove = await authenticate({sender: null, proofs: senderProofs({proofs}, ['key'])}, claim);
	return (await prove(Buffer.from(sent))).name;
}

const twilioAddress = 'https://mycompany.com/myapp.php?foo=1&bar=2';
const twilioExamples: readonly Example[] = [
	{
		address: twilioAddress,
		sent: 'To=%2B18005551212&Digits=1234&Caller=%2B14158675310&From=%2B14158675310&CallSid=CA1234567890ABCDE',
		signature: 'GvWf1cFY/Q7PnoempGyD5oXAezc=',
	},
	{
		address: twilioAddress,
		sent: 'To=%2B18005551212&Digits=1234&Caller=%2B14158675309&From=%2B14158675309&CallSid=CA1234567890ABCDE',
		signature: 'RSOYDt4T1cUTdK1PDd93/VVr8B8=',
	},
	{
		address: twilioAddress,
		sent: 'MessagingBinding.Address=%2B1415xxxxxxx&MessagingBinding.Address=%2B1325xxxxxxx',
		signature: '83O6e2vORAoJHUNzJjDWN1jz+BA=',
	},
	{
		address: twilioAddress,
		sent: 'Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234&Digits=1234',
		signature: 'IK+Dwps556ElfBT0I3Rgjkr1wJU=',
	},
];

test.each(twilioExamples)('the example of Twilio is taken: $sent', async (example) => {
	expect(await takenAt('twilio', '12345', example)).toBe('key');
	await expect(takenAt('twilio', '12346', example)).rejects.toMatchObject({code: unauthorised});
});

test('the example of Square is taken', async () => {
	const signature = '2kRE5qRU2tR+tBGlDwMEw2avJ7QM4ikPYD/PJ3bd9Og=';
	const example = {address: 'https://example.com/webhook', sent: '{"hello":"world"}', type: 'application/json', signature};
	expect(await takenAt('square', 'asdf1234', example)).toBe('key');
	await expect(takenAt('square', 'asdf1235', example)).rejects.toMatchObject({code: unauthorised});
});

test('other forms of the same senders are taken: a token of GitLab, version 1 of HubSpot, JSON of Twilio', async () => {
	const gitlab = {...(await signedBy('gitlab')), headers: {'x-gitlab-token': 'a token'}};
	expect(await answerTo('gitlab', gitlab, {key: 'a token'})).toBe('key');
	expect(await answerTo('gitlab', gitlab, {key: 'another'})).toBe(unauthorised);
	const hubspot = await signedBy('hubspot');
	const first = {...hubspot, headers: {'x-hubspot-signature': hubspot.headers['x-hubspot-signature'] ?? ''}};
	expect(await answerTo('hubspot', first, {key: 'a key of the sender'})).toBe('key');
	expect(await answerTo('hubspot', {...first, body: '[]'}, {key: 'a key of the sender'})).toBe(unauthorised);
	// The body and the digest of Twilio's own example.
	const body = '{"property": "value", "boolean": true}';
	const query = 'bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620';
	const twilio = {
		...(await signedBy('twilio')),
		query,
		body,
		headers: {'x-twilio-signature': hmac('k', `${url}?${query}`, 'base64', 'sha1'), 'content-type': 'application/json'},
	};
	expect(await answerTo('twilio', twilio, {key: 'k'})).toBe('key');
	expect(await answerTo('twilio', {...twilio, body: '{"a":2}'}, {key: 'k'})).toBe(unauthorised);
	// A signature of the address alone says nothing of a body that is no form.
	const bare = {...twilio, query: '', headers: {...twilio.headers, 'x-twilio-signature': hmac('k', url, 'base64', 'sha1')}};
	expect(await answerTo('twilio', bare, {key: 'k'})).toBe(unauthorised);
	expect(await answerTo('twilio', {...bare, body: ''}, {key: 'k'})).toBe('key');
});

test('two deliveries of WooCommerce in one second are two: their delivery id is no id', () => {
	expect(webhookSenders.woocommerce.id).toBeNull();
	expect(webhookSenders.woocommerce.headers).toContain('x-wc-webhook-delivery-id');
});

test('each item of Microsoft Graph has to show the secret', async () => {
	const request = await signedBy('msgraph');
	for (const body of [
		{value: [{clientState: 'a key of the sender'}, {clientState: 'x'}]},
		{value: [{clientState: 'a key of the sender'}, {}]},
		{value: []},
		{value: [[]]},
		{clientState: 'a key of the sender'},
	]) {
		const answer = await answerTo('msgraph', {...request, body: JSON.stringify(body)}, {key: 'a key of the sender'});
		expect([body, answer]).toEqual([body, unauthorised]);
	}
});

test('an address that is signed may end with a slash, and is closed while the workspace does not say it', async () => {
	const request = await signedBy('square');
	const slashed = {...request, headers: {'x-square-hmacsha256-signature': hmac('k', `${url}/${request.body}`, 'base64')}};
	expect(await answerTo('square', slashed, {key: 'k'})).toBe('key');
	const auth = {sender: 'square', proofs: senderProofs(webhookSenders.square, ['key'])} as const;
	await expect(authenticate(auth, claimOf({secrets: {key: 'k'}}))).rejects.toMatchObject({code: 'webhook.closed'});
});
