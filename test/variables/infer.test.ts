import {afterAll, beforeAll, expect, test} from 'vitest';
import {inferVariables} from '../../source/engine/variables/infer.js';
import {type ChdbSession, openChdbSession} from '../support/chdb-session.js';
import {outputTable, typedOutputTable} from './given.js';

let session: ChdbSession;
beforeAll(() => {
	session = openChdbSession();
});
afterAll(() => session.close());

const locale = {timezone: 'UTC', defaultCountry: 'FR'};

/** What is proposed for one column of these texts, defaults left out. */
async function inferred(...texts: (string | null)[]): Promise<Record<string, unknown>> {
	await outputTable(session, {c: texts});
	const [proposal] = await inferVariables(session, 'input', locale);
	const {name: _name, scope: _scope, column: _column, ...rest} = proposal ?? {};
	return Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null));
}

test('the narrowest type that fits every value is proposed, required when none is blank', async () => {
	expect(await inferred('0012', '0013')).toEqual({type: 'string', required: true});
	expect(await inferred('12', '-1,234.50', null)).toEqual({type: 'number'});
	expect(await inferred('12,5', '1.234,50')).toEqual({type: 'number', decimal_comma: true, required: true});
	expect(await inferred('yes', 'NO', ' ')).toEqual({type: 'boolean', input_format: 'yes_no'});
	expect(await inferred('1', '0')).toEqual({type: 'boolean', input_format: 'one_zero', required: true});
	expect(await inferred('1', '1')).toEqual({type: 'number', required: true});
	expect(await inferred('TRUE', 'false')).toEqual({type: 'boolean', required: true});
	expect(await inferred('a@b.io', 'C@d.io')).toEqual({type: 'email', required: true});
	expect(await inferred('6F9619FF-8B86-D011-B42D-00C04FC964FF')).toEqual({type: 'uuid', required: true});
	expect(await inferred('06 12 34 56 78', '+1 202 555 0143')).toEqual({type: 'phone_number', required: true});
	expect(await inferred('hello', '12')).toEqual({type: 'string', required: true});
	expect(await inferred(null, '')).toEqual({type: 'string'});
});

test('dates take the pattern that fits all values, month before day where both do', async () => {
	expect(await inferred('2024-02-29')).toEqual({type: 'date', required: true});
	expect(await inferred('31/01/2024', '01/02/2024')).toEqual({type: 'date', input_format: 'DD/MM/YYYY', required: true});
	expect(await inferred('01/02/2024')).toEqual({type: 'date', input_format: 'MM/DD/YYYY', required: true, note: 'also fits DD/MM/YYYY'});
	expect(await inferred('2024-02-29 10:00', '2024-03-01T10:00:00Z')).toEqual({type: 'datetime', required: true});
	expect(await inferred('31.01.2024 9:05')).toEqual({type: 'datetime', input_format: 'DD.MM.YYYY HH:mm', required: true});
	expect(await inferred('2024-02-30')).toEqual({type: 'string', required: true});
});

test('dates of bank exports: short years, names of months, AM and PM', async () => {
	expect(await inferred('05.12.25', '31.12.25')).toEqual({type: 'date', input_format: 'DD.MM.YY', required: true});
	expect(await inferred('05.12.25')).toEqual({type: 'date', input_format: 'DD.MM.YY', required: true, note: 'also fits MM.DD.YY'});
	expect(await inferred('12/31/25', '1/5/25')).toEqual({type: 'date', input_format: 'MM/DD/YY', required: true});
	expect(await inferred('15 Oct 2023', '1 MAR 2024')).toEqual({type: 'date', input_format: 'DD MMM YYYY', required: true});
	expect(await inferred('15 October 2023')).toEqual({type: 'date', input_format: 'DD MMMM YYYY', required: true});
	expect(await inferred('Oct 15, 2023')).toEqual({type: 'date', input_format: 'MMM DD, YYYY', required: true});
	expect(await inferred('15-Oct-23')).toEqual({type: 'date', input_format: 'DD-MMM-YY', required: true});
	expect(await inferred('12/31/2025 1:05 PM', '01/02/2025 12:00 am')).toEqual({
		type: 'datetime',
		input_format: 'MM/DD/YYYY hh:mm A',
		required: true,
	});
	expect(await inferred('2025-12-31 01:05:09 PM')).toEqual({type: 'datetime', input_format: 'YYYY-MM-DD hh:mm:ss A', required: true});
	expect(await inferred('31.12.25 9:05')).toEqual({type: 'datetime', input_format: 'DD.MM.YY HH:mm', required: true});
});

test('numbers of versions are no dates', async () => {
	expect(await inferred('1.2.34', '2.10.25')).toEqual({type: 'string', required: true});
});

test('one bad value does not make lists of numbers with a decimal comma', async () => {
	expect(await inferred('1.249,50', '12,5', '3,00', 'n/a')).toEqual({type: 'string', required: true});
	expect(await inferred('1,249.50', '2,000', '3,100.00', '?')).toEqual({type: 'string', required: true});
	expect(await inferred('2024-01-01 10:00:00,123', '2024-01-01 10:00:01,456', '-')).toEqual({type: 'string', required: true});
	expect(await inferred('red,blue', '1,5', 'green,white')).toEqual({type: 'string', array: true, delimiter: ',', required: true});
});

test('lists are told by their delimiter and typed by their elements; prose with commas is no list', async () => {
	expect(await inferred('red;blue', 'red', null)).toEqual({type: 'string', array: true, delimiter: ';'});
	expect(await inferred('1|2', '3')).toEqual({type: 'number', array: true, delimiter: '|', required: true});
	expect(await inferred('["a","b"]', '[]')).toEqual({type: 'string', array: true, delimiter: '[]', required: true});
	expect(await inferred('{1,2}', '{3}')).toEqual({type: 'number', array: true, delimiter: '{}', required: true});
	expect(await inferred('red,blue', 'green')).toEqual({type: 'string', array: true, delimiter: ',', required: true});
	expect(await inferred('Smith, John', 'Doe, Jane')).toEqual({type: 'string', required: true});
});

test('columns the SQL gave a type keep it, and names become names', async () => {
	await typedOutputTable(session, `SELECT toDate('2024-01-02') AS Day, 1.5 AS "2nd value", ['a', 'b'] AS tags, true AS "Is ok"`);
	const proposals = await inferVariables(session, 'input', locale);
	expect(proposals.map(({name, column, type, input_format, array}) => [name, column, type, input_format, array])).toEqual([
		['day', 'Day', 'date', null, null],
		['c_2nd_value', '2nd value', 'number', null, null],
		['tags', 'tags', 'string', null, true],
		['is_ok', 'Is ok', 'boolean', null, null],
	]);
});
