import fc from 'fast-check';
import {expect, test} from 'vitest';
import {JsonObjects} from '../../source/engine/intake/json/json-objects.js';
import {membersOf} from '../../source/engine/intake/json/members.js';
import {onlyPage} from './support/intake.js';
import {plainOf} from './support/json-oracle.js';

test('an array of objects: keys in the order they first appear, lines where the objects begin', async () => {
	const text = '[\n  {"id": 1, "Name": "Ann"},\n\n  {"id": 2,\n   "city": "Lyon"},\n {"Name": null, "city": ""}\n]\n';
	const {page, rows} = await onlyPage('people.json', text);
	expect([page.headers, page.columns]).toEqual([
		['id', 'Name', 'city'],
		['id', 'name', 'city'],
	]);
	expect(rows).toEqual([
		[2, '1', 'Ann', null],
		[4, '2', null, 'Lyon'],
		[6, null, null, ''],
	]);
});

test.each([
	['one object', '{"a": 1}', [[1, '1']]],
	[
		'one a line',
		'{"a": 1}\n\n{"a": 2}\r\n{"a": 3}',
		[
			[1, '1'],
			[3, '2'],
			[4, '3'],
		],
	],
	['with a mark', '\ufeff[{"a":"é"}]', [[1, 'é']]],
])('%s', async (_what, text, rows) => expect((await onlyPage('x.jsonl', text)).rows).toEqual(rows));

test('every digit, word and nested value comes through', async () => {
	const text =
		'{"big": 12345678901234567890123, "dec": 1.50, "exp": 1e3, "yes": true, "no": false, "nested": {"a": [1, 2.0, {"b c": "d \\" }"}]},\n "list": [ ], "text": "a\\nb\\u00e9\\\\", "digits": "0012"}';
	expect((await onlyPage('x.json', text)).rows).toEqual([
		[1, '12345678901234567890123', '1.50', '1000', 'true', 'false', '{"a":[1,2.0,{"b c":"d \\" }"}]}', '[]', 'a\nbé\\', '0012'],
	]);
});

test('of a key that comes twice the last value counts, with a warning', async () => {
	const {rows, warnings} = await onlyPage('x.jsonl', '{"a":1}\n{"a":2,"b":3,"a":4}\n');
	expect(rows).toEqual([
		[1, '1', null],
		[2, '4', '3'],
	]);
	expect(warnings).toEqual([{line: 2, message: 'x.jsonl, line 2: the key "a" comes more than once; its last value counts'}]);
});

test('half of a surrogate pair is a warning of its row, and a whole pair none', async () => {
	const {rows, warnings} = await onlyPage('x.jsonl', '{"k":"\\ud83d\\ude00","n":["\\ud800"]}\n{"k":"\\ud800"}\n');
	expect(rows).toEqual([
		[1, '😀', '["\\ud800"]'],
		[2, '\ufffd', null],
	]);
	const message = 'x.jsonl, line 2: the text of the key "k" has half of a surrogate pair, which is no character; it is read as U+FFFD';
	expect(warnings).toEqual([{line: 2, message}]);
});

test('objects without values are no rows', async () => {
	expect((await onlyPage('x.json', '[{}, {"a":null}, {"a":1}]')).rows).toEqual([[1, '1']]);
});

test('a UTF-16 file is read', async () => {
	expect((await onlyPage('x.json', Buffer.from('\ufeff[{"a":"Łódź"}]', 'utf16le'))).rows).toEqual([[1, 'Łódź']]);
});

test('members are those of JSON.parse', () => {
	const keys = fc.string({maxLength: 4}).filter((key) => key !== '__proto__');
	fc.assert(
		fc.property(fc.dictionary(keys, fc.jsonValue()), fc.constantFrom(undefined, 1, '\t'), (object, indent) => {
			const {cells} = membersOf(JSON.stringify(object, undefined, indent));
			const expected = Object.entries(object).map(([key, value]) => {
				if (value === null) return [key, null];
				const text = JSON.stringify(value);
				return [key, typeof value === 'string' ? value : typeof value === 'number' ? plainOf(text) : text];
			});
			expect([...cells]).toEqual(expected);
		}),
		{numRuns: process.env.SLUICE_LONG ? 10_000 : 500},
	);
});

test('where the pieces are cut makes no difference', () => {
	const objects = fc.array(fc.dictionary(fc.string({maxLength: 3}), fc.jsonValue({maxDepth: 2}), {maxKeys: 3}), {
		minLength: 1,
		maxLength: 4,
	});
	fc.assert(
		fc.property(objects, fc.boolean(), fc.integer({min: 1, max: 7}), (list, lines, size) => {
			const texts = list.map((object) => JSON.stringify(object));
			const bytes = Buffer.from(lines ? texts.join('\n') : `[${texts.join(',\n')}]`);
			const reader = new JsonObjects('x');
			const found = [];
			for (let at = 0; at < bytes.length; at += size) found.push(...reader.write(bytes.subarray(at, at + size)));
			found.push(...reader.end());
			expect(found).toEqual(texts.map((text, at) => ({text, line: at + 1})));
		}),
		{numRuns: process.env.SLUICE_LONG ? 10_000 : 500},
	);
});
