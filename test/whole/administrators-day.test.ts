import {readFileSync} from 'node:fs';
import {setTimeout as pause} from 'node:timers/promises';
import {afterEach, beforeEach, expect, test} from 'vitest';
import type {ConnectorSummary, HistoryEntry, QueueItem, Status} from '../../source/api/contract.js';
import type {Execution} from '../../source/model/execution.js';
import {itemsWorkspace, type TestWorkspace} from './workspace.js';

let workspace: TestWorkspace;

/** The items workspace with a SQL script between file and variables. */
beforeEach(() => {
	workspace = itemsWorkspace(2);
	const path = 'connectors/items/connector.yaml';
	const text = readFileSync(`${workspace.dir}/${path}`, 'utf8');
	workspace.write(path, text.replace('variables:', 'sql: transform.sql\nvariables:'));
	workspace.write(
		'connectors/items/transform.sql',
		'CREATE TABLE output.items AS SELECT code, name FROM input.page_idx_0 ORDER BY code;\n',
	);
});

afterEach(() => workspace.close());

/** In the long form: the console's days (test/console/days.test.ts) go most of this way. */
test.runIf(process.env.SLUICE_LONG === '1')('from the first activation to a clean run after a failure', async () => {
	expect((await summary()).status).toBe('setup');
	expect((await workspace.cli('validate', 'items')).code).toBe(0);
	expect((await workspace.cli('activate', 'items')).code).toBe(0);
	expect((await summary()).status).toBe('operational');
	expect((await workspace.cli('deactivate', 'items')).code).toBe(0);
	expect((await summary()).status).toBe('inactive');

	// While it is inactive, runs queue up.
	const [first, second, third] = [await queueRun('one', 'A,1'), await queueRun('two', 'A,2\nB,2'), await queueRun('three', 'A,3')];
	expect(await waiting()).toEqual([first.id, second.id, third.id]);

	// Activation asks, and lists what waits.
	const asked = await workspace.cli('activate', 'items', '--json');
	expect(asked.code).toBe(5);
	const listed = lines<QueueItem>(asked.out);
	expect(listed.map(({id}) => id)).toEqual([first.id, second.id, third.id]);
	expect(listed[0]).toMatchObject({input_file: 'one.csv', done: null, rows: null});
	expect(new Set(listed.map(({revision}) => revision)).size).toBe(1);

	// One more arrives between list and decision: the new list is printed, and nothing runs.
	const fourth = await queueRun('four', 'C,4');
	for (const late of [
		['--cancel', second.id],
		['--keep-all', '--revision', String(listed[0]?.revision)],
	]) {
		const refused = await workspace.cli('activate', 'items', ...late, '--json');
		expect(refused.code).toBe(5);
		expect(lines<QueueItem>(refused.out).map(({id}) => id)).toEqual([first.id, second.id, third.id, fourth.id]);
	}
	expect((await summary()).status).toBe('inactive');

	// Now with the list as it is.
	expect((await workspace.cli('activate', 'items', '--cancel', `${second.id},${fourth.id}`)).code).toBe(0);
	const ran = [await ended(first.id), await ended(third.id)];
	expect(ran.map(({status}) => status)).toEqual(['completed', 'completed']);
	expect(String(ran[0]?.ended_at) <= String(ran[1]?.started_at)).toBe(true);
	expect((await ended(second.id)).status).toBe('cancelled');
	expect((await ended(fourth.id)).started_at).toBeNull();
	expect(await records()).toEqual({A: '3'});
	const [activated] = (await history()).filter(({what}) => what === 'activate');
	expect(activated?.detail).toMatchObject({kept: [first.id, third.id], cancelled: [second.id, fourth.id]});

	// Other SQL: inactive within a second or so, with the reason; validated again by itself.
	const edited = Date.now();
	workspace.write(
		'connectors/items/transform.sql',
		"CREATE TABLE output.items AS SELECT code, throwIf(code = 'BAD')::String || name AS name FROM input.page_idx_0 ORDER BY code;\n",
	);
	await until(async () => (await summary()).status === 'inactive');
	console.log(`inactive ${Date.now() - edited} ms after the SQL was edited`);
	expect((await summary()).reason).toBe('connectors/items/transform.sql changed');
	await until(async () => (await workspace.client().then((client) => client.connector('items'))).lacks.length === 0);
	expect((await workspace.cli('activate', 'items')).code).toBe(0);

	// A failing run needs attention; deactivation keeps that; the next clean run clears it.
	expect((await run('bad', 'BAD,1')).status).toBe('failed');
	expect((await summary()).status).toBe('needs_attention');
	expect((await dashboard()).needs_you.map(({kind, connector}) => [kind, connector])).toEqual([
		['failed', 'items'],
		['attention', 'items'],
	]);
	await workspace.cli('deactivate', 'items');
	await workspace.cli('activate', 'items');
	expect((await summary()).status).toBe('needs_attention');
	expect((await run('good', 'A,5')).status).toBe('completed');
	expect((await summary()).status).toBe('operational');

	expect((await history()).map(({what, detail}) => (what === 'ended' ? `ended ${detail.status}` : what)).reverse()).toEqual([
		...['activate', 'deactivate', 'run', 'run', 'run', 'run', 'cancel', 'ended cancelled', 'cancel', 'ended cancelled', 'activate'],
		...[
			'ended completed',
			'ended completed',
			'deactivate',
			'activate',
			'run',
			'ended failed',
			'deactivate',
			'activate',
			'run',
			'ended completed',
		],
	]);
});

async function queueRun(name: string, rows: string): Promise<Execution> {
	const file = workspace.write(`${name}.csv`, `code,name\n${rows}\n`);
	const said = await workspace.cli('run', 'items', '--input', file, '--json');
	expect(said.code).toBe(5);
	const [queued] = lines<Execution>(said.out);
	if (!queued) throw new Error('run printed nothing');
	expect(queued).toMatchObject({status: 'queued', waiting_for: 'activation'});
	return queued;
}

function run(name: string, rows: string): Promise<Execution> {
	workspace.write(`${name}.csv`, `code,name\n${rows}\n`);
	return workspace.run('items', `${name}.csv`);
}

async function ended(id: string): Promise<Execution> {
	const [execution] = await workspace.json<Execution>(['show', id, '--follow'], [0, 1, 3, 4]);
	if (!execution) throw new Error('show printed nothing');
	return execution;
}

async function dashboard(): Promise<Status> {
	const [status] = await workspace.json<Status>(['status']);
	if (!status) throw new Error('status printed nothing');
	return status;
}

async function summary(): Promise<ConnectorSummary> {
	const found = (await dashboard()).connectors.find((connector) => connector.api_name === 'items');
	if (!found) throw new Error('items is not there');
	return found;
}

async function waiting(): Promise<readonly string[]> {
	return (await workspace.json<QueueItem>(['queue', 'items'])).map(({id}) => id);
}

function history(): Promise<readonly HistoryEntry[]> {
	return workspace.json<HistoryEntry>(['history', 'items']);
}

async function records(): Promise<Readonly<Record<string, string>>> {
	const items = await workspace.json<{fields: {code: string; name: string}}>(['records', 'items']);
	return Object.fromEntries(items.map(({fields}) => [fields.code, fields.name]));
}

async function until(holds: () => Promise<boolean>): Promise<void> {
	while (!(await holds())) await pause(20);
}

function lines<Item>(text: string): readonly Item[] {
	return text
		.split('\n')
		.filter(Boolean)
		.map((line) => JSON.parse(line) as Item);
}
