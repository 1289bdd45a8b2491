import fc from 'fast-check';
import {Webhook} from 'standardwebhooks';
import {expect, test} from 'vitest';
import {authenticate} from '../../source/daemon/webhooks/authenticate.js';
import {SluiceError} from '../../source/model/errors.js';

const secrets: Readonly<Record<string, string>> = {
	hook_token: 'a token of some length',
	new_key: `whsec_${Buffer.from('the new key, 24 bytes...').toString('base64')}`,
	old_key: `whsec_${Buffer.from('the old key, 24 bytes...').toString('base64')}`,
	other: `whsec_${Buffer.from('nobody named this key...').toString('base64')}`,
};
const nowMs = Date.parse('2026-11-20T10:00:00Z');

type Headers = Readonly<Record<string, string>>;

const check = (auth: Parameters<typeof authenticate>[0], headers: Headers, body = '') => {
	const claim = {header: (name: string) => headers[name], secret: (name: string) => secrets[name] ?? null, nowMs};
	try {
		return authenticate(auth, claim)(Buffer.from(body));
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
const hmac = {hmac: ['new_key', 'old_key']};

test('a bearer token is taken as it is set, and nothing else is', () => {
	const bearer = {bearer: 'hook_token'};
	expect(check(bearer, {authorization: 'Bearer a token of some length'})).toEqual({name: 'hook_token', signedId: null});
	for (const authorization of [
		'Bearer a token of some lengt',
		'Bearer a token of some length.',
		'Basic a token of some length',
		'Bearer ',
		'',
	]) {
		expect(check(bearer, {authorization})).toBe('webhook.unauthorised');
	}
	expect(check(bearer, {})).toBe('webhook.unauthorised');
});

test('what Standard Webhooks signs is taken under every key that is named, and says which', () => {
	fc.assert(
		fc.property(fc.string({unit: 'grapheme'}), fc.constantFrom('new_key', 'old_key'), (body, key) => {
			expect(check(hmac, signed(key, body), body)).toEqual({name: key, signedId: 'msg_1'});
		}),
	);
});

test('one right signature among several is enough, as senders rotate', () => {
	const [theirs, ours] = [signed('other', '{}'), signed('old_key', '{}')];
	const both = {...ours, 'webhook-signature': `${theirs['webhook-signature']} v1a,AAAA ${ours['webhook-signature']}`};
	expect(check(hmac, both, '{}')).toEqual({name: 'old_key', signedId: 'msg_1'});
	expect(check(hmac, {...theirs}, '{}')).toBe('webhook.unauthorised');
});

test('a signature holds for its id, its time and every byte of its body', () => {
	const headers = signed('new_key', '{"a":1}');
	expect(check(hmac, headers, '{"a":1}')).toMatchObject({name: 'new_key'});
	expect(check(hmac, headers, '{"a":2}')).toBe('webhook.unauthorised');
	expect(check(hmac, headers, '{"a":1} ')).toBe('webhook.unauthorised');
	expect(check(hmac, {...headers, 'webhook-id': 'msg_2'}, '{"a":1}')).toBe('webhook.unauthorised');
	expect(check(hmac, {...headers, 'webhook-timestamp': String(nowMs / 1000 + 1)}, '{"a":1}')).toBe('webhook.unauthorised');
});

test('a signature is good for five minutes, before and after', () => {
	for (const offSeconds of [-300, 0, 300]) expect(check(hmac, signed('new_key', '', {offSeconds}))).toMatchObject({name: 'new_key'});
	for (const offSeconds of [-301, 301]) expect(check(hmac, signed('new_key', '', {offSeconds}))).toBe('webhook.unauthorised');
	expect(check(hmac, {...signed('new_key', ''), 'webhook-timestamp': 'now'})).toBe('webhook.unauthorised');
});

test('a connector that has nothing to check with takes nothing', () => {
	expect(check(null, {authorization: 'Bearer x'})).toBe('webhook.closed');
	expect(check({bearer: 'not_set'}, {authorization: 'Bearer '})).toBe('webhook.closed');
	expect(check({hmac: ['not_set']}, signed('other', ''))).toBe('webhook.closed');
	expect(check({hmac: ['not_set', 'old_key']}, signed('old_key', ''))).toMatchObject({name: 'old_key'});
});
