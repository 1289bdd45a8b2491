import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import Database from 'better-sqlite3';
import {afterEach, expect, test} from 'vitest';
import type {HistoryEntry} from '../../source/api/contract.js';
import type {Execution} from '../../source/model/execution.js';
import {Freeze} from '../support/freeze.js';
import {itemsWorkspace, type TestWorkspace} from './workspace.js';

let workspace: TestWorkspace;

afterEach(async () => {
	Freeze.end();
	await workspace.close();
});

const rows = 60_000;
const chunkSize = 1_000;

/** `rows` different codes. */
function largeFile(): void {
	workspace.write('large.csv', `code,name\n${Array.from({length: rows}, (_, n) => `C${n},Name ${n}`).join('\n')}\n`);
}

test('a queued execution is cancelled at once, and nothing of it was written', async () => {
	workspace = itemsWorkspace(chunkSize, {sandbox: true});
	const queued = await start('connectors/items/sample.csv');
	const said = await workspace.cli('cancel', queued.id);
	expect(said).toMatchObject({code: 0, out: `${queued.id}  cancelled  nothing was written\n`});
	expect(await shown(queued.id)).toMatchObject({status: 'cancelled', waiting_for: null, started_at: null});
	expect(await workspace.json(['queue', 'items'])).toEqual([]);
	expect((await workspace.cli('show', queued.id, '--follow')).code).toBe(4);
});

test('a cancel during SQL ends the engine, and a daemon that is killed during SQL leaves none behind', async () => {
	workspace = itemsWorkspace(chunkSize, {sandbox: true});
	const path = 'connectors/items/connector.yaml';
	workspace.write(path, readFileSync(join(workspace.dir, path), 'utf8').replace('variables:', 'sql: transform.sql\nvariables:'));
	workspace.write(
		'connectors/items/transform.sql',
		`CREATE TABLE output.items AS
SELECT toString(count()) AS code, 'x' AS name FROM input.page_idx_0 a CROSS JOIN input.page_idx_0 b WHERE a.name || b.code < b.name || a.code;\n`,
	);
	largeFile();
	expect(await workspace.cli('activate', 'items')).toMatchObject({code: 0});

	const first = await start('large.csv');
	await until(first.id, inSql);
	const client = await workspace.client();
	const asked = performance.now();
	const cancelled = client.cancel(first.id);
	await gone('worker');
	console.log(`engine gone ${Math.round(performance.now() - asked)} ms after the cancel was sent`);
	expect((await cancelled).status).toBe('cancelled');
	expect(await workspace.json(['records', 'items'])).toEqual([]);

	const second = await start('large.csv');
	await until(second.id, inSql);
	for (const pid of workspace.pids('daemon')) process.kill(pid, 'SIGKILL');
	await gone('runner', 'worker');
	await until(second.id, inSql);
	expect((await workspace.cli('cancel', second.id)).code).toBe(0);
	expect((await shown(second.id)).status).toBe('cancelled');
	await gone('runner', 'worker');
});

test('a cancel in the middle stops at the next chunk boundary, and says truly what stays', async () => {
	workspace = itemsWorkspace(chunkSize, {sandbox: true});
	largeFile();
	const freeze = new Freeze(workspace, 'runner.commit.after');
	expect((await workspace.cli('activate', 'items')).code).toBe(0);
	const {id} = await start('large.csv');
	await freeze.reached();
	const answered = (await workspace.client()).cancel(id);
	await untilAsked();
	freeze.goOn();
	const cancelled = await answered;
	const stays = stored();
	await gone('runner');
	expect(stored()).toBe(stays);

	const done = cancelled.stages.find(({stage}) => stage === 'load:1')?.chunks_done ?? 0;
	expect(cancelled.status).toBe('cancelled');
	expect(cancelled.counts).toEqual({created: stays, updated: 0, skipped: 0, errored: 0, warnings: 0});
	expect(stays).toBe(done * chunkSize);
	// why not compared with the chunk the history names: what was told may be a tenth of a second older than what was committed
	expect(done).toBeLessThan(60);
	const [asked] = (await workspace.json<HistoryEntry>(['history', 'items'])).filter(({what}) => what === 'cancel');
	expect(String(asked?.detail.at)).toMatch(/^load:1, chunk \d+ of 60$/);
	expect((await workspace.json(['rows', id, 'load:1', '--limit', '0'])).length).toBe(stays);
	expect((await workspace.cli('show', id)).out).toContain(`created ${stays.toLocaleString('en-GB')}, updated 0`);
});

test.runIf(process.env.SLUICE_LONG)(
	'a cancel that nobody was left to carry out is carried out by the next daemon, and says truly what stays',
	async () => {
		workspace = itemsWorkspace(chunkSize, {sandbox: true});
		largeFile();
		const freeze = new Freeze(workspace, 'runner.commit.after');
		expect((await workspace.cli('activate', 'items')).code).toBe(0);
		const {id} = await start('large.csv');
		await freeze.reached();
		const asked = (await workspace.client()).cancel(id).catch(() => null);
		await untilAsked();
		for (const pid of workspace.pids('daemon')) process.kill(pid, 'SIGKILL');
		await asked;

		const [cancelled] = await workspace.json<Execution>(['show', id, '--follow'], [4]);
		await gone('runner');
		const stays = stored();
		expect(stays).toBeLessThan(rows);
		expect(cancelled).toMatchObject({status: 'cancelled', counts: {created: stays}});
		expect(cancelled?.stages.find(({stage}) => stage === 'load:1')).toMatchObject({state: 'cancelled', chunks_done: stays / chunkSize});
		expect((await workspace.json(['rows', id, 'load:1', '--limit', '0'])).length).toBe(stays);
	},
);

test('when all rows are written a cancel comes too late, and says so', async () => {
	workspace = itemsWorkspace(chunkSize, {sandbox: true});
	largeFile();
	expect((await workspace.cli('activate', 'items')).code).toBe(0);
	const {id} = await start('large.csv');
	const client = await workspace.client();
	await until(id, ({stages}) => stages.find(({stage}) => stage === 'load:1')?.state === 'completed');
	await expect(client.cancel(id)).rejects.toMatchObject({code: 'run.too_late'});
	expect((await workspace.cli('show', id, '--follow')).code).toBe(0);
	expect(await workspace.cli('cancel', id)).toMatchObject({code: 1, err: expect.stringContaining('Too late to cancel')});
	expect(stored()).toBe(rows);
});

/** Waits until the wish to cancel is on record. */
async function untilAsked(): Promise<void> {
	const client = await workspace.client();
	while (!(await client.history({connector: 'items'})).items.some(({what}) => what === 'cancel')) await pause(20);
}

async function gone(...kinds: readonly ('runner' | 'worker')[]): Promise<void> {
	while (kinds.some((kind) => workspace.pids(kind).length > 0)) await pause(20);
}

function inSql({stages}: Execution): boolean {
	return stages.some(({stage, state}) => stage === 'sql' && state === 'running') && workspace.pids('worker').length > 0;
}

async function start(input: string): Promise<Execution> {
	const [queued] = await workspace.json<Execution>(['run', 'items', '--input', join(workspace.dir, input), '--detach']);
	if (!queued) throw new Error('run printed nothing');
	return queued;
}

async function shown(id: string): Promise<Execution> {
	return (await workspace.client()).execution(id);
}

async function until(id: string, holds: (execution: Execution) => boolean): Promise<void> {
	for (;;) {
		const execution = await shown(id);
		if (holds(execution)) return;
		if (!['queued', 'running'].includes(execution.status)) throw new Error(`it ended: ${execution.status} ${execution.error?.message}`);
		await pause(20);
	}
}

/** Records in the store, past everything that stands between. */
function stored(): number {
	const db = new Database(join(workspace.dir, '.sluice/sluice.db'), {readonly: true});
	try {
		return db.prepare('SELECT count(*) FROM record_items').pluck().get() as number;
	} finally {
		db.close();
	}
}
