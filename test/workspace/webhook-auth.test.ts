import {expect, test} from 'vitest';
import {read} from './workspace-files.js';

/** What a connector with these lines under `webhook` is told: problems of the webhook and hints, each with its place. */
async function toldOf(webhook: string): Promise<readonly string[]> {
	const {connectors} = await read({'connectors/w/connector.yaml': `type: webhook\nwebhook:\n  ${webhook}\n`});
	return connectors
		.flatMap(({problems, hints}) => [...problems, ...hints])
		.filter(({line}) => line >= 3)
		.map(({line, column, message, severity}) => `${line}:${column} ${severity === 'hint' ? 'hint: ' : ''}${message}`);
}

async function webhookOf(webhook: string) {
	const {connectors} = await read({
		'connectors/w/connector.yaml': `type: webhook\nsql: t.sql\nsample_file: s.json\nobject: people\nwebhook:\n  ${webhook}\nvariables:\n  - {name: email, column: email, type: string}\nload_steps:\n  - {object: people, matching: [{field: email, variable: email}], mapping: [{field: email, variables: [email]}]}\n`,
		'connectors/w/t.sql': 'CREATE TABLE output.people AS SELECT 1 AS email',
		'connectors/w/s.json': '{}',
		'objects/people.yaml': 'fields: [{api_name: email, type: email, identifier: true}]\n',
	});
	expect(connectors[0]?.problems).toEqual([]);
	return connectors[0]?.connector?.webhook;
}

test.each([
	['auth: {githb: k}', '3:10 "githb" is no sender. Did you mean "github"?'],
	['max_body: 33MB', '3:13 33MB is no size of a body'],
	['auth: {mailgun: k}', '3:10 hint: mailgun does not sign the event itself'],
	['auth: {github: k}', '3:10 hint: github signs no time: a recorded request can be sent again'],
	[
		'auth: {signature: {secret: k, in: {header: X}, format: "{hex}", signed: "{timestamp}.{body}"}}',
		'3:75 "{timestamp}" is signed, but neither format nor timestamp says where it stands',
	],
	[
		'auth: {signature: {secret: k, in: {header: X}, format: "{hex}", signed: "{bdy}"}}',
		'3:75 "{bdy}" stands for nothing in what is signed',
	],
	[
		'auth: {signature: {secret: k, in: {header: X}, format: "sha256", signed: "{body}"}}',
		'3:58 "format" does not say where the signature is',
	],
	[
		'auth: {signature: {secret: k, in: {header: X}, format: "{hex}", signed: "{id}{body}"}}',
		'3:75 "{id}" is signed, but "id" of the webhook does not say where it is',
	],
	[
		'auth: {signature: {secret: k, in: {header: X}, format: "{hex}", signed: "{body}", algorithm: sha256}}',
		'3:75 A digest (sha256) without {secret} in "signed" is one that everybody can make',
	],
])('%s', async (webhook, message) => {
	expect(await toldOf(webhook)).toEqual([message]);
});

test.each([
	'auth: {stripe: k}',
	'auth: {typeform: [new, old]}',
	'auth: {gitlab: k}',
	'auth: {msgraph: k}',
	'auth: {basic: {user: u, password: p}}',
	'auth: {header: {X-Api-Key: k}}',
	'auth: {query: {token: k}}',
	'auth: {sns: "arn:aws:sns:eu-central-1:1:t"}',
	'auth: {jwt: {issuer: "https://accounts.google.com", audience: a}}',
	'auth: {signature: {secret: k, in: {header: X}, format: "t={timestamp},v1={hex}", signed: "{timestamp}.{body}"}}',
])('%s: nothing is told', async (webhook) => {
	expect(await toldOf(webhook)).toEqual([]);
});

test('Meta has a secret to sign with, and one for its handshake', async () => {
	expect(await webhookOf('auth: {meta: {secret: s, verify: v}}')).toMatchObject({
		auth: {sender: 'meta', proofs: [{kind: 'signature', secrets: ['s']}]},
		handshake: {answer: '{query:hub.challenge}', token: {at: {query: 'hub.verify_token'}, secrets: ['v']}},
	});
	expect(await webhookOf('auth: {meta: [s, t]}')).toMatchObject({auth: {proofs: [{secrets: ['s', 't']}]}, handshake: null});
});

test('what is written beside a sender goes before what the sender brings', async () => {
	expect(await webhookOf('auth: {github: k}\n  headers: [X-Mine]\n  id: {body: my.id}')).toMatchObject({
		id: {body: 'my.id'},
		headers: ['x-mine'],
		answer: {status: 200, body: ''},
	});
});
