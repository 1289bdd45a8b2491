import {describe, expect, test} from 'vitest';
import {converterOf} from '../../source/engine/load/plan/values/convert.js';
import type {FieldType} from '../../source/model/field-type.js';
import type {FieldValue} from '../../source/model/value.js';
import type {VariableType} from '../../source/model/variable.js';

const paris = {timezone: 'Europe/Paris', defaultCountry: 'FR'};

function convert(from: VariableType, to: FieldType, text: string, locale = paris): FieldValue | null | {refused: string} {
	let refused: string | null = null;
	const value = converterOf(
		from,
		{type: to},
		locale,
	)(text, (why) => {
		refused = why;
	});
	return refused === null ? value : {refused};
}

describe('a value in normal form', () => {
	test.each<[VariableType, FieldType, string, FieldValue]>([
		['string', 'text', 'x'.repeat(255), 'x'.repeat(255)],
		['string', 'text', '😀'.repeat(255), '😀'.repeat(255)],
		['string', 'longtext', 'x'.repeat(10_000), 'x'.repeat(10_000)],
		['string', 'email', 'Ann.O@Example.COM', 'ann.o@example.com'],
		['string', 'phone_number', '01 23 45 67 89', '+33123456789'],
		['string', 'phone_number', '+44 20 7946 0958', '+442079460958'],
		['phone_number', 'phone_number', '+33123456789', '+33123456789'],
		['string', 'url', 'https://example.com/a?b=c', 'https://example.com/a?b=c'],
		['string', 'url', 'www.example.com', 'www.example.com'],
		['number', 'integer', '12', 12],
		['number', 'integer', '12.00', 12],
		['number', 'integer', '-0', 0],
		['number', 'integer', '9007199254740993', 9007199254740993n],
		['number', 'integer', '-9223372036854775808', -9223372036854775808n],
		['number', 'money', '1.50', '1.50'],
		['number', 'decimal', '0.1000000000000000000000001', '0.1000000000000000000000001'],
		['number', 'text', '1.50', '1.50'],
		['boolean', 'checkbox', 'false', false],
		['boolean', 'yes_no_maybe', 'true', 'yes'],
		['string', 'yes_no_maybe', 'Maybe', 'maybe'],
		['string', 'yes_no_maybe', ' NO ', 'no'],
		['date', 'date', '2024-02-29', '2024-02-29'],
		['date', 'datetime', '2024-07-01', '2024-06-30T22:00:00.000Z'],
		['datetime', 'date', '2024-06-30T22:30:00.000Z', '2024-07-01'],
		['datetime', 'datetime', '2024-06-30T22:30:00.000Z', '2024-06-30T22:30:00.000Z'],
		['string', 'uuid', '0196F000-0000-7000-8000-00000000000A', '0196f000-0000-7000-8000-00000000000a'],
	])('%s to %s: %s', (from, to, text, value) => {
		expect(convert(from, to, text)).toEqual(value);
	});
});

describe('a value that the field refuses', () => {
	test.each<[VariableType, FieldType, string, string]>([
		['string', 'text', 'x'.repeat(256), 'is longer than 255 characters'],
		['string', 'email', 'nobody', 'is not an email address'],
		['string', 'email', 'a@b@example.com', 'is not an email address'],
		['string', 'phone_number', '12', 'is not a phone number'],
		['string', 'url', 'not a place', 'is not a web address'],
		['string', 'url', 'nowhere', 'is not a web address'],
		['number', 'integer', '1.5', 'is not a whole number'],
		['number', 'integer', '9223372036854775808', 'is beyond a 64-bit integer'],
		['string', 'uuid', 'abc', 'is not a UUID'],
		['string', 'yes_no_maybe', 'perhaps', 'is none of yes, no and maybe'],
		['datetime', 'date', '9999-12-31T23:59:59.000Z', 'lies outside of the years 1 to 9999 in Europe/Paris'],
		['date', 'datetime', '0001-01-01', 'lies outside of the years 1 to 9999 in Europe/Paris'],
	])('%s to %s: %s', (from, to, text, refused) => {
		expect(convert(from, to, text)).toEqual({refused});
	});

	test('a national number without a default country', () => {
		expect(convert('string', 'phone_number', '01 23 45 67 89', {timezone: 'UTC', defaultCountry: null as unknown as string})).toEqual({
			refused: 'is not a phone number',
		});
	});
});

test('midnight in a gap or fold takes the offset in force before it', () => {
	// Beirut's clocks jump from midnight to one o'clock; Havana's fall back at one to midnight.
	expect(convert('date', 'datetime', '2021-03-28', {timezone: 'Asia/Beirut', defaultCountry: 'LB'})).toBe('2021-03-27T22:00:00.000Z');
	expect(convert('date', 'datetime', '2023-11-05', {timezone: 'America/Havana', defaultCountry: 'CU'})).toBe('2023-11-05T04:00:00.000Z');
});
