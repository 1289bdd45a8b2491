import fc from 'fast-check';
import {expect, test} from 'vitest';
import {compileRedaction, redactedTexts} from '../../source/text/redaction.js';

const percent = (text: string): string =>
	Array.from(Buffer.from(text, 'utf8'), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
const form = (text: string): string => new URLSearchParams({v: text}).toString().slice(2);
const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
const base64Url = (text: string): string => Buffer.from(text, 'utf8').toString('base64url');

/** Every spelling in which a value may leave, by name. */
const spellings: Readonly<Record<string, (value: string) => string>> = {
	raw: (value) => value,
	'SQL, doubled quotes': (value) => value.replaceAll("'", "''"),
	'SQL, backslashes': (value) => value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n').replaceAll('\t', '\\t'),
	'percent, upper': (value) => encodeURIComponent(value),
	'percent, lower': (value) => encodeURIComponent(value).replaceAll(/%../g, (hex) => hex.toLowerCase()),
	'percent, every byte': percent,
	'percent twice': (value) => encodeURIComponent(encodeURIComponent(value)),
	'percent, path': (value) => encodeURI(value),
	form,
	JSON: (value) => JSON.stringify(value).slice(1, -1),
	'JSON in JSON': (value) => JSON.stringify(JSON.stringify(value)).slice(1, -1),
	'JSON of ASCII': (value) =>
		JSON.stringify(value)
			.slice(1, -1)
			.replaceAll(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`),
	Base64: base64,
	'Base64, URL-safe': base64Url,
	'Base64 of user:value': (value) => base64(`user:${value}`),
	'Base64 of u:value': (value) => base64(`u:${value}`),
	'Base64 of value:more': (value) => base64(`:${value}:more`),
	'Base64 in an address': (value) => encodeURIComponent(base64(value)),
	hexadecimal: (value) => Buffer.from(value, 'utf8').toString('hex'),
	HTML: (value) =>
		value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
};

const secret = fc
	.oneof(
		fc.string({unit: 'grapheme-ascii', minLength: 8, maxLength: 60}),
		fc.string({unit: 'grapheme', minLength: 8, maxLength: 30}),
		fc.string({unit: fc.constantFrom('\\', "'", '"', 'a', ' ', '%', '+', '/', '\n', '<', '&', 'é'), minLength: 8, maxLength: 30}),
	)
	.map((text) => text.trim())
	.filter((text) => text.length >= 8);

test.each(Object.entries(spellings))('a secret in a text is hidden: %s', (_name, spell) => {
	fc.assert(
		fc.property(secret, fc.constantFrom('', 'key=', 'x'), (value, before) => {
			const spelling = spell(value);
			const cleared = compileRedaction([value])(`${before}${spelling} and ${spelling}, end`);
			expect(cleared).not.toContain(spelling);
			expect(cleared).toContain('***');
		}),
		{numRuns: 60},
	);
});

test('a secret is hidden in other case, unless it is a mere word', () => {
	const redact = compileRedaction(['Tr0ub4dor&3', 'Password', 'correcthorsebatterystaple']);
	expect(redact('TR0UB4DOR&3 tr0ub4dor%263 CorrectHorseBatteryStaple')).toBe('*** *** ***');
	expect(redact('The password is wrong: Password')).toBe('The password is wrong: ***');
});

test('each line of a key in PEM is hidden, its frame is not', () => {
	const body = [
		'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7',
		'VJTUt9Us8cKjMzEfYyjiWA4R4/M2bS1GB4t7NXp98C3SC6dVMvDu',
		'ictGeurT8jNb',
	];
	const pem = `-----BEGIN PRIVATE KEY-----\n${body.join('\n')}\n-----END PRIVATE KEY-----\n`;
	const redact = compileRedaction([pem]);
	for (const line of body) expect(redact(`near ${line}:`)).toBe('near ***:');
	expect(redact(pem)).toBe('***\n');
	expect(redact(JSON.stringify({key: pem}))).toBe('{"key":"***\\n"}');
	expect(redact(`one line: ${body.join('')}`)).not.toMatch(/[A-Za-z0-9/]{12}/);
	expect(redact('-----BEGIN PRIVATE KEY-----')).toBe('-----BEGIN PRIVATE KEY-----');
});

test('other text stays as it is, and hostile text takes no time', () => {
	const redact = compileRedaction(['\\'.repeat(30), "'\\'\\'\\'\\x", 'a'.repeat(5_000), 'secret-42']);
	expect(redact('nothing of it: secret-43 \\\\ aaaa')).toBe('nothing of it: secret-43 \\\\ aaaa');
	expect(redact(`${"'\\".repeat(20_000)} end`)).toContain(' end');
	expect(redact(`${'a'.repeat(5_000)}!`)).toBe('***!');
	expect(redact(`${'\\'.repeat(29)}`)).toBe('\\'.repeat(29));
});

test('all texts of a structure are redacted, and numbers stay', () => {
	const redact = compileRedaction(['secret-42']);
	expect(redactedTexts({a: ['x secret-42', 1, null], 'secret-42': true}, redact)).toEqual({a: ['x ***', 1, null], '***': true});
});

test('what a reader of addresses leaves of a secret is hidden, and so are the secrets of one that is an address', () => {
	const redact = compileRedaction(['p@ss/w:rd#1 %41é', 'Tr0ub4dor#and', 'ops@mail.example.com']);
	for (const part of ['p@ss/w:rd', 'ss/w:rd#1%20%2541%C3%A9', 'w%3Ard%231+%2541%C3%A9', 'Tr0ub4dor'])
		expect(redact(`no host ${part}!`)).toBe('no host ***!');
	expect(redact('mail.example.com does not answer ops@mail.example.com')).toBe('mail.example.com does not answer ***');
	const address = compileRedaction(['https://me:s3cr%2Ft-word@files.example.com/in/x.csv?format=CSVWithNames&sig=AbCdEfGhIjKlMnOp%3D']);
	expect(address('files.example.com/in/x.csv s3cr/t-word CSVWithNames AbCdEfGhIjKlMnOp=')).toBe(
		'files.example.com/in/x.csv *** CSVWithNames ***',
	);
});
