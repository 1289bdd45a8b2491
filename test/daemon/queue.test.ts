import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {afterEach, beforeEach, expect, test} from 'vitest';
import type {Client} from '../../source/api/client.js';
import {ended, until, World, working} from './support/world.js';

let world: World;
let client: Client;

beforeEach(async () => {
	world = new World();
	world.connector('people');
	world.connector('others');
	client = await world.start();
});

afterEach(() => world.end());

const run = async (connector: string, file: string, more = {}) => (await client.run(world.request(connector, file, more))).id;

test('a live run of a connector that is not active waits for activation, a dry run does not', async () => {
	const live = await client.run(world.request('people', 'quick.csv'));
	expect(live).toMatchObject({status: 'queued', waiting_for: 'activation', mode: 'live', input_file: 'quick.csv', started_by: 'ann'});
	const dry = await run('people', 'quick.csv', {mode: 'dry'});
	expect(await until(client, dry, ended)).toMatchObject({status: 'completed', mode: 'dry'});
	expect(await client.execution(live.id)).toMatchObject({status: 'queued'});
});

test('executions of a connector run one after the other in the order they came', async () => {
	await client.activate('people');
	const first = await run('people', 'hold.csv');
	const second = await run('people', 'hold-too.csv');
	const third = await run('people', 'quick.csv');
	await until(client, first, working);
	expect(await client.execution(second)).toMatchObject({status: 'queued', waiting_for: 'concurrency'});
	writeFileSync(world.path('.sluice', 'executions', first, 'release'), '');
	await until(client, second, working);
	expect(await client.execution(third)).toMatchObject({status: 'queued', waiting_for: 'concurrency'});
	writeFileSync(world.path('.sluice', 'executions', second, 'release'), '');
	expect(await until(client, third, ended)).toMatchObject({status: 'completed', counts: {created: 2}});
});

test('a running execution is cancelled, a queued one at once, an ended one no more', async () => {
	await client.activate('people');
	const running = await run('people', 'hold.csv');
	const queued = await run('people', 'quick.csv');
	await until(client, running, working);
	expect(await client.cancel(queued)).toMatchObject({status: 'cancelled'});
	expect(await client.cancel(running)).toMatchObject({status: 'cancelled'});
	await expect(client.cancel(running)).rejects.toMatchObject({code: 'run.too_late', status: 409});
	const deeds = (await client.history({connector: 'people'})).items.map(({what, who}) => `${who} ${what}`);
	expect(deeds).toEqual(['sluice ended', 'ann cancel', 'sluice ended', 'ann cancel', 'ann run', 'ann run', 'ann activate']);
});

test('deactivation stops what runs, and it goes on from there after activation', async () => {
	await client.activate('people');
	const id = await run('people', 'hold.csv');
	await until(client, id, working);
	expect(await client.deactivate('people')).toMatchObject({status: 'inactive', queued: 1, running: 0});
	const {items, revision} = await client.queue('people');
	expect(items).toMatchObject([{id, revision, done: 'stopped by deactivation at load:1, chunk 1 of 2', started_by: 'ann', rows: 2}]);
	expect(await client.execution(id)).toMatchObject({status: 'queued', waiting_for: 'activation'});
	await client.activate('people', {decision: {keep: 'all'}, revision});
	await until(client, id, working);
	expect(await client.cancel(id)).toMatchObject({status: 'cancelled'});
});

test('a connector that may run none at a time says so: what waits is held until its setting is changed', async () => {
	world.connector('people', 'settings: {max_concurrent_executions: 0}\n');
	await client.activate('people');
	const id = await run('people', 'quick.csv');
	expect(await client.execution(id)).toMatchObject({status: 'queued', waiting_for: 'max_concurrent_executions'});
	expect((await client.status()).needs_you).toMatchObject([
		{
			kind: 'waiting',
			connector: 'people',
			message: '1 execution held: settings.max_concurrent_executions is 0 in connectors/people/connector.yaml',
		},
	]);
	world.connector('people');
	await client.validate('people');
	expect(await until(client, id, ended)).toMatchObject({status: 'completed'});
});

test('activation with a queue asks first, and only what was shown and kept runs', async () => {
	const kept = await run('people', 'quick.csv');
	const dropped = await run('people', 'quick-too.csv');
	const asked = client.activate('people', {decision: {keep: 'all'}});
	await expect(asked).rejects.toMatchObject({
		code: 'queue.decision_needed',
		status: 409,
		refusal: {queue: {items: [{id: kept}, {id: dropped}]}},
	});
	const late = (await world.client('bob').run(world.request('people', 'quick-late.csv'))).id;
	await expect(client.activate('people', {decision: {keep: 'all'}})).rejects.toThrow(/changed since you looked \(bob: run/);
	await client.activate('people', {decision: {cancel: [dropped, late]}});
	expect(await client.execution(dropped)).toMatchObject({status: 'cancelled'});
	expect(await client.execution(late)).toMatchObject({status: 'cancelled'});
	const said = new RegExp(`^people was activated by ann at \\S+Z: kept 1 \\(${kept}\\), cancelled 2 \\(${dropped}, ${late}\\)$`);
	for (const decision of [{decision: {cancel: 'all'}, revision: 3}, {decision: {cancel: 'all'}}, {revision: 1}] as const) {
		const tooLate = world.client('bob').activate('people', decision);
		await expect(tooLate).rejects.toMatchObject({code: 'activation.decided', status: 409, message: expect.stringMatching(said)});
	}
	expect(await client.activate('people')).toMatchObject({status: 'operational'});
	expect(await until(client, kept, ended)).toMatchObject({status: 'completed'});
});

test('a chunk that kills its runner once is done again, three times fails the execution; each chunk is committed once', async () => {
	await client.activate('people');
	const once = await until(client, await run('people', 'die-1.csv'), ended);
	expect(once).toMatchObject({status: 'completed'});
	expect(readFileSync(world.path('.sluice', 'executions', once.id, 'commits'), 'utf8')).toBe('1 1\n2 2\n');
	const thrice = await until(client, await run('people', 'die-9.csv'), ended);
	expect(thrice).toMatchObject({status: 'failed', error: {code: 'run.killed', where: 'load:1, chunk 2 of 2'}});
	expect(thrice.error?.message).toBe(
		'The process that works on this execution died 3 times at the same place. It said last: Error: out of luck',
	);
	expect(readFileSync(world.path('.sluice', 'executions', thrice.id, 'commits'), 'utf8')).toBe('1 1\n');
	expect((await client.status()).needs_you[0]).toMatchObject({kind: 'failed', execution: thrice.id});
	await client.acknowledge(thrice.id);
	expect((await client.status()).needs_you.filter(({kind}) => kind === 'failed')).toEqual([]);
});

test('errored rows call for attention until the next clean run; cancelled runs change nothing', async () => {
	await client.activate('people');
	const status = async () => (await client.connector('people')).status;
	await until(client, await run('people', 'warn.csv'), ended);
	expect(await status()).toBe('needs_attention');
	const held = await run('people', 'hold.csv');
	await until(client, held, working);
	await client.cancel(held);
	expect(await status()).toBe('needs_attention');
	await client.deactivate('people');
	expect(await status()).toBe('inactive');
	await client.activate('people');
	expect(await status()).toBe('needs_attention');
	await until(client, await run('people', 'quick.csv'), ended);
	expect(await status()).toBe('operational');
	expect((await client.connector('people')).health).toEqual(['warning', 'cancelled', 'completed']);
});

test('the queue and what ran survive a restart, in their order', async () => {
	await client.activate('people');
	const first = await run('people', 'hold.csv');
	const second = await run('people', 'quick.csv');
	const waiting = await run('others', 'quick.csv');
	await until(client, first, working);
	await world.daemon?.stop();
	expect(existsSync(world.path('.sluice', 'daemon.json'))).toBe(false);
	client = await world.start();
	await until(client, first, working);
	expect(await client.execution(second)).toMatchObject({status: 'queued', waiting_for: 'concurrency'});
	expect(await client.execution(waiting)).toMatchObject({status: 'queued', waiting_for: 'activation'});
	writeFileSync(world.path('.sluice', 'executions', first, 'release'), '');
	expect(await until(client, second, ended)).toMatchObject({status: 'completed'});
	const job = JSON.parse(readFileSync(world.path('.sluice', 'executions', first, 'job.json'), 'utf8')) as {lease: number};
	expect(job.lease).toBe(2);
});

test('a rerun has the same input; its failed rows alone are refused when the SQL has changed', async () => {
	await client.activate('people');
	const original = await until(client, await run('people', 'warn.csv'), ended);
	const again = await client.rerun(original.id, {rows: 'failed'});
	expect(await until(client, again.id, ended)).toMatchObject({input_file: 'warn.csv', mode: 'live'});
	const job = JSON.parse(readFileSync(world.path('.sluice', 'executions', again.id, 'job.json'), 'utf8')) as object;
	expect(job).toMatchObject({failedRowsOf: {id: original.id, folder: world.path('.sluice', 'executions', original.id)}});
	world.connector('people', '', 'CREATE TABLE output.input AS SELECT * FROM input.page_idx_0;');
	await expect(client.rerun(original.id, {rows: 'failed'})).rejects.toMatchObject({code: 'run.sql_changed'});
});

test('the configuration an execution started with is kept with it, for its owner alone', async () => {
	await client.activate('people');
	const id = await run('people', 'hold.csv');
	await until(client, id, working);
	world.connector('people', 'settings: {chunk_size: 7}\n');
	await client.validate('people');
	await world.daemon?.stop();
	client = await world.start();
	await until(client, id, working);
	const job = JSON.parse(readFileSync(world.path('.sluice', 'executions', id, 'job.json'), 'utf8')) as {connector: {settings: object}};
	expect(job.connector.settings).toMatchObject({chunkSize: 5000});
});
