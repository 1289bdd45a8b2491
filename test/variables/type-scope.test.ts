import {afterAll, beforeAll, expect, test} from 'vitest';
import {typeScope} from '../../source/engine/variables/type-scope.js';
import {type ChdbSession, openChdbSession} from '../support/chdb-session.js';
import {outputTable, request, typedOutputTable, typedRows, variable} from './given.js';

let session: ChdbSession;
beforeAll(() => {
	session = openChdbSession();
});
afterAll(() => session.close());

test('a failed conversion is blank with a warning that names the variable, the text and the type; other rows go on', async () => {
	await outputTable(session, {sku: ['0012', '0013'], price: ['12x', '1,234.50']});
	const typed = await typeScope(session, request([variable('sku'), variable('price', {type: 'number'})]));
	expect(typed).toEqual({rows: 2, ok: 2, skipped: 0, problems: 1, warned: 1});
	expect(await typedRows(session, '__row, __line, __state, __reason, __problems, __notes, __warnings, sku, price')).toEqual([
		{
			__row: '1',
			__line: '2',
			__state: 'ok',
			__reason: null,
			__problems: ['price'],
			__notes: [],
			__warnings: ['variable "price": "12x" is not a number'],
			sku: '0012',
			price: null,
		},
		{__row: '2', __line: '3', __state: 'ok', __reason: null, __problems: [], __notes: [], __warnings: [], sku: '0013', price: '1234.50'},
	]);
});

test('a failed conversion and a blank required variable name each character of their text that is not seen', async () => {
	const long = `${'\u{1f600}'.repeat(199)}\u00adx`;
	await outputTable(session, {mail: ['ann@x.io\u200b', 'a\nb\u{e0001}', long, 'ann@x.io'], day: ['2024\u00a001', null, null, 'x']});
	const variables = [variable('mail', {type: 'email'}), variable('day', {type: 'date', required: true})];
	await typeScope(session, request(variables));
	expect(await typedRows(session, '__reason, __warnings')).toEqual([
		{
			__reason: 'required variable "day" is blank: "2024␣U+00A001" is not a date',
			__warnings: ['variable "mail": "ann@x.io␣U+200B" is not an e-mail address', 'variable "day": "2024␣U+00A001" is not a date'],
		},
		{__reason: 'required variable "day" is blank', __warnings: ['variable "mail": "a␣U+000Ab␣U+E0001" is not an e-mail address']},
		{
			__reason: 'required variable "day" is blank',
			__warnings: [`variable "mail": "${'\u{1f600}'.repeat(199)}␣U+00AD…" is not an e-mail address`],
		},
		{__reason: 'required variable "day" is blank: "x" is not a date', __warnings: ['variable "day": "x" is not a date']},
	]);
});

test('a blank required variable skips the row, and says when its text was there but did not convert', async () => {
	await outputTable(session, {sku: [' \u00a0\u3000', null, '', 'a'], day: ['2024-02-30', '2024-02-29', '2024-02-28', '2024-02-27']});
	const variables = [variable('sku', {required: true}), variable('day', {type: 'date', required: true, inputFormat: 'YYYY-MM-DD'})];
	const typed = await typeScope(session, request(variables));
	expect(typed).toMatchObject({rows: 4, ok: 1, skipped: 3, problems: 1});
	expect(await typedRows(session, '__state, __reason')).toEqual([
		{
			__state: 'skipped',
			__reason: 'required variable "sku" is blank; required variable "day" is blank: "2024-02-30" is not a date (YYYY-MM-DD)',
		},
		{__state: 'skipped', __reason: 'required variable "sku" is blank'},
		{__state: 'skipped', __reason: 'required variable "sku" is blank'},
		{__state: 'ok', __reason: null},
	]);
});

test('every missing column is named at once, with the nearest one there is', async () => {
	await outputTable(session, {sku: ['1'], price: ['2']});
	const variables = [
		variable('a', {from: {column: 'skuu'}}),
		variable('b', {from: {column: 'prise'}}),
		variable('c', {from: {column: 'zzzzzz'}}),
	];
	await expect(typeScope(session, request(variables))).rejects.toMatchObject({
		code: 'variables.missing_column',
		message: 'Output table "input" lacks columns that variables name: "skuu" (nearest: "sku"), "prise" (nearest: "price"), "zzzzzz"',
	});
	await expect(typeScope(session, {...request(variables), scope: 'inputs'})).rejects.toMatchObject({
		code: 'variables.missing_scope',
		cure: 'Did you mean "input"?',
	});
});

test('columns named like our own aliases, or with quotes and dots, are read as they are', async () => {
	await outputTable(session, {__t0: ['b'], __t1: ['a'], 'x.y': ['dot'], 'q`"\\': ['quote']});
	const columns = ['__t1', '__t0', 'x.y', 'q`"\\'];
	await typeScope(session, request(columns.map((column, index) => variable(`v${index}`, {from: {column}}))));
	expect(await typedRows(session, 'v0, v1, v2, v3')).toEqual([{v0: 'a', v1: 'b', v2: 'dot', v3: 'quote'}]);
});

test('a variable may have the name of another column without taking its value', async () => {
	await outputTable(session, {a: ['1'], b: ['2']});
	await typeScope(session, request([variable('b', {from: {column: 'a'}}), variable('a', {from: {column: 'b'}})]));
	expect(await typedRows(session, 'a, b')).toEqual([{a: '2', b: '1'}]);
});

test('columns the SQL gave a type are read by it: no input format, no exponent, no decimal comma, scale and instant kept', async () => {
	await typedOutputTable(
		session,
		`SELECT toDate('2024-03-01') AS day, toDateTime('2024-07-01 10:00:00', 'Europe/Paris') AS at, 1e21 AS big, 1.5e-9 AS small,
			CAST(1.5 AS Decimal(10, 2)) AS price, true AS yes, ['x ', '', 'a/b'] AS tags, toUUID('6F9619FF-8B86-D011-B42D-00C04FC964FF') AS id,
			1500.5 AS comma, toLowCardinality('lc') AS lc, CAST(NULL AS Nullable(String)) AS nothing, [1.5, 2] AS numbers`,
	);
	await typeScope(
		session,
		request([
			variable('day', {type: 'date', inputFormat: 'DD/MM/YYYY'}),
			variable('at', {type: 'datetime', inputFormat: 'DD/MM/YYYY HH:mm'}),
			variable('big', {type: 'number'}),
			variable('small', {type: 'number'}),
			variable('price', {type: 'number'}),
			variable('yes', {type: 'boolean', inputFormat: 'yes_no'}),
			variable('tags', {array: true, delimiter: ';'}),
			variable('id', {type: 'uuid'}),
			variable('comma', {type: 'number', decimalComma: true}),
			variable('lc'),
			variable('nothing'),
			variable('numbers', {type: 'number', array: true}),
		]),
	);
	expect(await typedRows(session, '* EXCEPT (__row, __line, __hash)')).toEqual([
		{
			__state: 'ok',
			__reason: null,
			__problems: [],
			__notes: [],
			__warnings: [],
			day: '2024-03-01',
			at: '2024-07-01T08:00:00.000Z',
			big: '1000000000000000000000',
			small: '0.0000000015',
			price: '1.50',
			yes: 'true',
			tags: '["x","a/b"]',
			id: '6f9619ff-8b86-d011-b42d-00c04fc964ff',
			comma: '1500.5',
			lc: 'lc',
			nothing: null,
			numbers: '["1.5","2"]',
		},
	]);
});

test('a boolean over a column of numbers reads 1 and 0, whatever its words for text are', async () => {
	await typedOutputTable(session, `SELECT arrayJoin([1, 0, 2, NULL]) AS flag, toUInt8(flag = 1) AS short`);
	const variables = [variable('flag', {type: 'boolean'}), variable('short', {type: 'boolean', inputFormat: 'yes_no'})];
	await typeScope(session, request(variables));
	expect(await typedRows(session, 'flag, short, __problems')).toEqual([
		{flag: 'true', short: 'true', __problems: []},
		{flag: 'false', short: 'false', __problems: []},
		{flag: null, short: 'false', __problems: ['flag']},
		{flag: null, short: null, __problems: []},
	]);
});

test('arrays: each element is typed, blanks are dropped, a failing element is dropped with a problem, text that is no list is a problem', async () => {
	await outputTable(session, {
		a: [' red ; ;blue/green;', null, ';;'],
		n: ['{1,x,"2.50"}', '1,2', '{}'],
		j: ['["caf\\u00e9", "say \\"hi\\"", null]', "['it''s', b c]", '[a'],
	});
	await typeScope(
		session,
		request([
			variable('a', {array: true, delimiter: ';'}),
			variable('n', {array: true, delimiter: '{}', type: 'number'}),
			variable('j', {array: true, delimiter: '[]'}),
		]),
	);
	expect(await typedRows(session, 'a, n, j, __problems')).toEqual([
		{a: '["red","blue/green"]', n: '["1","2.50"]', j: '["café","say \\"hi\\""]', __problems: ['n']},
		{a: null, n: null, j: '["it\'s","b c"]', __problems: ['n']},
		{a: null, n: null, j: null, __problems: ['j']},
	]);
});

test('phone numbers become E.164 with the default country, alone and in arrays', async () => {
	await outputTable(session, {
		p: ['06 12 34 56 78', '+1 (202) 555-0143', '12', null],
		ps: ['06 12 34 56 78;nope', '+12025550143', ';', null],
	});
	await typeScope(
		session,
		request([variable('p', {type: 'phone_number'}), variable('ps', {type: 'phone_number', array: true, delimiter: ';'})]),
	);
	expect(await typedRows(session, 'p, ps, __problems')).toEqual([
		{p: '+33612345678', ps: '["+33612345678"]', __problems: ['ps']},
		{p: '+12025550143', ps: '["+12025550143"]', __problems: []},
		{p: null, ps: null, __problems: ['p']},
		{p: null, ps: null, __problems: []},
	]);
	expect(await session.rows("SHOW TABLES FROM run LIKE 'lookup%'")).toEqual([]);
});

test('wall time is read in the zone of the workspace; a gap or fold takes the earlier offset, with a note', async () => {
	const texts = ['2024-07-01 12:00', '2024-03-31 02:30', '2024-10-27 02:30', '2024-10-27T02:30:00+01:00', '1890-01-01', '2024-02-30', null];
	await outputTable(session, {at: texts, list: texts.map((text) => (text === null ? null : `${text};${text}`))});
	await typeScope(
		session,
		request([variable('at', {type: 'datetime'}), variable('list', {type: 'datetime', array: true, delimiter: ';'})], [], 'Europe/Paris'),
	);
	const rows = await typedRows(session, 'at, list, __notes, __problems');
	expect(rows.map(({at}) => at)).toEqual([
		'2024-07-01T10:00:00.000Z',
		'2024-03-31T01:30:00.000Z',
		'2024-10-27T00:30:00.000Z',
		'2024-10-27T01:30:00.000Z',
		'1889-12-31T23:50:39.000Z',
		null,
		null,
	]);
	expect(rows.map(({list}) => list)).toEqual(rows.map(({at}) => (at === null ? null : JSON.stringify([at, at]))));
	expect(rows[1]?.__notes).toContain(
		'variable "at": 2024-03-31 02:30:00 does not exist in Europe/Paris, the clocks skip it; read as 2024-03-31T01:30:00.000Z',
	);
	expect(rows[2]?.__notes).toContain(
		'variable "at": 2024-10-27 02:30:00 happens twice in Europe/Paris; read as the first, 2024-10-27T00:30:00.000Z',
	);
	expect([rows[0]?.__notes, rows[3]?.__notes, rows[4]?.__notes]).toEqual([[], [], []]);
	expect(rows[5]?.__problems).toEqual(['at', 'list']);
});

test('moments of several variables share the days of their zone, and each row of each keeps its own', async () => {
	await outputTable(session, {
		a: ['2024-03-31 02:30:00', '2024-07-01 12:00:00', null, '2024-01-01T00:00:00Z'],
		b: ['2024-10-27 02:30:00', '', '2024-07-01 12:00:00', '2024-03-31 02:30:00'],
		c: [null, '2024-12-31 23:59:59', '2024-03-31 01:59:59', 'never'],
	});
	const variables = ['a', 'b', 'c'].map((name) => variable(name, {type: 'datetime'}));
	expect(await typeScope(session, request(variables, [], 'Europe/Paris'))).toMatchObject({rows: 4, ok: 4, problems: 1, warned: 2});
	const gap = '2024-03-31 02:30:00 does not exist in Europe/Paris, the clocks skip it; read as 2024-03-31T01:30:00.000Z';
	const fold = '2024-10-27 02:30:00 happens twice in Europe/Paris; read as the first, 2024-10-27T00:30:00.000Z';
	expect(await typedRows(session, 'a, b, c, __notes')).toEqual([
		{
			a: '2024-03-31T01:30:00.000Z',
			b: '2024-10-27T00:30:00.000Z',
			c: null,
			__notes: [`variable "a": ${gap}`, `variable "b": ${fold}`],
		},
		{a: '2024-07-01T10:00:00.000Z', b: null, c: '2024-12-31T22:59:59.000Z', __notes: []},
		{a: null, b: '2024-07-01T10:00:00.000Z', c: '2024-03-31T00:59:59.000Z', __notes: []},
		{a: '2024-01-01T00:00:00.000Z', b: '2024-03-31T01:30:00.000Z', c: null, __notes: [`variable "b": ${gap}`]},
	]);
	expect(await session.rows("SELECT name FROM system.tables WHERE name LIKE 'lookup:%'")).toEqual([]);
});

test('additional variables: literal, template, and what the execution knows, typed like any other', async () => {
	await outputTable(session, {first: ['Ann', null], last: ['Lee', 'Poe'], tags: ['a,b', null]});
	await typeScope(
		session,
		request(
			[variable('first'), variable('last'), variable('tags', {array: true}), variable('elsewhere', {scope: 'other'})],
			[
				{name: 'greeting', type: 'string', source: {template: 'Dear {full}{{!}}'}, outputFormat: null},
				{name: 'full', type: 'string', source: {template: '{first} {last}'}, outputFormat: null},
				{name: 'labels', type: 'string', source: {template: '[{tags}]'}, outputFormat: null},
				{name: 'away', type: 'string', source: {template: 'x{elsewhere}'}, outputFormat: null},
				{name: 'origin', type: 'number', source: {value: '007'}, outputFormat: null},
				{name: 'run', type: 'string', source: {from: 'execution.id'}, outputFormat: null},
				{name: 'day', type: 'date', source: {from: 'execution.started_at'}, outputFormat: null},
				{name: 'at', type: 'datetime', source: {from: 'execution.started_at'}, outputFormat: null},
				{name: 'who', type: 'string', source: {from: 'execution.started_by'}, outputFormat: null},
				{name: 'file', type: 'string', source: {from: 'input.file_name'}, outputFormat: null},
				{name: 'region', type: 'string', source: {from: 'parameter.region'}, outputFormat: null},
				{name: 'n', type: 'number', source: {from: 'row.number'}, outputFormat: null},
				{name: 'phone', type: 'phone_number', source: {template: '061234567{n}'}, outputFormat: null},
			],
			'Europe/Paris',
		),
	);
	const shared = {
		origin: '7',
		run: '0198-run',
		day: '2026-11-21',
		at: '2026-11-20T23:30:00.000Z',
		who: 'ann',
		file: 'people.csv',
		region: 'EU',
		away: null,
	};
	expect(await typedRows(session, 'greeting, full, labels, away, origin, run, day, at, who, file, region, n, phone')).toEqual([
		{...shared, greeting: 'Dear Ann Lee{!}', full: 'Ann Lee', labels: '[a, b]', n: '1', phone: '+33612345671'},
		{...shared, greeting: 'Dear Poe{!}', full: 'Poe', labels: '[]', n: '2', phone: '+33612345672'},
	]);
});

test('templates that need each other, or a name nobody has, are refused', async () => {
	await outputTable(session, {first: ['Ann']});
	const template = (name: string, text: string) => ({name, type: 'string', source: {template: text}, outputFormat: null}) as const;
	await expect(typeScope(session, request([variable('first')], [template('a', '{b}'), template('b', '{a}')]))).rejects.toMatchObject({
		code: 'variables.circle',
	});
	await expect(typeScope(session, request([variable('first')], [template('a', '{frist}')]))).rejects.toMatchObject({
		code: 'variables.unknown_source',
		cure: 'Did you mean "first"?',
	});
});

test('the hash covers the values of the variables: by value, without additional ones, whatever their order', async () => {
	await outputTable(session, {a: ['1.5', '1.50', '1.51', null, null], b: ['x', ' x', 'x', 'x', null], list: ['1.0', '1', '1', '1', '1']});
	const a = variable('a', {type: 'number'});
	const b = variable('b');
	const list = variable('list', {type: 'number', array: true});
	const hashes = async (...given: Parameters<typeof request>) => {
		await typeScope(session, request(...given));
		return (await typedRows(session, 'hex(__hash) AS hash')).map(({hash}) => hash);
	};
	const first = await hashes([a, b, list]);
	expect(first[0]).toBe(first[1]);
	expect(new Set(first).size).toBe(4);
	expect(await hashes([list, b, a], [{name: 'n', type: 'number', source: {from: 'row.number'}, outputFormat: null}])).toEqual(first);
	expect(await hashes([a, b])).not.toEqual(first);
});

test('rows keep their order and number, over many blocks', async () => {
	await session.execute('DROP TABLE IF EXISTS run.`sql:input` SYNC');
	await session.execute(
		'CREATE TABLE run.`sql:input` ENGINE = MergeTree ORDER BY __row AS SELECT number + 1 AS __row, CAST(NULL AS Nullable(UInt64)) AS __line, toString(number + 1) AS n FROM numbers(200000)',
	);
	await typeScope(session, request([variable('n', {type: 'number'})]));
	const [wrong] = await session.rows<{wrong: string}>('SELECT countIf(toString(__row) != n) AS wrong FROM run.`variables:input`');
	expect(wrong?.wrong).toBe('0');
	expect(await session.rows('SELECT __row FROM run.`variables:input` ORDER BY __row LIMIT 2 OFFSET 149999')).toEqual([
		{__row: '150000'},
		{__row: '150001'},
	]);
});
