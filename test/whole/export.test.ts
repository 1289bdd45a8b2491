import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {afterAll, beforeAll, beforeEach, expect, test} from 'vitest';
import type {ConnectorDetail} from '../../source/api/contract.js';
import type {Execution} from '../../source/model/execution.js';
import {itemsWorkspace, type TestWorkspace} from './workspace.js';

let workspace: TestWorkspace;
let restore: () => Promise<void>;

beforeAll(async () => {
	workspace = itemsWorkspace(10);
	await workspace.cli('activate', 'items');
	await workspace.run('items', workspace.write('in.csv', 'code,name\nA,one\nB,"say ""two"""\n'));
	restore = await workspace.snapshot();
});

beforeEach(() => restore());

afterAll(() => workspace.close());

const target = () => join(workspace.dir, 'out/deep/items.csv');

function exporter(name: string, more: string): void {
	workspace.write(`connectors/${name}/connector.yaml`, `name: Out\noperation: export\n${more}\n`);
}

async function run(...words: readonly string[]): Promise<Execution> {
	const [execution] = await workspace.json<Execution>(['run', ...words], [0, 1, 3, 5]);
	if (!execution) throw new Error('run printed nothing');
	return execution;
}

test.runIf(process.env.SLUICE_LONG)(
	'an export waits for activation like any live run; a dry run shows rows and where they would go, and writes nothing',
	async () => {
		exporter('out', 'export: {object: items, to: out/deep/items.csv}');
		const waiting = await run('out');
		expect([waiting.status, waiting.waiting_for]).toEqual(['queued', 'activation']);

		const dry = await run('out', '--dry-run');
		expect([dry.status, dry.rows.by_scope, dry.artifacts.export]).toEqual(['completed', {items: 2}, null]);
		const rows = await workspace.json<{values: unknown}>(['rows', dry.id, 'sql:items']);
		expect(rows.map(({values}) => values)).toEqual([
			{code: 'A', name: 'one'},
			{code: 'B', name: 'say "two"'},
		]);
		const shown = (await workspace.cli('show', dry.id)).out;
		expect(shown).toMatch(/2 rows would be written; nothing was[\s\S]*First 2 of 2 rows\ncode +name\nA +one\nB +say "two"\n/);
		expect((await workspace.cli('logs', dry.id)).out).toContain(`a live run would write 2 rows to ${target()}`);
		expect(existsSync(join(workspace.dir, 'out'))).toBe(false);

		expect((await workspace.cli('activate', 'out', '--cancel-all', '--revision', '1')).code).toBe(0);
		const live = await run('out');
		expect(readFileSync(target(), 'utf8')).toBe('"code","name"\n"A","one"\n"B","say ""two"""\n');
		expect(live.artifacts).toMatchObject({input: null, export: target(), report: expect.any(String)});
		expect(await workspace.json<Execution>(['executions', '--operation', 'export', '--object', 'items'])).toHaveLength(3);
		expect((await workspace.json<Execution>(['executions', '--operation', 'import'])).map(({connector}) => connector)).toEqual(['items']);
		expect((await workspace.cli('run', 'out', '--input', join(workspace.dir, 'in.csv'))).err).toContain('reads no file');
		const again = await workspace.json<Execution>(['rerun', live.id]);
		expect(again[0]?.status).toBe('completed');
	},
);

test('what this export wrote it replaces; what somebody else put there it leaves, and says so, in a dry run too', async () => {
	exporter('out', 'export: {object: items, to: out/deep/items.csv}');
	exporter('other', 'export: {object: items, format: jsonl, to: out/deep/items.csv}');
	for (const name of ['out', 'other']) await workspace.cli('activate', name);
	expect((await run('out')).status).toBe('completed');
	await workspace.run('items', workspace.write('more.csv', 'code,name\nC,three\n'));
	expect((await run('out')).status).toBe('completed');
	expect(readFileSync(target(), 'utf8')).toContain('"C","three"');

	const refused = await run('other');
	expect([refused.status, refused.error]).toMatchObject(['failed', {code: 'export.exists', where: target()}]);
	const dry = await run('other', '--dry-run');
	expect([dry.status, dry.warnings[0]?.message]).toEqual(['warning', expect.stringContaining('A live run would stop here')]);
	expect(readFileSync(target(), 'utf8')).toContain('"C","three"');
	expect(readdirSync(join(workspace.dir, 'out/deep'))).toEqual(['items.csv']);
});

test('SQL over reference data is written in its order, validated as it stands, and held by the same walls', async () => {
	exporter(
		'out',
		'reference_data: [{object: items, fields: [code, name]}]\nexport: {sql: report.sql, format: jsonl, to: "out/{connector}.jsonl"}',
	);
	workspace.write(
		'connectors/out/report.sql',
		'SELECT code, length(name) AS n, [code, name] AS both FROM kizen.items ORDER BY code DESC\n',
	);
	expect(await workspace.cli('activate', 'out')).toMatchObject({code: 0});
	const live = await run('out');
	expect([live.status, live.rows.by_scope]).toEqual(['completed', {export: 2}]);
	expect(readFileSync(join(workspace.dir, 'out/out.jsonl'), 'utf8')).toBe(
		'{"code":"B","n":9,"both":["B","say \\"two\\""]}\n{"code":"A","n":3,"both":["A","one"]}\n',
	);
	workspace.write('connectors/out/report.sql', "SELECT *\nFROM file('/etc/passwd', 'LineAsString')\n");
	const refused = await workspace.cli('validate', 'out');
	expect([refused.code, refused.out]).toEqual([1, expect.stringContaining('connectors/out/report.sql:2:6')]);
	const [detail] = await workspace.json<ConnectorDetail>(['history', 'out', '--limit', '1']);
	expect(detail).toMatchObject({what: 'deactivate', detail: {reason: 'connectors/out/report.sql changed'}});
});

test('a path that cannot be is refused when the file is read', async () => {
	for (const [to, said] of [
		['out/{dat}.csv', '"{dat}" is not known here'],
		['.sluice/control.db', 'cannot write into the state'],
		['out/', 'is a folder'],
	] as const) {
		exporter('out', `export: {object: items, to: "${to}"}`);
		expect((await workspace.cli('validate', 'out')).out).toContain(said);
	}
});

test.runIf(process.env.SLUICE_LONG)('no rows make a file with a header alone, in every format', async () => {
	workspace.write('objects/empty.yaml', 'name: Empty\nfields:\n  - {api_name: code, name: Code, type: text, identifier: true}\n');
	for (const format of ['csv', 'xlsx', 'jsonl', 'parquet']) {
		exporter(format, `export: {object: empty, format: ${format}, to: "out/{object}.${format}"}`);
		await workspace.cli('activate', format);
		expect((await run(format)).status).toBe('completed');
	}
	expect(readFileSync(join(workspace.dir, 'out/empty.csv'), 'utf8')).toBe('"code"\n');
	expect(readFileSync(join(workspace.dir, 'out/empty.jsonl'), 'utf8')).toBe('');
	expect(readdirSync(join(workspace.dir, 'out')).sort()).toEqual(['empty.csv', 'empty.jsonl', 'empty.parquet', 'empty.xlsx']);
	for (const name of ['empty.xlsx', 'empty.parquet']) {
		const {err} = await workspace.cli('run', 'items', '--dry-run', '--input', join(workspace.dir, 'out', name), '--json');
		expect(JSON.parse(err)).toMatchObject({code: 'intake.incompatible', message: expect.stringContaining('lacks a column: "name"')});
	}
});

test('a folder that cannot be written fails the run with its cause, and what was read stays to look at', async () => {
	writeFileSync(join(workspace.dir, 'wall'), 'a file, not a folder');
	exporter('out', 'export: {object: items, to: wall/items.csv}');
	await workspace.cli('activate', 'out');
	const failed = await run('out');
	expect([failed.status, failed.error]).toMatchObject(['failed', {code: 'export.failed', where: join(workspace.dir, 'wall/items.csv')}]);
	expect(await workspace.json(['rows', failed.id, 'sql:items'])).toHaveLength(2);
});

test('the mail of an export says how much went where', async () => {
	exporter('out', 'export: {object: items, to: out/items.csv}\nsettings: {notify_on: all, notification_emails: [ops@example.com]}');
	await workspace.cli('activate', 'out');
	const {id} = await run('out');
	const client = await workspace.client();
	while ((await client.deliveries()).items.every(({execution, state}) => execution !== id || state !== 'delivered')) await pause(20);
	const outbox = join(workspace.dir, '.sluice/outbox');
	const mail = readFileSync(join(outbox, readdirSync(outbox)[0] ?? ''), 'utf8').replaceAll(/=\r?\n/g, '');
	expect(mail).toContain(`2 rows written to ${join(workspace.dir, 'out/items.csv')}.`);
	expect(mail).toContain('filename=report.xlsx');
});

test.runIf(process.env.SLUICE_LONG)(
	'an export whose runner dies before the rename and that is cancelled then leaves nothing behind',
	async () => {
		exporter('out', 'export: {object: items, to: out/deep/items.csv}');
		expect((await workspace.cli('activate', 'out')).code).toBe(0);
		await workspace.cli('daemon', 'stop');
		const marker = join(workspace.dir, 'reached');
		Object.assign(process.env, {
			SLUICE_FAILPOINT: 'runner.export.before',
			SLUICE_FAILPOINT_MARKER: marker,
			SLUICE_FAILPOINT_SIGNAL: 'SIGSTOP',
		});
		try {
			const [{id}] = (await workspace.json<Execution>(['run', 'out', '--detach'])) as [Execution];
			while (!existsSync(marker)) await pause(20);
			expect(readdirSync(join(workspace.dir, 'out/deep'))).toEqual([expect.stringMatching(/^\.items\.csv\..*\.part$/)]);
			const cancelled = workspace.cli('cancel', id);
			while (!(await workspace.json<{what: string}>(['history', 'out'])).some(({what}) => what === 'cancel')) await pause(50);
			for (const pid of workspace.pids('runner')) process.kill(pid, 'SIGKILL');
			expect((await cancelled).code).toBe(0);
			const [ended] = await workspace.json<Execution>(['show', id, '--follow'], [4]);
			expect(ended?.status).toBe('cancelled');
			expect(readdirSync(join(workspace.dir, 'out/deep'))).toEqual([]);
		} finally {
			for (const name of ['SLUICE_FAILPOINT', 'SLUICE_FAILPOINT_MARKER', 'SLUICE_FAILPOINT_SIGNAL']) delete process.env[name];
		}
	},
);

test.runIf(process.env.SLUICE_LONG === '1')('an export with a schedule runs by itself, as often as it says', async () => {
	exporter('out', 'export: {object: items, to: out/deep/items.csv}\nschedule: {cadence: 1}');
	expect((await workspace.cli('activate', 'out')).code).toBe(0);
	let ended: readonly Execution[] = [];
	while (ended.length < 2) {
		await pause(100);
		ended = (await workspace.json<Execution>(['executions', 'out'])).filter(({status}) => status === 'completed');
	}
	expect((await workspace.cli('deactivate', 'out')).code).toBe(0);
	expect(ended[0]?.artifacts).toMatchObject({export: target()});
	expect(readFileSync(target(), 'utf8')).toContain('"A","one"');
});
