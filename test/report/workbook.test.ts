import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {writeReport} from '../../source/report/workbook.js';
import {
	connector,
	contacts,
	execution,
	keep,
	keepLoad,
	keepSql,
	keepVariables,
	keptRun,
	stage,
	step,
	textColumns,
	variable,
} from './kept-run.js';
import {members, openWorkbook, valuesOf} from './open-workbook.js';

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

test('a report has a Summary, and the SQL output, variables and load steps in this order', async () => {
	await keepSql(engine.session, 'people', textColumns('email'), [['a@x'], ['b@x']]);
	await keepSql(engine.session, 'bad_errors', textColumns('why'), [['no mail']]);
	await keepVariables(engine.session, 'people', ['email'], [{values: ['a@x']}, {values: ['b@x']}]);
	await keepLoad(
		engine.session,
		1,
		['email'],
		[
			{outcome: 'created', id: 'id-1', record: 'a@x', rule: 1, values: ['a@x']},
			{outcome: 'created', id: 'id-2', record: 'b@x', rule: 1, values: ['b@x']},
		],
	);
	const {path, bytes, sheets} = await writeReport(request());
	const workbook = await openWorkbook(path);
	expect(workbook.worksheets.map(({name}) => name)).toEqual([
		'Summary',
		'SQL Output (bad_errors)',
		'SQL Output (people)',
		'Variables (people)',
		'Load 1 contacts (people)',
	]);
	expect(sheets).toEqual(workbook.worksheets.map(({name}) => name));
	expect(bytes).toBe(readFileSync(path).length);
	expect(valuesOf(workbook, 'SQL Output (bad_errors)')).toEqual([['why'], ['no mail']]);
	expect(valuesOf(workbook, 'Load 1 contacts (people)')).toEqual([
		['Row', 'Line', 'Outcome', 'Reason', 'Warnings', 'Record ID', 'Record', 'Rule', 'email', 'email (old)'],
		[1, 2, 'created', null, null, 'id-1', 'a@x', 1, 'a@x', null],
		[2, 3, 'created', null, null, 'id-2', 'b@x', 1, 'b@x', null],
	]);
	expect(readdirSync(engine.folder)).toEqual(['report.xlsx']);
});

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

test('a dry run leaves record ids out and keeps the identifiers', async () => {
	await keepLoad(engine.session, 1, ['email'], [{outcome: 'updated', id: 'id-1', record: 'a@x', rule: 1, values: ['a@x']}]);
	const {path} = await writeReport(request({execution: execution({mode: 'dry'})}));
	expect(valuesOf(await openWorkbook(path), 'Load 1 contacts (people)')[1]).toEqual([
		1,
		2,
		'updated',
		null,
		null,
		null,
		'a@x',
		1,
		'a@x',
		null,
	]);
	expect([...(await members(path)).values()].join('')).not.toContain('id-1');
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

test('a table of more rows than a sheet takes continues in sheets of its own, each with its header', async () => {
	await keepSql(
		engine.session,
		'people',
		{n: 'UInt32'},
		Array.from({length: 25}, (_, index) => [index + 1]),
	);
	const {path} = await writeReport(request({rowsPerSheet: 10}));
	const workbook = await openWorkbook(path);
	expect(workbook.worksheets.map(({name}) => name)).toEqual([
		'Summary',
		'SQL Output (people)',
		'SQL Output (people) (2)',
		'SQL Output (people) (3)',
	]);
	expect(valuesOf(workbook, 'SQL Output (people) (2)')).toEqual([['n'], ...Array.from({length: 10}, (_, index) => [index + 11])]);
	expect(valuesOf(workbook, 'SQL Output (people) (3)')).toEqual([['n'], ...Array.from({length: 5}, (_, index) => [index + 21])]);
});

test('a table of a failed run whose rows have gaps keeps them in order, on rows without gaps', async () => {
	const columns = {__row: 'UInt64', __line: 'Nullable(UInt64)', name: 'Nullable(String)'};
	await keep(engine.session, 'sql:people', columns, [[7, 8, 'g']]);
	// two parts, the later rows first
	await engine.session.insert(
		'run.`sql:people`',
		['__row', '__line', 'name'],
		[
			[3, 5],
			[4, 6],
			['c', null],
		],
	);
	const {path} = await writeReport(
		request({
			rowsPerSheet: 2,
			execution: execution({
				status: 'failed',
				error: {code: 'sql.failed', message: 'boom', where: 'transform.sql:3', expected: null, cure: 'Fix it.'},
			}),
		}),
	);
	const workbook = await openWorkbook(path);
	expect(valuesOf(workbook, 'SQL Output (people)')).toEqual([['name'], ['c'], [null]]);
	expect(valuesOf(workbook, 'SQL Output (people) (2)')).toEqual([['name'], ['g']]);
	const summary = JSON.stringify(valuesOf(workbook, 'Summary'));
	for (const words of ['boom', 'transform.sql:3', 'Fix it.']) expect(summary).toContain(words);
});

test('a run that failed before its SQL left anything has a report of the Summary alone', async () => {
	const {path, sheets} = await writeReport(request({execution: execution({status: 'failed'})}));
	expect(sheets).toEqual(['Summary']);
	expect((await openWorkbook(path)).worksheets).toHaveLength(1);
});

test('an empty table is a sheet with its header', async () => {
	await keepSql(engine.session, 'people', textColumns('a', '=b'), []);
	const {path} = await writeReport(request());
	expect(valuesOf(await openWorkbook(path), 'SQL Output (people)')).toEqual([['a', '=b']]);
});

test('the Summary tells counts, timing, configuration, engine, walls, warnings and every sheet by its full title', async () => {
	await keepSql(engine.session, 'a_scope_with_a_name_that_is_far_too_long', textColumns('x'), [['1']]);
	await keepSql(engine.session, 'A_scope_with_a_name_that_is_far_too_long_', textColumns('x'), [['1']]);
	const stages = [
		stage('sql', {name: 'SQL', started_at: '2026-11-20T10:00:01.000Z', ended_at: '2026-11-20T10:00:02.250Z'}),
		stage('load:1', {
			name: 'Contacts',
			object: 'contacts',
			scope: 'people',
			rows: 3,
			created: 1,
			updated: 1,
			skipped: 0,
			errored: 1,
			warnings: 2,
		}),
	];
	const warnings = [{stage: 'intake', line: 7, message: 'surplus cells'} as const];
	const mapped = step({automations: {onCreate: ['welcome'], onUpdate: [], suppressTriggers: true}});
	const {path, sheets} = await writeReport(
		request({
			execution: execution({stages, warnings, counts: {created: 1, updated: 1, skipped: 0, errored: 1, warnings: 2}}),
			connector: connector({loadSteps: [mapped]}),
			diffCheck: true,
		}),
	);
	const workbook = await openWorkbook(path);
	const lines = valuesOf(workbook, 'Summary').map((cells) =>
		cells
			.filter((cell) => cell !== null && cell !== '')
			.map((cell) => (typeof cell === 'object' && cell !== null && 'text' in cell ? cell.text : cell)),
	);
	expect(lines).toEqual(
		expect.arrayContaining([
			['Execution', '01939f3e-0000-7000-8000-000000000001'],
			['Status', 'completed'],
			['Took', '2.50 s'],
			['Engine', 'chdb 26.7.2.1'],
			['Walls around the SQL', 'guard, sandbox'],
			['Diff check', 'on'],
			['load:1', 'Contacts', 'contacts', 'people', 3, 1, 1, 0, 1, 2],
			['All steps', 1, 1, 0, 1, 2],
			['intake', 'surplus cells', 7],
			[sheets[1], 'SQL Output (A_scope_with_a_name_that_is_far_too_long_)', 1],
			[sheets[2], 'SQL Output (a_scope_with_a_name_that_is_far_too_long)', 1],
		]),
	);
	expect(sheets.every((name) => name.length <= 31)).toBe(true);
	expect(new Set(sheets.map((name) => name.toLowerCase())).size).toBe(3);
});

test('the header row is bold, frozen and filtered', async () => {
	await keepSql(engine.session, 'people', textColumns('email', 'n'), [['a', 'b']]);
	const {path} = await writeReport(request());
	const sheet = (await openWorkbook(path)).getWorksheet('SQL Output (people)');
	expect(sheet?.getCell('A1').font.bold).toBe(true);
	expect(sheet?.views[0]).toMatchObject({state: 'frozen', ySplit: 1});
	expect(sheet?.autoFilter).toBe('A1:B2');
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

test.runIf(process.env.SLUICE_LONG)('a table wider than a sheet is cut with a mark, and the Summary says so', async () => {
	const names = Array.from({length: 16_390}, (_, index) => `c${index + 1}`);
	await keepSql(engine.session, 'people', textColumns(...names), [names.map((name) => `v${name}`)]);
	const {path} = await writeReport(request());
	const xml = (await members(path)).get('xl/worksheets/sheet2.xml') ?? '';
	expect(xml).toContain('<c r="XFC2" t="inlineStr"><is><t xml:space="preserve">vc16383</t></is></c>');
	expect(xml).toMatch(/<c r="XFD1"[^>]*><is><t[^>]*>… \[cut: 7 more columns\]/);
	expect(xml).not.toContain('XFE');
	expect((await members(path)).get('xl/worksheets/sheet1.xml')).toContain('the SQL output holds them all');
});

test('what cannot be written leaves the old report and no other trace', async () => {
	await keepSql(engine.session, 'people', textColumns('email'), [['a']]);
	writeFileSync(join(engine.folder, 'report.xlsx'), 'old');
	const broken = {...engine.session, execute: async () => Promise.reject(new Error('engine gone'))};
	await expect(writeReport(request({session: broken}))).rejects.toThrow('engine gone');
	expect(readFileSync(join(engine.folder, 'report.xlsx'), 'utf8')).toBe('old');
	expect(readdirSync(engine.folder)).toEqual(['report.xlsx']);
	mkdirSync(join(engine.folder, 'folder.xlsx'));
	await expect(writeReport(request({target: join(engine.folder, 'folder.xlsx')}))).rejects.toMatchObject({code: 'report.unwritable'});
	await expect(writeReport(request({target: join(engine.folder, 'missing', 'r.xlsx')}))).rejects.toMatchObject({code: 'report.unwritable'});
	expect(existsSync(join(engine.folder, 'missing'))).toBe(false);
});
