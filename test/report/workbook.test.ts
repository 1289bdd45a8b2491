import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import type {SqlSession} from '../../source/model/sql-session.js';
import {SheetBuilder} from '../../source/report/sheets/builder.js';
import {writeReport} from '../../source/report/workbook.js';
import {connector, contacts, execution, keep, keepLoad, keepSql, keepVariables, keptRun, stage, step, textColumns} from './kept-run.js';
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

test('sheets that somebody else builds are waited for, and stand in their place though they are done last', async () => {
	await keepSql(engine.session, 'people', textColumns('email'), [['a@x']]);
	await keepVariables(engine.session, 'people', ['email'], [{values: ['a@x']}]);
	await keepLoad(engine.session, 1, ['email'], [{outcome: 'created', id: 'id-1', record: 'a@x', rule: 1, values: ['a@x']}]);
	const sheets = await SheetBuilder.open({...request(), mode: 'live'});
	const promised = sheets.promise('sql:people');
	const builders: string[] = [];
	const as = (builder: string): SqlSession => ({
		...engine.session,
		async execute(sql) {
			await engine.session.execute(sql);
			if (!sql.startsWith('INSERT INTO FUNCTION file')) return;
			builders.push(builder);
			if (builders.join() === 'report,report') await promised(as('somebody else'), 1);
		},
	});
	const {path} = await writeReport(request({session: as('report'), sheets}));
	expect(builders).toEqual(['report', 'report', 'somebody else']);
	const workbook = await openWorkbook(path);
	expect(workbook.worksheets.map(({name}) => name)).toEqual([
		'Summary',
		'SQL Output (people)',
		'Variables (people)',
		'Load 1 contacts (people)',
	]);
	expect(valuesOf(workbook, 'SQL Output (people)')).toEqual([['email'], ['a@x']]);
	expect((await members(path)).get('xl/worksheets/sheet2.xml')).toContain('<v>a@x</v>');
});

test('what somebody else could not build is built with the report', async () => {
	await keepSql(engine.session, 'people', textColumns('email'), [['a@x']]);
	const sheets = await SheetBuilder.open({...request(), mode: 'live'});
	const broken: SqlSession = {...engine.session, rows: () => Promise.reject(new Error('gone'))};
	await expect(sheets.promise('sql:people')(broken, 1)).rejects.toThrow('gone');
	const {path} = await writeReport(request({sheets}));
	expect(valuesOf(await openWorkbook(path), 'SQL Output (people)')).toEqual([['email'], ['a@x']]);
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
			['Took', '2.5 s'],
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
