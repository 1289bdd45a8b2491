import {createHmac} from 'node:crypto';
import fc from 'fast-check';
import {Webhook} from 'standardwebhooks';
import {expect, test} from 'vitest';
import {signature, signingKey} from '../../source/daemon/outgoing/signature.js';
import {authenticate} from '../../source/daemon/webhooks/authenticate.js';
import {SluiceError} from '../../source/model/errors.js';
import type {WebhookAuth} from '../../source/model/webhook-intake.js';
import {claimOf} from './claims.js';

const secrets: Readonly<Record<string, string>> = {
	hook_token: 'a token of some length',
	new_key: `whsec_${Buffer.from('the new key, 24 bytes...').toString('base64')}`,
	old_key: `whsec_${Buffer.from('the old key, 24 bytes...').toString('base64')}`,
	empty: '',
	blank: ' \t\u200b',
	no_base64: 'whsec_',
	not_base64: 'whsec_!!!!',
	almost_base64: 'whsec_QUJD-_==',
	inner_blank: 'whsec_QU JD',
	loose_bits: 'whsec_QR==',
	other: `whsec_${Buffer.from('nobody named this key...').toString('base64')}`,
};
const nowMs = Date.parse('2026-11-20T10:00:00Z');

type Headers = Readonly<Record<string, string>>;

/** One way to prove oneself, as `auth` says it with one secret or several. */
const by = (kind: 'bearer' | 'hmac', ...names: readonly string[]): WebhookAuth => ({sender: null, proofs: [{kind, secrets: names}]});

const check = async (auth: WebhookAuth | null, headers: Headers, body = '') => {
	const claim = claimOf({headers, secrets, nowMs});
	try {
		return await (await authenticate(auth, claim))(Buffer.from(body));
	} catch (error) {
		if (error instanceof SluiceError) return error.code;
		throw error;
	}
};

/** Signed by an implementation that is not ours. */
const signed = (key: string, body: string, {id = 'msg_1', offSeconds = 0} = {}): Headers => {
	const at = new Date(nowMs + offSeconds * 1000);
	return {
		'webhook-id': id,
		'webhook-timestamp': String(at.getTime() / 1000),
		'webhook-signature': new Webhook(secrets[key] ?? '').sign(id, at, body),
	};
};
const hmac = by('hmac', 'new_key', 'old_key');

test('a bearer token is taken as it is set, and nothing else is', async () => {
	const bearer = by('bearer', 'hook_token');
	expect(await check(bearer, {authorization: 'Bearer a token of some length'})).toEqual({
		name: 'hook_token',
		signedId: null,
		provenQuery: [],
	});
	for (const authorization of [
		'Bearer a token of some lengt',
		'Bearer a token of some length.',
		'Basic a token of some length',
		'Bearer ',
		'',
	]) {
		expect(await check(bearer, {authorization})).toBe('webhook.unauthorised');
	}
	expect(await check(bearer, {})).toBe('webhook.unauthorised');
});

test('what Standard Webhooks signs is taken under every key that is named, and says which', async () => {
	await fc.assert(
		fc.asyncProperty(fc.string({unit: 'grapheme'}), fc.constantFrom('new_key', 'old_key'), async (body, key) => {
			expect(await check(hmac, signed(key, body), body)).toEqual({name: key, signedId: 'msg_1', provenQuery: []});
		}),
	);
});

test('one right signature among several is enough, as senders rotate', async () => {
	const [theirs, ours] = [signed('other', '{}'), signed('old_key', '{}')];
	const both = {...ours, 'webhook-signature': `${theirs['webhook-signature']} v1a,AAAA ${ours['webhook-signature']}`};
	expect(await check(hmac, both, '{}')).toEqual({name: 'old_key', signedId: 'msg_1', provenQuery: []});
	expect(await check(hmac, {...theirs}, '{}')).toBe('webhook.unauthorised');
});

test('a signature holds for its id, its time and every byte of its body', async () => {
	const headers = signed('new_key', '{"a":1}');
	expect(await check(hmac, headers, '{"a":1}')).toMatchObject({name: 'new_key'});
	expect(await check(hmac, headers, '{"a":2}')).toBe('webhook.unauthorised');
	expect(await check(hmac, headers, '{"a":1} ')).toBe('webhook.unauthorised');
	expect(await check(hmac, {...headers, 'webhook-id': 'msg_2'}, '{"a":1}')).toBe('webhook.unauthorised');
	expect(await check(hmac, {...headers, 'webhook-timestamp': String(nowMs / 1000 + 1)}, '{"a":1}')).toBe('webhook.unauthorised');
});

test('a signature is good for five minutes, before and after', async () => {
	for (const offSeconds of [-300, 0, 300]) expect(await check(hmac, signed('new_key', '', {offSeconds}))).toMatchObject({name: 'new_key'});
	for (const offSeconds of [-301, 301]) expect(await check(hmac, signed('new_key', '', {offSeconds}))).toBe('webhook.unauthorised');
	expect(await check(hmac, {...signed('new_key', ''), 'webhook-timestamp': 'now'})).toBe('webhook.unauthorised');
});

test('a connector that has nothing to check with takes nothing', async () => {
	expect(await check(null, {authorization: 'Bearer x'})).toBe('webhook.closed');
	expect(await check(by('bearer', 'not_set'), {authorization: 'Bearer '})).toBe('webhook.closed');
	expect(await check(by('hmac', 'not_set'), signed('other', ''))).toBe('webhook.closed');
	expect(await check(by('hmac', 'not_set', 'old_key'), signed('old_key', ''))).toMatchObject({name: 'old_key'});
});

test('an empty, blank or undecodable secret opens no door, not even to a request that is signed with the empty key', async () => {
	for (const name of ['empty', 'blank', 'no_base64', 'not_base64', 'almost_base64', 'inner_blank', 'loose_bits']) {
		const id = 'msg_1';
		const timestamp = String(nowMs / 1000);
		for (const key of ['', secrets[name] ?? '', Buffer.from((secrets[name] ?? '').slice(6), 'base64')]) {
			const forged = `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.{}`).digest('base64')}`;
			const headers = {'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': forged};
			expect([name, await check(by('hmac', name), headers, '{}')]).toEqual([name, 'webhook.closed']);
			expect([name, await check(by('hmac', name, 'new_key'), headers, '{}')]).toEqual([name, 'webhook.unauthorised']);
		}
	}
	for (const name of ['empty', 'blank']) {
		for (const authorization of [undefined, '', 'Bearer ', 'Bearer', `Bearer ${secrets[name]}`]) {
			expect(await check(by('bearer', name), {...(authorization !== undefined && {authorization})})).toBe('webhook.closed');
		}
	}
});

test('the scheme of a token is read in any case', async () => {
	for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
		expect(await check(by('bearer', 'hook_token'), {authorization: `${scheme} a token of some length`})).toMatchObject({
			name: 'hook_token',
		});
	}
});

test('a signing key is read as strict Base64, with its padding or without, and any other text is its own key', () => {
	expect(signingKey('whsec_QUJD')?.toString()).toBe('ABC');
	expect(signingKey('whsec_QUI=')?.toString()).toBe('AB');
	expect(signingKey('whsec_QUI')?.toString()).toBe('AB');
	expect(signingKey('whsec_QUI=\n')?.toString()).toBe('AB');
	expect(signingKey('v1,whsec_QUI=')?.toString()).toBe('AB');
	expect(signingKey('v1,whsec_')).toBe(null);
	expect(signingKey('v1,other')?.toString()).toBe('v1,other');
	expect(signingKey('a plain text')?.toString()).toBe('a plain text');
	for (const nothing of [null, '', '  ', 'whsec_', 'whsec_=', 'whsec_QUI==', 'whsec_Q', 'whsec_-_', 'whsec_QU\u0130']) {
		expect([nothing, signingKey(nothing)]).toEqual([nothing, null]);
	}
	expect(() => signature('whsec_!!!!', 'msg_1', 1, '{}')).toThrow('holds no key');
});
