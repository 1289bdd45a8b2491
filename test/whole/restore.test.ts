import {existsSync, mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import {afterAll, beforeAll, expect, test} from 'vitest';
import type {ConnectorSummary, HistoryEntry, Restored, Status} from '../../source/api/contract.js';
import type {Execution} from '../../source/model/execution.js';
import {Freeze} from '../support/freeze.js';
import {freePort, ordersObject, ordersSql, ordersYaml, sampleCsv} from '../webhooks/support.js';
import {TestWorkspace} from './workspace.js';

const rowsOfRunning = 3_000;
const chunkSize = 10;
const variable = 'SLUICE_SECRET_HOOK_TOKEN';
const running = ['north', 'south'] as const;
const schedules = ['daily', 'weekly', 'nightly'] as const;

const importer = `name: Importer
type: spreadsheet
object: items
sample_file: sample.csv
variables:
  - {name: code, column: code, type: string, required: true}
  - {name: name, column: name, type: string}
load_steps:
  - name: Items
    object: items
    matching: [{field: code, variable: code}]
    mapping:
      - {field: code, variables: [code]}
      - {field: name, variables: [name], conflict: overwrite}
settings: {chunk_size: ${chunkSize}}
`;

const scheduled = `name: Scheduled
type: schedule
object: items
sql: transform.sql
schedule: {cron: "0 3 1 1 *"}
variables:
  - {name: code, scope: ticks, column: code, type: string, required: true}
load_steps:
  - name: Ticks
    object: items
    scope: ticks
    matching: [{field: code, variable: code}]
    mapping: [{field: code, variables: [code]}]
`;

let workspace: TestWorkspace;
let freeze: Freeze;
let elsewhere: string;
let port: number;

beforeAll(async () => {
	port = await freePort();
	const hook = (cadence: number) => ordersYaml(`{cadence: ${cadence}, auth: {bearer: hook_token}}`);
	workspace = new TestWorkspace(
		Object.fromEntries([
			['sluice.yaml', `name: test\nlimits: {sql_sandbox: off}\nhttp: {listen: "127.0.0.1:${port}"}\n`],
			[
				'objects/items.yaml',
				'name: Items\nfields:\n  - {api_name: code, name: Code, type: text, identifier: true}\n  - {api_name: name, name: Name, type: text}\n',
			],
			['objects/orders.yaml', ordersObject],
			...running.flatMap((name) => [
				[`connectors/${name}/connector.yaml`, importer],
				[`connectors/${name}/sample.csv`, 'code,name\nA,a\n'],
			]),
			...['orders', 'late'].flatMap((name) => [
				[`connectors/${name}/connector.yaml`, hook(name === 'orders' ? 3600 : 1)],
				[`connectors/${name}/sample.csv`, sampleCsv],
				[`connectors/${name}/transform.sql`, ordersSql],
			]),
			...schedules.flatMap((name) => [
				[`connectors/${name}/connector.yaml`, scheduled],
				[`connectors/${name}/transform.sql`, `CREATE TABLE output.ticks AS SELECT '${name}' AS code FROM input.schedule;\n`],
			]),
		]),
	);
	freeze = new Freeze(workspace, 'runner.commit.after');
	elsewhere = mkdtempSync(join(tmpdir(), 'sluice-whole-restored-'));
	process.env[variable] = 'a long token';
	for (const name of [...running, ...schedules, 'orders', 'late']) expect(await workspace.cli('activate', name)).toMatchObject({code: 0});
	expect(await workspace.cli('deactivate', 'late')).toMatchObject({code: 0});
});

afterAll(async () => {
	Freeze.end();
	await at(join(elsewhere, 'restored')).cli('daemon', 'stop');
	await workspace.close();
	delete process.env[variable];
	rmSync(elsewhere, {recursive: true, force: true, maxRetries: 20, retryDelay: 100});
});

/** The same commands in another folder. */
function at(dir: string): TestWorkspace {
	return Object.assign(Object.create(TestWorkspace.prototype) as TestWorkspace, {dir});
}

/** Rows whose codes begin with the prefix. */
const codes = (prefix: string, count: number): string =>
	`code,name\n${Array.from({length: count}, (_, index) => `${prefix}${index},n\n`).join('')}`;

async function submit(connector: string, prefix: string, count: number): Promise<string> {
	const file = workspace.write(`${prefix}.csv`, codes(prefix, count));
	const [execution] = await workspace.json<Execution>(['run', connector, '--input', file, '--detach']);
	return execution?.id ?? '';
}

const post = async (connector: string, code: string) =>
	(
		await fetch(`http://127.0.0.1:${port}/hooks/${connector}`, {
			method: 'POST',
			headers: {Authorization: 'Bearer a long token', 'Idempotency-Key': code},
			body: JSON.stringify({code}),
		})
	).status;

async function until<Found>(look: () => Promise<Found | undefined | null | false>): Promise<Found> {
	for (;;) {
		const found = await look();
		if (found) return found;
		await pause(20);
	}
}

const executionsOf = async (of: TestWorkspace) => await of.json<Execution>(['executions', '--limit', '0']);
const codesIn = async (of: TestWorkspace, object: string) =>
	(await of.json<{fields: {code: string}}>(['records', object, '--limit', '0'])).map(({fields}) => fields.code).sort();

test('a busy workspace that is restored elsewhere takes every row once, and so does the one that goes on', async () => {
	const client = await workspace.client();
	// Both stand still while the rest is sent, so that they run when the backup is made: the first between two chunks, where it holds no lock.
	const ran = [await submit('north', 'north', rowsOfRunning)];
	await freeze.reached();
	const [north] = workspace.pids('runner');
	const south = await submit('south', 'south', rowsOfRunning);
	await until(async () => (await client.execution(south)).counts.created > 100);
	for (const pid of workspace.pids('runner')) if (pid !== north) process.kill(pid, 'SIGSTOP');
	ran.push(south);
	const queued = [
		...(await Promise.all(['q1', 'q2', 'q3'].map((prefix) => submit('north', prefix, 20)))),
		...(await Promise.all(['q4', 'q5'].map((prefix) => submit('south', prefix, 20)))),
	];
	const sent = Array.from({length: 40}, (_, index) => `web${index}`);
	for (const code of sent) expect(await post('orders', code)).toBe(201);
	expect(await post('late', 'late')).toBe(201);
	await until(async () => (await executionsOf(workspace)).some(({connector}) => connector === 'late'));
	expect(await workspace.cli('backup', 'backup.zip')).toMatchObject({code: 0});

	const restored = at(join(elsewhere, 'restored'));
	const [said] = await workspace.json<Restored>(['restore', join(workspace.dir, 'backup.zip'), restored.dir]);
	expect(said).toMatchObject({
		workspace: restored.dir,
		from: workspace.dir,
		queued: 8,
		requests: 40,
		without_input: [],
		connectors: ['daily', 'nightly', 'north', 'orders', 'south', 'weekly'],
	});
	// The original goes on with its listener; the other one needs its own, and its windows end now.
	restored.write('sluice.yaml', `name: test\nlimits: {sql_sandbox: off}\nhttp: {listen: "127.0.0.1:${await freePort()}"}\n`);
	const control = new Sqlite(join(restored.dir, '.sluice/control.db'));
	control.prepare('UPDATE webhook_windows SET starts_at = starts_at - 7200 WHERE requests IS NULL').run();
	control.close();

	const before = await executionsOf(restored);
	const rowsOf = new Map(before.map(({id, counts}) => [id, counts.created]));
	const stored = (await codesIn(restored, 'items')).length;
	expect(ran.reduce((sum, id) => sum + (rowsOf.get(id) ?? 0), 0)).toBe(stored);
	expect(before.filter(({status}) => status !== 'queued')).toEqual([]);
	const web = await until(async () => (await executionsOf(restored)).find(({connector}) => connector === 'orders'));
	const [status] = await restored.json<Status>(['status']);
	expect(status?.connectors.map(({status: is}: ConnectorSummary) => is)).toEqual(Array.from({length: 7}, () => 'inactive'));

	for (const name of ['north', 'south', 'orders', 'late', ...schedules]) {
		await restored.cli('queue', name);
		expect(await restored.cli('activate', name, '--keep-all')).toMatchObject({code: 0});
	}
	const all = await until(async () => {
		const found = await executionsOf(restored);
		return found.every(({status: is}) => is !== 'queued' && is !== 'running') && found;
	});
	const created = new Map(all.map(({id, status: is, counts}) => [id, {status: is, ...counts}]));
	const clean = (rows: number) => ({status: 'completed', created: rows, updated: 0, skipped: 0, errored: 0, warnings: 0});
	expect(ran.map((id) => created.get(id))).toEqual([clean(rowsOfRunning), clean(rowsOfRunning)]);
	expect(queued.map((id) => created.get(id))).toEqual(queued.map(() => clean(20)));
	expect(created.get(web.id)).toEqual(clean(40));
	expect(all).toHaveLength(9);
	expect(await codesIn(restored, 'orders')).toEqual([...sent, 'late'].sort());
	expect(await codesIn(restored, 'items')).toHaveLength(2 * rowsOfRunning + 100);
	const [{artifacts} = {artifacts: null}] = await restored.json<Execution>(['show', ran[0] ?? '']);
	expect([artifacts?.report, artifacts?.sql_output].every((path) => path?.startsWith(restored.dir) && existsSync(path))).toBe(true);
	expect((await restored.json<{outcome: string}>(['rows', ran[0] ?? '', 'load:1', '--limit', '0'])).length).toBe(rowsOfRunning);
	const history = await restored.json<HistoryEntry>(['history', '--limit', '0']);
	expect(history.filter(({what}) => what === 'restore')).toHaveLength(1);

	const original = await until(async () => {
		const found = (await executionsOf(workspace)).filter(({id}) => ran.includes(id) || queued.includes(id));
		return found.every(({status: is}) => is === 'completed') && found;
	});
	expect(original.reduce((sum, {counts}) => sum + counts.created, 0)).toBe(2 * rowsOfRunning + 100);
	expect(await codesIn(workspace, 'items')).toHaveLength(2 * rowsOfRunning + 100);
	expect(readdirSync(join(workspace.dir, '.sluice/tasks'))).toEqual([]);
}, 240_000);

test('a backup is restored only into an empty folder', async () => {
	const file = join(workspace.dir, 'backup.zip');
	for (const dir of [workspace.dir, join(elsewhere, 'restored')])
		expect(await workspace.cli('restore', file, dir)).toMatchObject({
			code: 1,
			err: expect.stringContaining('there is a workspace already'),
		});
	expect(await workspace.cli('restore', file, elsewhere)).toMatchObject({code: 1, err: expect.stringContaining('not empty')});
	expect(readdirSync(elsewhere)).toEqual(['restored']);
});
