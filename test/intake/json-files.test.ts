import fc from 'fast-check';
import {expect, test} from 'vitest';
import {membersOf} from '../../source/engine/intake/json/members.js';
import {notesSelect} from '../../source/engine/intake/page-select.js';
import {engine, intake, onlyPage} from './support/intake.js';
import {plainOf} from './support/json-oracle.js';

const zeros = (count: number) => '0'.repeat(count);
const nines = '9'.repeat(30);

/** A file of this text is one row of these cells. */
test.each<[string, string, Record<string, string | null>]>([
	['a small exponent', '{"a": 1e-05}', {a: '0.00001'}],
	['a large exponent with a sign', '{"a": 1E+3}', {a: '1000'}],
	['an exponent that the scale outlasts', '{"a": 1.500e1}', {a: '15.00'}],
	['an exponent that ends at the point', '{"a": 1.50e2}', {a: '150'}],
	['an exponent of zero', '{"a": 1.50e0}', {a: '1.50'}],
	['a scale that grows', '{"a": 1.50e-3}', {a: '0.00150'}],
	['a negative number with an exponent', '{"a": -2.5E-1}', {a: '-0.25'}],
	['leading zeros of an exponent', '{"a": 12e-0001}', {a: '1.2'}],
	['a number below one with an exponent', '{"a": 0.0012e5}', {a: '120'}],
	['zero with an exponent', '{"a": 0e5, "b": 0.0e-2}', {a: '0', b: '0.000'}],
	['zero with an absurd exponent', '{"a": 0e999999999, "b": -0E-999999999}', {a: '0', b: '-0'}],
	['minus zero', '{"a": -0, "b": -0.0}', {a: '-0', b: '-0.0'}],
	['a scale without an exponent', '{"a": 1.50}', {a: '1.50'}],
	['an integer of 30 digits', `{"a": ${nines}}`, {a: nines}],
	[
		'a number of 400 digits with a zero before its point',
		'{"a": 0.6e400, "b": 0.0006e403}',
		{a: `6${'0'.repeat(399)}`, b: `6${'0'.repeat(399)}`},
	],
	['a decimal of 30 digits', `{"a": -0.${nines}}`, {a: `-0.${nines}`}],
	['the largest double', '{"a": 1.7976931348623157e308}', {a: `17976931348623157${zeros(292)}`}],
	['the smallest double', '{"a": 5e-324}', {a: `0.${zeros(323)}5`}],
	['the longest number without its exponent', '{"a": 1e399}', {a: `1${zeros(399)}`}],
	['text that looks like a number', '{"a": "1e5", "b": "007"}', {a: '1e5', b: '007'}],
	['numbers within nested values', '{"a": {"b": 1e3}, "c": [1E-2, -0]}', {a: '{"b":1e3}', c: '[1E-2,-0]'}],
	['words', '{"a": true, "b": false, "c": null, "d": 0}', {a: 'true', b: 'false', c: null, d: '0'}],
	['empty text and blanks', '{"a": "", "b": " ", "c": 0}', {a: '', b: ' ', c: '0'}],
	['empty nested values', '{"a": {}, "b": [], "c": [ { } ]}', {a: '{}', b: '[]', c: '[{}]'}],
	['every escape', '{"a": "\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9"}', {a: '"\\/\b\f\n\r\té'}],
	['a pair of surrogates', '{"a": "\\ud83d\\ude42"}', {a: '🙂'}],
	['letters as they are', '{"a": "Łódź 東京"}', {a: 'Łódź 東京'}],
	['an escaped key', '{"na\\u006de": "Ann"}', {name: 'Ann'}],
	['a key with a quote and a colon', '{"a\\":b": 1}', {'a":b': '1'}],
	['an empty key', '{"": 1}', {'': '1'}],
	['keys that a prototype has', '{"__proto__": 1, "constructor": 2}', {__proto__x: '1', constructor: '2'}],
	['no white space at all', '{"a":1,"b":[1,2],"c":"x"}', {a: '1', b: '[1,2]', c: 'x'}],
	['white space everywhere', '\n\t{ "a" :\r\n 1 , "b" : [ 1 , { "c" : 2 } ] }\n', {a: '1', b: '[1,{"c":2}]'}],
	['braces within text', '{"a": "}{][", "b": {"c": "}\\"{"}}', {a: '}{][', b: '{"c":"}\\"{"}'}],
	['the number last, before the brace', '{"a":1,"b":2e1}', {a: '1', b: '20'}],
	['nested deeply', `{"a": ${'['.repeat(500)}${']'.repeat(500)}}`, {a: '['.repeat(500) + ']'.repeat(500)}],
])('%s', async (_what, text, expected) => {
	const {page, rows, warnings} = await onlyPage('x.json', text);
	const found = page.headers.map((header, at) => [header === '__proto__' ? '__proto__x' : header, rows[0]?.[at + 1]]);
	expect(Object.fromEntries(found)).toEqual(expected);
	expect(rows).toHaveLength(1);
	expect(warnings).toEqual([]);
});

test('a number that is too long without its exponent is kept as it is written, with a warning on its row', async () => {
	const {page, rows, warnings} = await onlyPage(
		'x.jsonl',
		'{"a": 1}\n{"a": 1e400, "b": -1E-400}\n{"a": 1e-999999999999999999999, "b": 2}\n',
	);
	expect(rows).toEqual([
		[1, '1', null],
		[2, '1e400', '-1E-400'],
		[3, '1e-999999999999999999999', '2'],
	]);
	const warning = (line: number, key: string) =>
		`x.jsonl, line ${line}: the number of the key "${key}" has more than 400 digits without its exponent; it is kept as it is written`;
	expect(warnings).toEqual([
		{line: 2, message: warning(2, 'a')},
		{line: 2, message: warning(2, 'b')},
		{line: 3, message: warning(3, 'a')},
	]);
	expect(
		JSON.parse(
			`[${engine()
				.query(`${notesSelect(page)} ORDER BY line`, 'JSONCompactEachRow')
				.trim()
				.replaceAll('\n', ',')}]`,
		),
	).toEqual([
		[2, [warning(2, 'a'), warning(2, 'b')]],
		[3, [warning(3, 'a')]],
	]);
});

test('the last of several values of a key decides whether its number is too long', async () => {
	const {rows, warnings} = await onlyPage('x.json', '[{"a": 1e400, "a": 2}]');
	expect(rows).toEqual([[1, '2']]);
	expect(warnings.map(({message}) => message)).toEqual(['x.json, line 1: the key "a" comes more than once; its last value counts']);
});

test('a file that is one object around a list of objects is one row, with a warning that names the keys', async () => {
	const text = '{"data": [\n{"id": 1}, {"id": 2}], "next": "/page/2"}';
	const {rows, warnings} = await onlyPage('answer.json', text);
	expect(rows).toEqual([[1, '[{"id":1},{"id":2}]', '/page/2']]);
	expect(warnings).toEqual([
		{
			line: 1,
			message:
				'answer.json is one object with the keys "data", "next", so it is one row; rows are wanted at the top: save the list under "data" as a file of its own, or take it from a source with `url` by `rows: /data`',
		},
	]);
});

test.each([
	['rows in an array', 'x.json', '[{"items": [{"id": 1}]}]'],
	['one object a line', 'x.jsonl', '{"items": [{"id": 1}]}\n'],
	['several objects', 'x.json', '{"items": [{"id": 1}]}\n{"items": []}'],
	['a list of values', 'x.json', '{"tags": ["a", "b"]}'],
	['text that looks like a list', 'x.json', '{"body": "[{}]"}'],
])('%s is no reason for that warning', async (_what, name, text) => {
	expect((await onlyPage(name, text)).warnings).toEqual([]);
});

test.each(['ndjson', 'NDJSON', 'ldjson'])('a .%s file is refused with the name it should have', async (extension) => {
	await expect(intake(`x.${extension}`, '{"a": 1}\n')).rejects.toMatchObject({
		code: 'intake.type',
		cure: 'Rename it to .jsonl: it holds one JSON object a line.',
	});
});

/*
 * Numbers, keys and nesting of any shape against an oracle that never goes through a float. SLUICE_LONG=1 tries 2,000 of them.
 */
const numRuns = process.env.SLUICE_LONG === '1' ? 2_000 : 200;
const digits = (least: number, most: number) => fc.string({unit: fc.constantFrom(...'0123456789'), minLength: least, maxLength: most});
const number = fc
	.tuple(
		fc.constantFrom('', '-'),
		fc.oneof(
			fc.constant('0'),
			fc.tuple(fc.constantFrom(...'123456789'), digits(0, 40)).map((parts) => parts.join('')),
		),
		fc.oneof(
			fc.constant(''),
			digits(1, 40).map((text) => `.${text}`),
		),
		fc.oneof(
			fc.constant(''),
			fc.tuple(fc.constantFrom('e', 'E'), fc.constantFrom('', '+', '-'), digits(1, 2)).map((parts) => parts.join('')),
			fc.tuple(fc.constantFrom('e', 'E'), fc.constantFrom('', '+', '-'), fc.integer({min: 250, max: 450})).map((parts) => parts.join('')),
		),
	)
	.map((parts) => parts.join(''));
const text = fc.oneof(fc.string({unit: 'grapheme', maxLength: 8}), fc.string({unit: fc.constantFrom(...'{}[]",:\\ \n\te1'), maxLength: 8}));
const nested: fc.Arbitrary<string> = fc.letrec<{value: string}>((tie) => ({
	value: fc.oneof(
		{depthSize: 'small', withCrossShrink: true},
		number,
		text.map((value) => JSON.stringify(value)),
		fc.array(tie('value'), {maxLength: 3}).map((list) => `[${list.join(',')}]`),
		fc
			.array(fc.tuple(text, tie('value')), {maxLength: 3})
			.map((list) => `{${list.map(([k, v]) => `${JSON.stringify(k)}:${v}`).join(',')}}`),
	),
})).value;
const member = fc.oneof(
	number.map((token) => ({token, cell: plainOf(token) ?? token, long: plainOf(token) === null})),
	text.map((value) => ({token: JSON.stringify(value), cell: value, long: false})),
	nested.filter((token) => /^[[{]/.test(token)).map((token) => ({token, cell: token, long: false})),
);
const space = fc.constantFrom('', ' ', '\n\t');

test('numbers, keys and nested values of any shape come through as text', () => {
	const objects = fc.uniqueArray(fc.tuple(text, member), {minLength: 1, maxLength: 6, selector: ([key]) => key});
	fc.assert(
		fc.property(objects, space, (members, gap) => {
			const json = `{${members.map(([key, {token}]) => `${gap}${JSON.stringify(key)}${gap}:${gap}${token}${gap}`).join(',')}}`;
			const {cells, unexpanded} = membersOf(json);
			expect([...cells]).toEqual(members.map(([key, {cell}]) => [key, cell]));
			expect([...unexpanded]).toEqual(members.filter(([, {long}]) => long).map(([key]) => key));
		}),
		{numRuns},
	);
});
