import fc from 'fast-check';
import {expect, test} from 'vitest';
import {fromJson} from '../../source/api/from-json.js';
import {toJson} from '../../source/model/json.js';

test('an integer too large for a number keeps every digit', () => {
	expect(fromJson('{"id":9223372036854775807,"small":12,"text":"9223372036854775807"}')).toEqual({
		id: 9223372036854775807n,
		small: 12,
		text: '9223372036854775807',
	});
});

test('what goes out comes back the same', () => {
	const value = fc.letrec((tie) => ({
		any: fc.oneof(
			{depthSize: 'small'},
			fc.string({unit: 'binary'}),
			fc.bigInt(),
			fc.integer(),
			fc.double({noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9}),
			fc.boolean(),
			fc.constant(null),
			fc.array(tie('any')),
			fc.dictionary(fc.string(), tie('any')),
		),
	})).any;
	const same = (one: unknown): unknown =>
		JSON.parse(
			JSON.stringify(one, (_key, member: unknown) =>
				typeof member === 'bigint' ? `#${member}` : typeof member === 'number' && Number.isInteger(member) ? `#${BigInt(member)}` : member,
			),
		);
	fc.assert(
		fc.property(value, (before) => {
			expect(same(fromJson(toJson(before)))).toEqual(same(before));
		}),
	);
});
