import {generateKeyPairSync, sign as signWith} from 'node:crypto';
import {exportJWK, generateKeyPair, SignJWT} from 'jose';
import {expect, test} from 'vitest';
import {authenticate} from '../../source/daemon/webhooks/authenticate.js';
import {PublicKeys} from '../../source/daemon/webhooks/proof/public-keys.js';
import {isSnsAddress} from '../../source/daemon/webhooks/proof/sns.js';
import {SluiceError} from '../../source/model/errors.js';
import type {Proof} from '../../source/model/webhook-intake.js';
import {claimOf} from './claims.js';

const nowMs = Date.parse('2026-11-20T10:00:00Z');
const secrets = {key: 'p:w ü', old: 'the old one', blank: ' '};

async function answerTo(proofs: readonly Proof[], given: Parameters<typeof claimOf>[0], body = '') {
	try {
		const prove = await authenticate({sender: null, proofs}, claimOf({secrets, nowMs, ...given}));
		return await prove(Buffer.from(body));
	} catch (error) {
		if (error instanceof SluiceError) return error.code;
		throw error;
	}
}

const basic = (text: string) => ({headers: {authorization: `Basic ${Buffer.from(text).toString('base64')}`}});

test('a user and a password: the user is who sends', async () => {
	const proofs = [{kind: 'basic', user: 'sluice', secrets: ['key', 'old']}] as const;
	for (const text of ['sluice:p:w ü', 'sluice:the old one']) expect(await answerTo(proofs, basic(text))).toMatchObject({name: 'sluice'});
	for (const text of ['sluice:p:w', 'Sluice:p:w ü', 'sluice', ':', 'sluice:', '']) {
		expect([text, await answerTo(proofs, basic(text))]).toEqual([text, 'webhook.unauthorised']);
	}
	expect(await answerTo(proofs, {})).toBe('webhook.unauthorised');
	expect(await answerTo([{kind: 'basic', user: 'sluice', secrets: ['blank']}], basic('sluice: '))).toBe('webhook.closed');
});

test('a token in a header or the query, of several secrets; the parameter that holds it is named', async () => {
	const inHeader = [{kind: 'token', at: {header: 'x-api-key'}, secrets: ['key', 'old']}] as const;
	expect(await answerTo(inHeader, {headers: {'x-api-key': 'the old one'}})).toEqual({name: 'old', signedId: null, provenQuery: []});
	expect(await answerTo(inHeader, {headers: {'x-api-key': 'the old on'}})).toBe('webhook.unauthorised');
	expect(await answerTo(inHeader, {})).toBe('webhook.unauthorised');
	const inQuery = [{kind: 'token', at: {query: 'token'}, secrets: ['key']}] as const;
	expect(await answerTo(inQuery, {query: 'a=1&token=p%3Aw%20%C3%BC'})).toEqual({name: 'key', signedId: null, provenQuery: ['token']});
	expect(await answerTo(inQuery, {query: 'a=1&Token=p%3Aw%20%C3%BC'})).toBe('webhook.unauthorised');
	expect(await answerTo([{kind: 'bearer', secrets: ['key', 'old']}], {headers: {authorization: 'Bearer the old one'}})).toMatchObject({
		name: 'old',
	});
});

const issuer = 'https://issuer.example';
const jwt = {kind: 'jwt', issuer, audience: 'https://hooks.example.com', claims: {email: 'push@example.com'}} as const;

async function published() {
	const {publicKey, privateKey} = await generateKeyPair('RS256');
	const asked: string[] = [];
	const set = {keys: [{...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256'}]};
	const keys = new PublicKeys(async (url) => {
		asked.push(url);
		const value = url.endsWith('/jwks') ? set : {issuer, jwks_uri: `${issuer}/jwks`};
		return {status: 200, body: Buffer.from(JSON.stringify(value))};
	});
	const token = async (claims: object = {}, {iss = issuer, aud = jwt.audience as string, expiresMs = nowMs + 60_000, kid = 'k1'} = {}) =>
		await new SignJWT({email: 'push@example.com', ...claims})
			.setProtectedHeader({alg: 'RS256', kid})
			.setIssuer(iss)
			.setAudience(aud)
			.setSubject('1')
			.setExpirationTime(expiresMs / 1000)
			.sign(privateKey);
	return {keys, asked, token};
}

test('a token of an identity provider is taken for its issuer, audience, time and claims, with keys that are fetched once', async () => {
	const {keys, asked, token} = await published();
	const check = async (text: string) => await answerTo([jwt], {keys, headers: {authorization: `Bearer ${text}`}});
	const right = await token();
	expect(await check(right)).toEqual({name: 'push@example.com', signedId: null, provenQuery: []});
	const none = Buffer.from(JSON.stringify({alg: 'none'})).toString('base64url');
	for (const wrong of [
		await token({}, {iss: 'https://other.example'}),
		await token({}, {aud: 'https://other.example'}),
		await token({}, {expiresMs: nowMs - 120_000}),
		await token({email: 'other@example.com'}),
		await token({email_verified: false}),
		await token({}, {kid: 'k2'}),
		`${right.slice(0, -10)}AAAAAAAAAA`,
		`${none}.${right.split('.')[1]}.`,
		'no token',
	]) {
		expect(await check(wrong)).toBe('webhook.unauthorised');
	}
	expect(asked).toEqual([`${issuer}/.well-known/openid-configuration`, `${issuer}/jwks`]);
});

test('keys that cannot be fetched refuse nobody: the sender is told to come again', async () => {
	const {token} = await published();
	let asked = 0;
	const keys = new PublicKeys(async () => {
		asked++;
		throw new Error('no way out');
	});
	const headers = {authorization: `Bearer ${await token()}`};
	for (let again = 0; again < 3; again++) expect(await answerTo([jwt], {keys, headers})).toBe('webhook.keys_unreachable');
	expect(asked).toBe(1);
	// What is no token of the issuer asks for nothing.
	expect(await answerTo([jwt], {keys, headers: {authorization: 'Bearer x'}})).toBe('webhook.unauthorised');
});

const topic = 'arn:aws:sns:eu-central-1:123456789012:orders';
const {publicKey: snsKey, privateKey: snsPrivate} = generateKeyPairSync('rsa', {modulusLength: 2048});
const certificate = 'https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-1.pem';

/** As the page of Amazon builds the text: name and value, each on a line of its own. */
function message(changes: Readonly<Record<string, string>> = {}, version: '1' | '2' = '2'): Record<string, string> {
	const fields = {
		Message: 'Hi\nthere',
		MessageId: 'm-1',
		Subject: 'S',
		Timestamp: '2026-11-20T09:59:00.000Z',
		TopicArn: topic,
		Type: 'Notification',
		...changes,
	};
	const text = Object.entries(fields).map(([name, value]) => `${name}\n${value}\n`);
	const signature = signWith(version === '1' ? 'sha1' : 'sha256', Buffer.from(text.join('')), snsPrivate).toString('base64');
	return {...fields, SignatureVersion: version, Signature: signature, SigningCertURL: certificate};
}

test('a message of Amazon SNS is taken for its topic, with a certificate of Amazon alone', async () => {
	const asked: string[] = [];
	const keys = {
		tokenKeys: async () => ({keys: []}),
		certificateKey: async (url: string) => {
			asked.push(url);
			return snsKey;
		},
	};
	const check = async (body: object) => await answerTo([{kind: 'sns', topic}], {keys}, JSON.stringify(body));
	for (const version of ['1', '2'] as const) expect(await check(message({}, version))).toMatchObject({name: topic});
	const right = message();
	for (const wrong of [
		{...right, Message: 'Hi\nThere'},
		{...right, Subject: 'T'},
		{...right, SignatureVersion: '1'},
		{...right, Signature: 'AAAA'},
		{...right, SigningCertURL: 'https://sns.eu-central-1.amazonaws.com.example.com/a.pem'},
		{...right, SigningCertURL: 'http://sns.eu-central-1.amazonaws.com/a.pem'},
		message({TopicArn: `${topic}2`}),
		message({Timestamp: '2026-11-20T07:00:00.000Z'}),
		{},
	]) {
		expect(await check(wrong)).toBe('webhook.unauthorised');
	}
	expect(new Set(asked)).toEqual(new Set([certificate]));
});

test('only hosts of Amazon SNS are visited', () => {
	for (const right of [certificate, 'https://sns.cn-north-1.amazonaws.com.cn/x.pem'])
		expect([right, isSnsAddress(right)]).toEqual([right, true]);
	for (const wrong of [
		'https://sns.amazonaws.com.evil.example/x',
		'https://evil.example/sns.eu-central-1.amazonaws.com',
		'https://sns.eu-central-1.amazonaws.com@evil.example/',
		'https://u:p@sns.eu-central-1.amazonaws.com/',
		'https://sns.eu-central-1.amazonaws.com:8443/',
		'https://bucket.s3.amazonaws.com/sns.eu-central-1.amazonaws.com',
		'https://sns.a.b.amazonaws.com/',
		'file:///etc/passwd',
		'',
	]) {
		expect([wrong, isSnsAddress(wrong)]).toEqual([wrong, false]);
	}
});
