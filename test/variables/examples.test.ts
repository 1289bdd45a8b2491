import {afterAll, beforeAll, expect, test} from 'vitest';
import {typeScope} from '../../source/engine/variables/type-scope.js';
import type {Variable} from '../../source/model/variable.js';
import {type ChdbSession, openChdbSession} from '../support/chdb-session.js';
import {outputTable, request, typedRows, variable} from './given.js';

let session: ChdbSession;
beforeAll(() => {
	session = openChdbSession();
});
afterAll(() => session.close());

/** What each text becomes. */
async function read(how: Partial<Variable>, texts: readonly string[]): Promise<Record<string, unknown>> {
	await outputTable(session, {text: texts});
	await typeScope(session, request([variable('v', {from: {column: 'text'}, ...how})]));
	const rows = await typedRows(session, 'v');
	return Object.fromEntries(texts.map((text, row) => [text, rows[row]?.v]));
}

async function expectReadings(how: Partial<Variable>, expected: Readonly<Record<string, string | null>>): Promise<void> {
	expect(await read(how, Object.keys(expected))).toEqual(expected);
}

test('numbers keep every digit and their scale; signs, groups, one currency or percent sign come off', async () => {
	await expectReadings(
		{type: 'number'},
		{
			'123456789012345678901234567890.1234500': '123456789012345678901234567890.1234500',
			'1,234.50': '1234.50',
			'(1,234.50)': '-1234.50',
			'12,34,567.8': '1234567.8',
			"1'234.5": '1234.5',
			'1\u202f234.5': '1234.5',
			'-$5': '-5',
			'US$ 5': '5',
			'5 EUR': '5',
			'12%': '12',
			'5-': '-5',
			'\u22125': '-5',
			'007': '7',
			'-0.00': '0.00',
			'.5': '0.5',
		},
	);
});

test('a decimal point is never taken for a separator of thousands, nor the other way round', async () => {
	await expectReadings({type: 'number'}, {'1,5': null, '0,123': null, '1,2345': null, '1 234,5': null, '1.234.567': null});
	await expectReadings({type: 'number', decimalComma: true}, {'1.234,50': '1234.50', '1,5': '1.5', '1.5': null, '5': '5', '0.123': null});
});

test('what is not quite a number is none: exponents, two signs, two marks, unknown codes', async () => {
	await expectReadings(
		{type: 'number'},
		{'1e3': null, '--5': null, '(-5)': null, '$5%': null, '5 XYZ': null, NaN: null, '١٢': null, '5 eur': null},
	);
});

test('days exist or fail, from year 1 to 9999; a time of day is dropped without shifting the day', async () => {
	await expectReadings(
		{type: 'date'},
		{
			'2024-02-29': '2024-02-29',
			'2023-02-29': null,
			'1900-02-29': null,
			'2000-02-29': '2000-02-29',
			'2024-02-30': null,
			'2024-13-01': null,
			'1900-01-01': '1900-01-01',
			'0001-01-01': '0001-01-01',
			'0000-12-31': null,
			'9999-12-31': '9999-12-31',
			'10000-01-01': null,
			'2024-1-5': '2024-01-05',
			'2024-01-05T23:30:00-08:00': '2024-01-05',
			'2024-01-05 25:00': null,
		},
	);
});

test('epochs: Excel has no 29 February 1900, UNIX seconds become milliseconds at 13 digits', async () => {
	await expectReadings(
		{type: 'date', inputFormat: 'excel_epoch'},
		{'0': null, '1': '1900-01-01', '59': '1900-02-28', '60': null, '61': '1900-03-01', '45000.75': '2023-03-15', '2958466': null},
	);
	await expectReadings(
		{type: 'datetime', inputFormat: 'excel_epoch'},
		{'45000.333333333333333': '2023-03-15T08:00:00.000Z', '45000.99999999999': '2023-03-16T00:00:00.000Z'},
	);
	await expectReadings(
		{type: 'datetime', inputFormat: 'unix_epoch'},
		{
			'1700000000': '2023-11-14T22:13:20.000Z',
			'1700000000123': '2023-11-14T22:13:20.123Z',
			'-0.5': '1969-12-31T23:59:59.500Z',
			'253402300800': null,
			'-62135596801': null,
		},
	);
});

test('moments with an offset are instants in UTC, as long as that stays within years 1 to 9999', async () => {
	await expectReadings(
		{type: 'datetime'},
		{
			'2024-01-02': '2024-01-02T00:00:00.000Z',
			'2024-01-02 03:04': '2024-01-02T03:04:00.000Z',
			'2024-03-01T00:30:00.1239+01': '2024-02-29T23:30:00.123Z',
			'0001-01-01T00:00:00+01:00': null,
			'0001-01-01T00:00:00-01:00': '0001-01-01T01:00:00.000Z',
			'9999-12-31T23:00:00-05:00': null,
			'2024-01-02T24:00:00': null,
		},
	);
});

test('addresses are lower-cased and checked for shape and length', async () => {
	await expectReadings(
		{type: 'email'},
		{
			'Ann.Lee+x@X.io': 'ann.lee+x@x.io',
			'ÜNÏ@exämple.com': 'ünï@exämple.com',
			'a@b': null,
			'a..b@c.de': null,
			'a@b.c d': null,
			[`${'a'.repeat(64)}@b.co`]: `${'a'.repeat(64)}@b.co`,
			[`${'a'.repeat(65)}@b.co`]: null,
			[`a@${'b'.repeat(64)}.co`]: null,
		},
	);
});

test('short years are of 1969 to 2068, and months are read by their English names in any case', async () => {
	await expectReadings(
		{type: 'date', inputFormat: 'DD.MM.YY'},
		{
			'05.12.25': '2025-12-05',
			'5.1.00': '2000-01-05',
			'05.12.68': '2068-12-05',
			'05.12.69': '1969-12-05',
			'05.12.99': '1999-12-05',
			'29.02.24': '2024-02-29',
			'29.02.23': null,
			'05.12.2025': null,
			'05.12.5': null,
		},
	);
	await expectReadings(
		{type: 'date', inputFormat: 'DD MMM YYYY'},
		{
			'15 Oct 2023': '2023-10-15',
			'1 may 2023': '2023-05-01',
			'15 DEC 2023': '2023-12-15',
			'15 October 2023': null,
			'15 Okt 2023': null,
			'15 \u017fep 2023': null,
			'31 Jun 2023': null,
			'15 10 2023': null,
		},
	);
	await expectReadings(
		{type: 'date', inputFormat: 'MMMM D, YYYY'},
		{'October 5, 2023': '2023-10-05', 'may 31, 2023': '2023-05-31', 'Oct 5, 2023': null},
	);
});

test('hours of half a day are 1 to 12: 12 AM is midnight, 12 PM is noon', async () => {
	await expectReadings(
		{type: 'datetime', inputFormat: 'DD/MM/YYYY hh:mm A'},
		{
			'05/12/2025 12:00 AM': '2025-12-05T00:00:00.000Z',
			'05/12/2025 12:30 am': '2025-12-05T00:30:00.000Z',
			'05/12/2025 01:05 AM': '2025-12-05T01:05:00.000Z',
			'05/12/2025 11:59 Am': '2025-12-05T11:59:00.000Z',
			'05/12/2025 12:00 PM': '2025-12-05T12:00:00.000Z',
			'5/12/2025 1:05 pm': '2025-12-05T13:05:00.000Z',
			'05/12/2025 11:59 PM': '2025-12-05T23:59:00.000Z',
			'05/12/2025 13:00 PM': null,
			'05/12/2025 00:30 AM': null,
			'05/12/2025 0:30 PM': null,
			'05/12/2025 1:05': null,
			'05/12/2025 1:05PM': null,
			'05/12/2025 1:05 XM': null,
		},
	);
	await expectReadings(
		{type: 'datetime', inputFormat: 'YYYYMMDDhhmmssA'},
		{'20251205010203PM': '2025-12-05T13:02:03.000Z', '2025120510203PM': null},
	);
});
