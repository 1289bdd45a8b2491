import {join} from 'node:path';
import {expect, test} from 'vitest';
import {writeReport} from '../../source/report/workbook.js';
import {connector, contacts, execution, keep, keepLoad, keepSql, keepVariables, keptRun, textColumns, variable} from './kept-run.js';
import {openWorkbook, valuesOf} from './open-workbook.js';

const engine = keptRun();

function request(more: Partial<Parameters<typeof writeReport>[0]> = {}) {
	const {session, folder} = engine;
	return {
		session,
		folder,
		target: join(folder, 'report.xlsx'),
		execution: execution(),
		connector: connector(),
		objects: [contacts],
		diffCheck: false,
		...more,
	};
}

test('fields become cells of their kind, and an update shows what each changed field held before', async () => {
	const fields = ['email', 'name', 'age', 'balance', 'active', 'born', 'seen', 'topics'];
	await keepLoad(engine.session, 1, fields, [
		{
			outcome: 'updated',
			id: 'id-1',
			record: 'a@x',
			rule: 1,
			warnings: ['one', 'two'],
			changes: {
				age: [41, 42],
				balance: [null, '1234.50'],
				active: [false, true],
				born: ['1970-01-01', '9999-12-31'],
				topics: [['a'], ['a', 'b']],
				name: ['Öld', 'Née'],
			},
			values: ['a@x', 'Née', '42', '1234.50', 'true', '9999-12-31', '2026-03-29T01:30:00.250Z', '["a","b"]'],
		},
		{outcome: 'skipped', reason: 'no change', values: [null, null, null, null, null, null, null, null]},
	]);
	const {path} = await writeReport(request());
	const [header = [], updated = [], skipped = []] = valuesOf(await openWorkbook(path), 'Load 1 contacts (people)');
	const row = (cells: unknown[]) => Object.fromEntries(header.map((name, index) => [name, cells[index]]));
	expect(header.slice(8)).toEqual([...fields, ...fields.map((name) => `${name} (old)`)]);
	expect(row(updated)).toMatchObject({
		Warnings: 'one; two',
		name: 'Née',
		age: 42,
		balance: 1234.5,
		active: true,
		born: new Date('9999-12-31T00:00:00Z'),
		seen: new Date('2026-03-29T01:30:00.250Z'),
		topics: 'a, b',
		'name (old)': 'Öld',
		'age (old)': 41,
		'balance (old)': null,
		'active (old)': false,
		'born (old)': new Date('1970-01-01T00:00:00Z'),
		'topics (old)': 'a',
		'email (old)': null,
	});
	expect(row(skipped)).toMatchObject({Outcome: 'skipped', Reason: 'no change', age: null});
});

test('raw text stands beside a value only where it says more than the value, and problems have a column', async () => {
	const variables = [
		variable('price', 'number', {from: {column: 'cost'}}),
		variable('born', 'date', {inputFormat: 'DD/MM/YYYY'}),
		variable('mail', 'email'),
		variable('note', 'string'),
		variable('on', 'boolean', {inputFormat: 'yes_no'}),
		variable('seen', 'datetime'),
		variable('tags', 'string', {array: true, delimiter: ';'}),
	];
	await keepSql(engine.session, 'people', textColumns('cost', 'born', 'mail', 'note', 'on', 'seen', 'tags'), [
		['1,234.50', ' 3/4/2020 ', ' ANN@X.io', ' hi ', 'Yes', '2020-01-02 10:00', 'a;b'],
		['9.90 EUR', '31/02/2020', 'nope', 'hi', 'maybe', '2020-01-02T10:00+02:00', null],
		['', null, null, null, null, null, ''],
		['5 EUR', '2020-04-03', null, null, null, '2020-01-02T10:00:00.000Z', null],
	]);
	await keepVariables(
		engine.session,
		'people',
		['price', 'born', 'mail', 'note', 'on', 'seen', 'tags'],
		[
			{values: ['1234.50', '2020-04-03', 'ann@x.io', 'hi', 'true', '2020-01-02T10:00:00.000Z', '["a","b"]']},
			{
				values: ['9.90', null, null, 'hi', null, '2020-01-02T08:00:00.000Z', null],
				problems: ['born', 'mail', 'on'],
				warnings: ['variable "born": "31/02/2020" is not a date (DD/MM/YYYY)', 'variable "mail": "nope" is not an email'],
			},
			{state: 'skipped', reason: 'required variable "mail" is blank', values: [null, null, null, null, null, null, null]},
			{values: ['5', '2020-04-03', null, null, null, '2020-01-02T10:00:00.000Z', null]},
		],
	);
	await keep(engine.session, 'diff:people', {__row: 'UInt64', __since: 'String'}, [[1, 'earlier']]);
	const {path} = await writeReport(request({connector: connector({variables})}));
	const [header, ...rows] = valuesOf(await openWorkbook(path), 'Variables (people)');
	expect(header).toEqual([
		'Row',
		'Line',
		'State',
		'Reason',
		'price',
		'price (raw)',
		'born',
		'born (raw)',
		'mail',
		'mail (raw)',
		'note',
		'on',
		'on (raw)',
		'seen',
		'seen (raw)',
		'tags',
		'Problems',
	]);
	expect(rows).toEqual([
		[
			1,
			2,
			'unchanged',
			null,
			1234.5,
			null,
			new Date('2020-04-03'),
			null,
			'ann@x.io',
			null,
			'hi',
			true,
			null,
			new Date('2020-01-02T10:00:00Z'),
			null,
			'a, b',
			null,
		],
		[
			2,
			3,
			'ok',
			null,
			9.9,
			'9.90 EUR',
			null,
			'31/02/2020',
			null,
			'nope',
			'hi',
			null,
			'maybe',
			new Date('2020-01-02T08:00:00Z'),
			'2020-01-02T10:00+02:00',
			null,
			expect.stringContaining('"31/02/2020" is not a date (DD/MM/YYYY); variable "mail"'),
		],
		[3, 4, 'skipped', 'required variable "mail" is blank', null, null, null, null, null, null, null, null, null, null, null, null, null],
		[
			4,
			5,
			'ok',
			null,
			5,
			'5 EUR',
			new Date('2020-04-03'),
			null,
			null,
			null,
			null,
			null,
			null,
			new Date('2020-01-02T10:00:00Z'),
			null,
			null,
			null,
		],
	]);
	const left = await engine.session.rows("SELECT name FROM system.tables WHERE database = 'run' AND name LIKE 'report%'");
	expect(left).toEqual([]);
});

test('columns of the SQL keep their engine types: numbers, dates and moments in real cells, what a double would change as text', async () => {
	const types = {
		i: 'Nullable(Int64)',
		d: 'Nullable(Decimal(38, 2))',
		f: 'Float64',
		b: 'Bool',
		day: 'Date32',
		at: "DateTime('Europe/Paris')",
		fine: "DateTime64(6, 'UTC')",
		list: 'Array(String)',
		id: 'UUID',
		low: 'LowCardinality(Nullable(String))',
	};
	await keepSql(engine.session, 'people', types, [
		[
			'999999999999999',
			'10.10',
			0.1,
			true,
			'1970-02-03',
			'2024-07-01 12:00:00',
			'2024-07-01 12:00:00.123000',
			['x', 'y'],
			'11111111-2222-3333-4444-555555555555',
			'007',
		],
		[
			'9007199254740993',
			'123456789012345678.90',
			1e21,
			false,
			'1900-02-28',
			'2024-01-01 12:00:00',
			'2024-07-01 12:00:00.123456',
			[],
			'11111111-2222-3333-4444-555555555555',
			null,
		],
		[null, null, -2.5, false, '1900-03-01', '2024-01-01 00:00:00', '1999-07-01 12:00:00', [], '11111111-2222-3333-4444-555555555555', ''],
	]);
	const {path} = await writeReport(request());
	const [, first, second, third] = valuesOf(await openWorkbook(path), 'SQL Output (people)');
	const id = '11111111-2222-3333-4444-555555555555';
	expect(first).toEqual([
		999999999999999,
		10.1,
		0.1,
		true,
		new Date('1970-02-03'),
		new Date('2024-07-01T12:00:00Z'),
		new Date('2024-07-01T12:00:00.123Z'),
		"['x','y']",
		id,
		'007',
	]);
	expect(second).toEqual([
		'9007199254740993',
		'123456789012345678.90',
		1e21,
		false,
		'1900-02-28',
		new Date('2024-01-01T12:00:00Z'),
		'2024-07-01T12:00:00.123456',
		'[]',
		id,
		null,
	]);
	expect(third?.slice(0, 5)).toEqual([null, null, -2.5, false, new Date('1900-03-01')]);
});

test('a wide table has the same cells as a narrow one', async () => {
	const names = Array.from({length: 150}, (_, index) => `c${index + 1}`);
	const kinds = ['Nullable(String)', 'Nullable(Int64)', 'Date32', 'Bool'];
	const types = Object.fromEntries(names.map((name, index) => [name, kinds[index % 4] ?? '']));
	await keepSql(engine.session, 'people', types, [
		names.map((_, index) => ['=<b>', index, '2024-02-29', true][index % 4]),
		names.map((_, index) => [null, null, '1900-01-01', false][index % 4]),
	]);
	const {path} = await writeReport(request());
	const [, first = [], second = []] = valuesOf(await openWorkbook(path), 'SQL Output (people)');
	expect(first.slice(0, 8)).toEqual(['=<b>', 1, new Date('2024-02-29'), true, '=<b>', 5, new Date('2024-02-29'), true]);
	expect(first.slice(148)).toEqual(['=<b>', 149]);
	expect(second.slice(0, 4)).toEqual([null, null, '1900-01-01', false]);
});
