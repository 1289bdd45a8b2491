import {spawn} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterEach, expect, test} from 'vitest';
import type {HistoryEntry, Status} from '../../source/api/contract.js';
import type {Execution} from '../../source/model/execution.js';
import {clockText} from '../../source/model/moment.js';
import {demoWorkspace, itemsWorkspace, type TestWorkspace} from './workspace.js';

type Line = Readonly<Record<string, unknown>>;

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

let workspace: TestWorkspace;

afterEach(() => workspace.close());

test('what a finished execution left is there in the shapes of the command line', async () => {
	workspace = await demoWorkspace();
	const run = await workspace.run('vendor_products', 'connectors/vendor_products/sample.zip');
	await workspace.run('contacts', 'connectors/contacts/contacts.csv', '--dry-run');

	const [status] = await workspace.json<Status>(['status']);
	expect(Object.keys(status ?? {})).toEqual(expect.arrayContaining(['workspace', 'daemon', 'connectors', 'needs_you']));
	expect((status?.connectors ?? []).map((line) => Object.keys(line))).toContainEqual(
		expect.arrayContaining(['api_name', 'status', 'type', 'queued', 'running', 'problems', 'last_execution', 'next_run']),
	);

	expect((await workspace.json<Execution>(['executions'])).map(({connector}) => connector)).toEqual(['contacts', 'vendor_products']);
	for (const [filter, found] of [
		[['--mode', 'dry'], 1],
		[['vendor_products'], 1],
		[['--status', run.status, '--object', 'vendors'], 1],
		[['--mode', 'live', '--status', 'failed'], 0],
		[['vendor_products', '--mode', 'live', '--object', 'products', '--operation', 'import'], 1],
		[['vendor_products', '--mode', 'dry'], 0],
		[['--object', 'contacts'], 2],
		[['--operation', 'export'], 0],
	] as const) {
		expect((await workspace.json(['executions', ...filter])).length).toBe(found);
	}

	const recent = (await workspace.cli('status')).out.split('\nRecent runs\n')[1]?.trimEnd().split('\n') ?? [];
	const cells = recent.map((line) => line.split(/ {2,}/));
	const signals = 'connector,status,object,operation,created,updated,skipped,errored,started (Europe/Paris),finished,execution';
	expect(cells[0]?.join()).toBe(signals);
	expect(cells.slice(1).map(([connector]) => connector)).toEqual(['contacts', 'vendor_products']);
	const {created, updated, skipped, errored} = run.counts;
	const [started, finished] = [run.started_at, run.ended_at].map((at) => clockText(String(at), 'Europe/Paris'));
	expect(cells[2]?.slice(1)).toEqual(
		[run.status, run.objects.join(', '), 'import', created, updated, skipped, errored, started, finished, run.id].map(String),
	);

	const tables = await workspace.json<{table: string; rows: number}>(['tables', run.id]);
	expect(tables.every(({table, rows}) => /^(sql|variables|load):/.test(table) && Number.isInteger(rows))).toBe(true);
	const keys = {sql: ['row', 'values'], variables: ['row', 'state', 'reason', 'variables'], load: loadKeys};
	for (const kind of ['sql', 'variables', 'load'] as const) {
		const table = tables.find((candidate) => candidate.table.startsWith(`${kind}:`));
		const rows = await workspace.json<Line>(['rows', run.id.slice(0, 30), table?.table ?? '', '--limit', '0']);
		expect(rows.length).toBe(table?.rows);
		expect(rows[0]).toMatchObject({row: 1});
		expect(Object.keys(rows[0] ?? {})).toEqual(keys[kind]);
	}
	expect((await workspace.json<{row: number}>(['rows', 'last', 'load:1', '--limit', '2', '--offset', '1'])).map(({row}) => row)).toEqual([
		2, 3,
	]);

	const [explained] = await workspace.json<Line>(['explain', run.id, '--row', '1', '--scope', 'products']);
	expect(Object.keys(explained ?? {})).toEqual(expect.arrayContaining(['intake', 'sql', 'variables', 'load:3']));
	expect((await workspace.json<Line>(['find', '0042', '--connector', 'vendor_products']))[0]).toMatchObject({
		execution: run.id,
		connector: 'vendor_products',
	});
	const [logged] = await workspace.json<Line>(['logs', run.id]);
	expect(logged).toMatchObject({
		at: expect.stringMatching(instant),
		level: expect.stringMatching(/info|warning/),
		message: expect.any(String),
	});
	expect(await workspace.json(['deliveries'])).toBeInstanceOf(Array);
	expect((await workspace.json<Line>(['infer', 'contacts']))[0]).toMatchObject({name: expect.any(String), type: expect.any(String)});
	expect((await workspace.json<Line>(['doctor'], [0, 1])).map((line) => Object.keys(line))).toContainEqual(['check', 'ok', 'message']);

	const backup = join(workspace.dir, 'backup.zip');
	expect((await workspace.json<Line>(['backup', backup]))[0]).toMatchObject({path: backup});
	expect(existsSync(backup)).toBe(true);
	expect((await workspace.json<Line>(['report', run.id, '--to', join(workspace.dir, 'mine.xlsx')]))[0]).toMatchObject({
		bytes: expect.any(Number),
	});

	const history = await workspace.json<HistoryEntry>(['history', 'vendor_products']);
	expect(history.map(({what}) => what)).toEqual(['export', 'ended', 'run', 'activate']);
	expect(history[0]).toMatchObject({at: expect.stringMatching(instant), connector: 'vendor_products', who: expect.any(String)});
});

test('records narrow by several conditions, which all hold', async () => {
	workspace = itemsWorkspace(10);
	workspace.write('in.csv', 'code,name\nA,red\nB,red\nC,blue\n');
	await workspace.cli('activate', 'items');
	await workspace.run('items', 'in.csv');
	const found = async (...conditions: readonly string[]) =>
		(
			await workspace.json<{fields: {code: string}}>(['records', 'items', ...conditions.flatMap((condition) => ['--where', condition])])
		).map(({fields}) => fields.code);
	expect(new Set(await found('name=red'))).toEqual(new Set(['A', 'B']));
	expect(await found('name=red', 'code=B')).toEqual(['B']);
	expect(await found('name=blue', 'code=B')).toEqual([]);
});

test('wrong names and flags are exit 2 with the nearest one, missing files exit 1', async () => {
	workspace = itemsWorkspace(10);
	for (const [words, hint] of [
		[['activate', 'itmes'], 'items'],
		[['run', 'itmes', '--dry-run'], 'items'],
		[['records', 'itmes'], 'items'],
		[['history', 'itmes'], 'items'],
		[['executions', 'itmes'], 'items'],
		[['find', 'x', '--connector', 'itmes'], 'items'],
		[['records', 'items', '--where', 'nmae=x'], 'name'],
		[['executions', '--status', 'runing'], 'running'],
		[['run', 'items', '--dry-rum'], '--dry-run'],
		[['secret', 'lst'], 'list'],
		[['stauts'], 'status'],
	] as const) {
		const said = await workspace.cli(...words, '--json');
		expect([words, said.code]).toEqual([words, 2]);
		expect(JSON.parse(said.err)).toMatchObject({
			cure: expect.stringContaining(hint),
			message: expect.any(String),
			code: expect.any(String),
		});
	}
	expect((await workspace.cli('show', 'abcdef')).code).toBe(2);
	expect((await workspace.cli('run', 'items', '--dry-run', '--input', 'nowhere.csv')).code).toBe(1);
});

test('secrets are set from a pipe, listed by name, and removed; no value is ever shown', async () => {
	workspace = itemsWorkspace(10);
	const set = spawn(process.execPath, [cli, 'secret', 'set', 'hook_key', '--workspace', workspace.dir], {
		stdio: ['pipe', 'inherit', 'inherit'],
	});
	set.stdin.end('topsecret-value\n');
	expect(await new Promise((resolve) => set.once('close', resolve))).toBe(0);
	expect(await workspace.json(['secret', 'list'])).toEqual([{name: 'hook_key', from: 'store'}]);
	expect(readFileSync(join(workspace.dir, '.sluice/secrets.json'), 'utf8')).not.toContain('topsecret');
	expect((await workspace.cli('history')).out).not.toContain('topsecret');
	expect((await workspace.cli('secret', 'remove', 'hook_key')).code).toBe(0);
	expect((await workspace.cli('secret', 'remove', 'hook_key')).code).toBe(2);
	expect(await workspace.json(['secret', 'list'])).toEqual([]);
});

const loadKeys = ['row', 'line', 'outcome', 'reason', 'record_id', 'record', 'rule', 'warnings', 'values', 'changes'];
