import {createHash, createHmac, generateKeyPairSync, type KeyObject, sign as signWith} from 'node:crypto';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {authenticate} from '../../source/daemon/webhooks/authenticate.js';
import {signatureSecret} from '../../source/daemon/webhooks/proof/keys.js';
import {timeMs} from '../../source/daemon/webhooks/proof/time.js';
import {SluiceError} from '../../source/model/errors.js';
import type {Signature} from '../../source/model/webhook-intake.js';
import {claimOf} from './claims.js';

const nowMs = Date.parse('2026-11-20T10:00:00Z');
const secrets = {key: 'the text of a key', other: 'the text of another'};

type Sent = {headers: Record<string, string>; body: Buffer; query: string; method: string; publicUrl: string};

async function answerTo(signature: Signature, {body, ...head}: Sent, known: Readonly<Record<string, string>> = secrets) {
	const auth = {sender: null, proofs: [{kind: 'signature', signature, secrets: ['key']}]} as const;
	try {
		const prove = await authenticate(auth, claimOf({...head, secrets: known, nowMs, idPlace: {header: 'x-id'}}));
		return (await prove(body)).name;
	} catch (error) {
		if (error instanceof SluiceError) return error.code;
		throw error;
	}
}

/** What stands for parts of the request, and what they are in the request that is sent. */
const parts = {
	'{timestamp}': ({time}: {time: string}) => time,
	'{id}': () => 'e-1',
	'{method}': () => 'POST',
	'{url}': () => 'https://a.example/p/hooks/hooks?q=1%202',
	'{secret}': () => secrets.key,
	'{header:X-Shop}': () => 'Zoë',
	'{query:q}': () => '1 2',
	':': () => ':',
	'v0.': () => 'v0.',
} as const;
const times = {
	seconds: (ms: number) => String(Math.floor(ms / 1000)),
	milliseconds: (ms: number) => String(ms),
	iso: (ms: number) => new Date(ms).toISOString(),
} as const;
const digests = {
	'hmac-sha1': (bytes: Buffer) => createHmac('sha1', secrets.key).update(bytes),
	'hmac-sha256': (bytes: Buffer) => createHmac('sha256', secrets.key).update(bytes),
	'hmac-sha512': (bytes: Buffer) => createHmac('sha512', secrets.key).update(bytes),
	sha256: (bytes: Buffer) => createHash('sha256').update(bytes),
} as const;

test('any general signature is taken as it is signed, and refused with any bit of the body or the signature changed', async () => {
	const general = fc.record({
		names: fc.uniqueArray(fc.constantFrom(...(Object.keys(parts) as (keyof typeof parts)[])), {maxLength: 5}),
		bodyAt: fc.nat(5),
		algorithm: fc.constantFrom('hmac-sha1', 'hmac-sha256', 'hmac-sha512', 'sha256'),
		encoding: fc.constantFrom('hex', 'base64'),
		prefix: fc.constantFrom('', 'v1=', 'sha256=', 'a.b+'),
		separator: fc.constantFrom(',', ';', ' ', ', '),
		timeForm: fc.constantFrom('seconds', 'milliseconds', 'iso'),
		isTimeBeside: fc.boolean(),
		body: fc.uint8Array({minLength: 1, maxLength: 60}),
		bit: fc.nat(60 * 8),
		junk: fc.array(fc.constantFrom('v9=AAAA', 'x', 'alg=1', 'v1=00'), {maxLength: 3}),
	});
	await fc.assert(
		fc.asyncProperty(
			general as fc.Arbitrary<{
				names: (keyof typeof parts)[];
				bodyAt: number;
				algorithm: keyof typeof digests;
				encoding: 'hex' | 'base64';
				prefix: string;
				separator: string;
				timeForm: keyof typeof times;
				isTimeBeside: boolean;
				body: Uint8Array;
				bit: number;
				junk: string[];
			}>,
			async ({names, bodyAt, algorithm, encoding, prefix, separator, timeForm, isTimeBeside, body, bit, junk}) => {
				const inner = algorithm === 'sha256' ? [...new Set(['{secret}' as const, ...names])] : names;
				const pieces: string[] = [...inner];
				pieces.splice(Math.min(bodyAt, pieces.length), 0, '{body}');
				const time = times[timeForm](nowMs - 120_000);
				const bytes = (text: string): Buffer =>
					text === '{body}' ? Buffer.from(body) : Buffer.from(parts[text as keyof typeof parts]({time}));
				const message = Buffer.concat(pieces.map(bytes));
				const right = digests[algorithm](message).digest(encoding);
				const signature: Signature = {
					in: {header: 'x-sig'},
					format: isTimeBeside ? `t={timestamp},${prefix}{${encoding}}` : `${prefix}{${encoding}}`,
					signed: pieces.join(''),
					algorithm,
					key: 'text',
					timestamp: isTimeBeside ? null : {header: 'x-time'},
					tolerance: 300,
				};
				const header = (given: string): string => [...junk, prefix + given, ...(isTimeBeside ? [`t=${time}`] : [])].join(separator);
				const sent: Sent = {
					headers: {'x-sig': header(right), 'x-time': time, 'x-id': 'e-1', 'x-shop': Buffer.from('Zoë').toString('latin1')},
					body: Buffer.from(body),
					query: 'q=1%202',
					method: 'POST',
					publicUrl: 'https://a.example/p/',
				};
				expect(await answerTo(signature, sent)).toBe('key');
				const changed = Buffer.from(body);
				const at = (bit >> 3) % changed.length;
				changed[at] = (changed[at] ?? 0) ^ (1 << (bit & 7));
				expect(await answerTo(signature, {...sent, body: changed})).toBe('webhook.unauthorised');
				// Not the last letter: in Base64 some of its bits mean nothing.
				const letter = bit % (right.replace(/=+$/, '').length - 1);
				const wrong = right.slice(0, letter) + (right[letter] === '0' ? '1' : '0') + right.slice(letter + 1);
				expect(await answerTo(signature, {...sent, headers: {...sent.headers, 'x-sig': header(wrong)}})).toBe('webhook.unauthorised');
				expect(await answerTo(signature, sent, {key: secrets.other})).toBe('webhook.unauthorised');
			},
		),
		{numRuns: process.env.SLUICE_LONG === '1' ? 5_000 : 200},
	);
});

const ec = generateKeyPairSync('ec', {namedCurve: 'P-256'});
const ed = generateKeyPairSync('ed25519');
const rsa = generateKeyPairSync('rsa', {modulusLength: 2048});
const pem = (key: KeyObject) => key.export({type: 'spki', format: 'pem'}).toString();
const der = (key: KeyObject) => key.export({type: 'spki', format: 'der'}).toString('base64');
const raw = Buffer.from(ed.publicKey.export({type: 'spki', format: 'der'})).subarray(-32);

test.each([
	['ecdsa-sha256', 'PEM', pem(ec.publicKey), signWith('sha256', Buffer.from('{}'), ec.privateKey)],
	['ecdsa-sha256', 'Base64', der(ec.publicKey), signWith('sha256', Buffer.from('{}'), {key: ec.privateKey, dsaEncoding: 'ieee-p1363'})],
	['ed25519', 'hexadecimal', raw.toString('hex'), signWith(null, Buffer.from('{}'), ed.privateKey)],
	['ed25519', 'whpk_', `whpk_${raw.toString('base64')}`, signWith(null, Buffer.from('{}'), ed.privateKey)],
	['rsa-sha256', 'PEM', pem(rsa.publicKey), signWith('sha256', Buffer.from('{}'), rsa.privateKey)],
] as const)('%s with a public key in %s', async (algorithm, _form, key, bytes) => {
	const signature = {
		in: {header: 'x-sig'},
		format: '{base64}',
		signed: '{body}',
		algorithm,
		key: 'text',
		timestamp: null,
		tolerance: 300,
	} as const;
	const sent = {headers: {'x-sig': bytes.toString('base64')}, body: Buffer.from('{}'), query: '', method: 'POST', publicUrl: ''};
	expect(await answerTo(signature, sent, {key})).toBe('key');
	expect(await answerTo(signature, {...sent, body: Buffer.from('[]')}, {key})).toBe('webhook.unauthorised');
	expect(await answerTo(signature, {...sent, headers: {'x-sig': 'AAAA'}}, {key})).toBe('webhook.unauthorised');
	expect(await answerTo(signature, sent, {key: 'no key'})).toBe('webhook.closed');
	// A public key is no shared secret: another kind of key is none.
	expect(signatureSecret(algorithm === 'rsa-sha256' ? pem(ec.publicKey) : pem(rsa.publicKey), signature)).toBeNull();
});

test('a key is read in the form that is said, and nothing else is a key', () => {
	const bytes = (key: Signature['key'], text: string) => {
		const found = signatureSecret(text, {algorithm: 'hmac-sha256', key});
		return found?.kind === 'shared' ? found.bytes.toString() : null;
	};
	expect([bytes('text', 'whsec_QUJD'), bytes('base64', 'QUJD'), bytes('hex', '414243'), bytes('whsec', 'whsec_QUJD')]).toEqual([
		'whsec_QUJD',
		'ABC',
		'ABC',
		'ABC',
	]);
	for (const [key, text] of [
		['text', ' '],
		['base64', 'QU!D'],
		['hex', '4142z3'],
		['hex', '414'],
		['whsec', 'whsec_'],
		['whsec', 'whsec_!!'],
	] as const) {
		expect([key, text, bytes(key, text)]).toEqual([key, text, null]);
	}
});

test('a time is read in seconds, milliseconds and ISO 8601, and nothing else is a time', () => {
	for (const text of [
		'1795168800',
		'1795168800000',
		'2026-11-20T10:00:00Z',
		'2026-11-20T11:00:00.000+01:00',
		'2026-11-20 10:00:00.123456789',
	]) {
		expect([text, Math.floor((timeMs(text) ?? 0) / 1000)]).toEqual([text, nowMs / 1000]);
	}
	for (const text of ['', 'now', '-1', '1e9', '1795168800.5', '2026-13-40T10:00:00Z']) {
		expect([text, timeMs(text)]).toEqual([text, null]);
	}
});
