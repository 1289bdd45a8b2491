import {expect, test} from 'vitest';
import {formatOutput} from '../../source/engine/variables/output-format.js';
import {Zone} from '../../source/engine/variables/zone.js';
import type {VariableType} from '../../source/model/variable.js';

const paris = new Zone('Europe/Paris');

function output(type: VariableType, outputFormat: string | null, canonical: string, array = false): string {
	return formatOutput({type, array, outputFormat}, canonical, paris);
}

test('without a format the canonical text stands; arrays are joined', () => {
	expect(output('number', null, '1.50')).toBe('1.50');
	expect(output('string', null, '["a","b c"]', true)).toBe('a, b c');
});

test('booleans are written in the words of the format', () => {
	expect(output('boolean', 'yes_no', 'true')).toBe('yes');
	expect(output('boolean', 'checked_unchecked', 'false')).toBe('unchecked');
});

test('days are written by their pattern and never shifted by a zone', () => {
	expect(output('date', 'D/M/YYYY', '2024-03-05')).toBe('5/3/2024');
	expect(output('date', 'DD.MM.YYYY', '0009-03-05')).toBe('05.03.0009');
	expect(output('date', 'MM/DD/YYYY', '["2024-03-05","2024-12-31"]', true)).toBe('03/05/2024, 12/31/2024');
});

test('moments are written by the clocks of the workspace', () => {
	expect(output('datetime', 'YYYY-MM-DD HH:mm:ss.SSS Z', '2024-07-01T22:30:15.007Z')).toBe('2024-07-02 00:30:15.007 +02:00');
	expect(output('datetime', 'D/M/YYYY H:mm', '2024-01-01T05:03:00.000Z')).toBe('1/1/2024 6:03');
	expect(formatOutput({type: 'datetime', array: false, outputFormat: 'HH:mmZ'}, '2024-01-01T05:03:00.000Z', new Zone('UTC'))).toBe(
		'05:03Z',
	);
});

test('epochs read back as the value they were made of', () => {
	expect(output('date', 'unix_epoch', '1969-12-31')).toBe('-86400');
	expect(output('datetime', 'unix_epoch', '1969-12-31T23:59:59.500Z')).toBe('-0.500');
	expect(output('date', 'excel_epoch', '1900-02-28')).toBe('59');
	expect(output('date', 'excel_epoch', '1900-03-01')).toBe('61');
	expect(output('datetime', 'excel_epoch', '2023-03-15T07:00:00.000Z')).toBe('45000.333333333');
	expect(output('date', 'excel_epoch', '1899-12-31')).toBe('1899-12-31');
});

test('short years, names of months and hours of half a day are written', () => {
	expect(output('date', 'DD.MM.YY', '2025-12-05')).toBe('05.12.25');
	expect(output('date', 'D MMM YYYY', '2025-12-05')).toBe('5 Dec 2025');
	expect(output('date', 'MMMM D, YYYY', '2025-05-05')).toBe('May 5, 2025');
	const clock = (time: string) =>
		formatOutput({type: 'datetime', array: false, outputFormat: 'hh:mm A, h A'}, `2025-12-05T${time}Z`, new Zone('UTC'));
	expect(['00:05:00', '09:05:00', '12:05:00', '23:05:00'].map((time) => clock(`${time}.000`))).toEqual([
		'12:05 AM, 12 AM',
		'09:05 AM, 9 AM',
		'12:05 PM, 12 PM',
		'11:05 PM, 11 PM',
	]);
});
