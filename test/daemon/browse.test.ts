import {existsSync, mkdirSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {request} from 'node:http';
import {afterAll, beforeAll, expect, test} from 'vitest';
import type {Client} from '../../source/api/client.js';
import {runnerProgram} from '../../source/daemon/programs.js';
import type {Execution} from '../../source/model/execution.js';
import {ended, until, World} from './support/world.js';

/* With the real runner and the real engine: needs `npm run build`. */

let world: World;
let client: Client;
let live: Execution;

beforeAll(async () => {
	world = new World();
	world.connector('people');
	world.connector('broken', '', 'CREATE TABLE output.people ORDER BY tuple() AS SELECT email FROM input.page_idx_0; SELECT throwIf(1)');
	client = await world.start(runnerProgram());
	await client.activate('people');
	const input = world.write('files/in.csv', 'email\nann@x\n\nbob@x\n=cmd()\n');
	const {id} = await client.run({...world.request('people', 'unused.csv'), input});
	live = await until(client, id, ended);
});

afterAll(() => world.end());

test('a live run is read table by table, page by page', async () => {
	expect(live).toMatchObject({status: 'completed', counts: {created: 3}});
	expect((await client.tables(live.id)).items).toContainEqual({table: 'load:1', rows: 3});
	const first = await client.rows(live.id, 'load:1', {limit: 2});
	expect(first).toMatchObject({
		total: 3,
		next: 2,
		items: [
			{row: 1, outcome: 'created', record: 'ann@x'},
			{row: 2, record: 'bob@x'},
		],
	});
	expect(await client.rows(live.id, 'load:1', {limit: 2, offset: 2})).toMatchObject({total: 3, next: null, items: [{row: 3}]});
	expect(await client.rows(live.id, 'load:1', {find: 'BOB'})).toMatchObject({total: 1, items: [{row: 2, line: 4}]});
	expect((await client.values(live.id, 'load:1', 'outcome')).items).toEqual([{value: 'created', rows: 3}]);
	await expect(client.rows(live.id, 'load:9')).rejects.toMatchObject({code: 'report.no_table'});
});

test('a row is explained from its line to the record that holds it now', async () => {
	const explained = await client.explain(live.id.slice(0, 20), 2);
	expect(explained).toMatchObject({
		row: 2,
		scope: 'input',
		intake: {line: 4, text: 'bob@x'},
		'load:1': {outcome: 'created', rules: [{candidates_now: [{archived: false}]}]},
	});
});

test('rows of past executions are found by what they hold, within a time', async () => {
	expect((await client.find({text: 'ann@'})).items).toMatchObject([{execution: live.id, connector: 'people', row: 1, outcome: 'created'}]);
	expect((await client.find({text: 'ann@', since: '2999-01-01'})).items).toEqual([]);
	await expect(client.find({text: 'ann@', connector: 'other'})).rejects.toMatchObject({code: 'usage.unknown'});
});

test('every run that holds a text is counted, however few rows are asked for, and a dry run is told from a live one', async () => {
	const input = world.write('files/dry.csv', 'email\nann@x\nbob@x\n');
	const {id} = await client.run({...world.request('people', 'unused.csv'), input, mode: 'dry'});
	await until(client, id, ended);
	const runs = [
		{execution: id, mode: 'dry', rows: 2},
		{execution: live.id, mode: 'live', rows: 2},
	];
	const first = await client.find({text: '@x', limit: 1});
	expect(first).toMatchObject({total: 4, next: 1, items: [{execution: id, mode: 'dry', row: 1}], unread: []});
	expect(first.runs).toMatchObject([
		{...runs[0], shown: 1},
		{...runs[1], shown: 0},
	]);
	const last = await client.find({text: '@x', limit: 2, offset: 2});
	expect(last).toMatchObject({total: 4, next: null, items: [{execution: live.id, mode: 'live', row: 1}, {row: 2}]});
	expect(last.runs).toMatchObject([
		{...runs[0], shown: 0},
		{...runs[1], shown: 2},
	]);
});

test('of a run whose SQL failed, what it had built and the page as it was read can be looked at', async () => {
	const {id} = await client.run({...world.request('broken', 'broken.csv'), mode: 'dry', accept_incomplete: true});
	expect(await until(client, id, ended)).toMatchObject({status: 'failed', error: {code: 'sql.failed'}});
	expect((await client.tables(id)).items).toEqual([
		{table: 'sql:input.broken_csv', rows: 2},
		{table: 'sql:people', rows: 2},
	]);
	expect((await client.rows(id, 'sql:input.broken_csv')).items).toEqual([
		{row: 1, values: {email: 'a@x'}},
		{row: 2, values: {email: 'b@x'}},
	]);
});

test('a find that nobody waits for any more ends, and the next one is answered', async () => {
	const abort = new AbortController();
	const asked = fetchOver(client.socket, `/find?text=${encodeURIComponent('ann@')}`, abort.signal);
	abort.abort();
	await expect(asked).rejects.toThrow();
	const all = (await client.find({text: '@x'})).items;
	expect(all.flatMap(({execution, row}) => (execution === live.id ? [row] : []))).toEqual([1, 2]);
});

function fetchOver(socketPath: string, path: string, signal: AbortSignal): Promise<void> {
	return new Promise((resolve, reject) => {
		const outgoing = request({socketPath, path, signal}, (response) => response.resume().on('end', resolve));
		outgoing.on('error', reject);
		outgoing.end();
	});
}

test('records are listed, and archived in a runner of their own', async () => {
	expect(await client.records('people', {where: ['email=bob@x']})).toMatchObject({total: 1, items: [{fields: {email: 'bob@x'}}]});
	expect(await client.archive('people', ['bob@x'])).toEqual({archived: 1});
	expect((await client.records('people')).total).toBe(2);
	expect((await client.records('people', {archived: true})).total).toBe(3);
	await expect(client.archive('people', ['nobody@x'])).rejects.toMatchObject({code: 'store.unknown'});
	expect(await client.unarchive('people', ['bob@x'])).toEqual({unarchived: 1});
});

test('artifacts go where people want them, and a missing report is built again', async () => {
	mkdirSync(world.path('out'));
	const {path} = await client.export(live.id, {artifact: 'report', to: world.path('out')});
	expect(path).toBe(world.path('out', `people-${live.id.slice(0, 13)}-report.xlsx`));
	rmSync(live.artifacts.report ?? '');
	expect((await client.export(live.id, {artifact: 'report', to: world.path('again.xlsx')})).bytes).toBeGreaterThan(1_000);
	expect(existsSync(live.artifacts.report ?? '')).toBe(true);
	const input = await client.export(live.id, {artifact: 'input', to: world.path('out')});
	expect(readFileSync(input.path, 'utf8')).toContain('bob@x');
	await expect(client.export(live.id, {artifact: 'input', to: world.path('no', 'folder', 'x')})).rejects.toMatchObject({
		code: 'export.failed',
	});
	const plain = await client.export(live.id, {artifact: 'sql_output', to: world.path('plain.zip')});
	const safe = await client.export(live.id, {artifact: 'sql_output', to: world.path('safe.zip'), safe_csv: true});
	expect(readFileSync(safe.path).equals(readFileSync(plain.path))).toBe(false);
	expect((await client.history({connector: 'people'})).items.filter(({what}) => what === 'export').length).toBe(5);
});

test('a dry run predicts, shows no ids, and leaves the store as it was', async () => {
	const {id} = await client.run(world.request('people', 'dry.csv', {mode: 'dry'}));
	const dry = await until(client, id, ended);
	expect(dry).toMatchObject({mode: 'dry', counts: {created: 2}});
	expect((await client.rows(id, 'load:1')).items).toMatchObject([{record_id: null}, {record_id: null}]);
	expect((await client.records('people')).total).toBe(3);
});

test('a workspace is backed up while it is used', async () => {
	const {path, bytes} = await client.backup(world.path('backup.zip'));
	expect(bytes).toBeGreaterThan(1_000);
	const names = readFileSync(path, 'latin1');
	for (const name of ['.sluice/control.db', '.sluice/sluice.db', 'sluice.yaml', 'connectors/people/connector.yaml'])
		expect(names).toContain(name);
	expect(readdirSync(world.path('.sluice', 'tasks'))).toEqual([]);
});
