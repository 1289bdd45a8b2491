import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import Database from 'better-sqlite3';
import {afterEach, expect, test} from 'vitest';
import {SluiceError} from '../../source/model/errors.js';
import type {Execution} from '../../source/model/execution.js';
import {itemsWorkspace, type TestWorkspace} from '../whole/workspace.js';

/** `npm test` runs the short form; `npm run chaos` the long one. */
const long = process.env.SLUICE_CHAOS === 'long';
const rows = long ? 100_000 : 20_000;
const kills = long ? 20 : 3;
/** In the long form 400 kills are meant; a run that ends before its last target leaves a few out. */
const runs = long ? 10 : 1;
const chunkSize = long ? 500 : 250;

let workspace: TestWorkspace;

afterEach(async () => {
	await workspace.close();
});

const victims = long ? (['runner', 'daemon'] as const) : (['daemon'] as const);
const trials = Array.from({length: runs}, (_, run) => victims.map((victim) => [victim, run + 1] as const)).flat();

test.each(trials)(
	'a live run whose %s is killed again and again creates every row once (%i)',
	async (victim) => {
		workspace = itemsWorkspace(chunkSize);
		workspace.write('items.csv', `code,name\n${Array.from({length: rows}, (_, n) => `C${n},Name ${n}`).join('\n')}\n`);
		expect((await workspace.cli('activate', 'items')).code).toBe(0);
		const [queued] = await workspace.json<Execution>(['run', 'items', '--input', join(workspace.dir, 'items.csv'), '--detach']);
		const id = queued?.id ?? '';

		const ended = await killedAgainAndAgain(victim, id);

		expect(ended.status).toBe('completed');
		expect(ended.counts).toEqual({created: rows, updated: 0, skipped: 0, errored: 0, warnings: 0});
		const db = new Database(join(workspace.dir, '.sluice/sluice.db'), {readonly: true});
		try {
			expect(db.pragma('integrity_check', {simple: true})).toBe('ok');
			expect(db.prepare('SELECT count(*) AS n, count(DISTINCT code) AS codes FROM record_items').get()).toEqual({n: rows, codes: rows});
		} finally {
			db.close();
		}
		const table = await workspace.json<{outcome: string}>(['rows', id, 'load:1', '--limit', '0']);
		expect(table.length).toBe(rows);
		expect(new Set(table.map(({outcome}) => outcome))).toEqual(new Set(['created']));
	},
	900_000,
);

test.each(long ? trials.filter((_, index) => index % 5 === 0) : [['runner', 1] as const])(
	'a live run whose %s is killed again and again updates every row once (%i)',
	async (victim) => {
		workspace = itemsWorkspace(chunkSize);
		for (const name of ['Old', 'New'])
			workspace.write(`${name}.csv`, `code,name\n${Array.from({length: rows}, (_, n) => `C${n},${name} ${n}`).join('\n')}\n`);
		expect((await workspace.cli('activate', 'items')).code).toBe(0);
		expect((await workspace.cli('run', 'items', '--input', join(workspace.dir, 'Old.csv'))).code).toBe(0);
		const [queued] = await workspace.json<Execution>(['run', 'items', '--input', join(workspace.dir, 'New.csv'), '--detach']);
		const id = queued?.id ?? '';

		const ended = await killedAgainAndAgain(victim, id);

		expect(ended.status).toBe('completed');
		// a row that took effect twice would have found nothing to change the second time
		expect(ended.counts).toEqual({created: 0, updated: rows, skipped: 0, errored: 0, warnings: 0});
		const db = new Database(join(workspace.dir, '.sluice/sluice.db'), {readonly: true});
		try {
			expect(db.pragma('integrity_check', {simple: true})).toBe('ok');
			expect(db.prepare("SELECT count(*) AS n, count(DISTINCT code) AS codes FROM record_items WHERE name LIKE 'New %'").get()).toEqual({
				n: rows,
				codes: rows,
			});
		} finally {
			db.close();
		}
		const table = await workspace.json<{row: number; changes: unknown}>(['rows', id, 'load:1', '--limit', '0']);
		expect(table.length).toBe(rows);
		expect(table.filter(({row, changes}) => JSON.stringify(changes) !== `{"name":["Old ${row - 1}","New ${row - 1}"]}`)).toEqual([]);
	},
	900_000,
);

/** Kills the victim as often as this form asks for. @returns the execution as it ended all the same */
async function killedAgainAndAgain(victim: 'runner' | 'daemon', id: string): Promise<Execution> {
	const moments: number[] = [];
	for (let kill = 0; kill < kills; kill++) moments.push(await killAtRandom(victim, id, kill, moments.at(-1) ?? 0));
	const ended = await untilEnded(id);
	console.log(`${victim} killed after chunks ${moments.join(', ')} of ${rows / chunkSize}`);
	return ended;
}

/** Waits until the run has come a random bit further than at the last kill, then kills. Says when. */
async function killAtRandom(victim: 'runner' | 'daemon', id: string, kill: number, last: number): Promise<number> {
	const target = Math.max(last + 1, Math.floor(((kill + Math.random()) / kills) * (rows / chunkSize)));
	for (;;) {
		const seen = await shown(id);
		await pause(10);
		if (!seen) continue;
		const {stages, status} = seen;
		if (status !== 'queued' && status !== 'running') return last;
		const done = stages.find(({stage}) => stage === 'load:1')?.chunks_done ?? 0;
		const pids = workspace.pids(victim);
		if (pids.length === 0 || done < target) continue;
		for (const pid of pids) kill9(pid);
		return done;
	}
}

/** The execution as the daemon tells it, or null from one that was killed just now. Asking starts a new one. */
async function shown(id: string): Promise<Execution | null> {
	try {
		return await (await workspace.client()).execution(id);
	} catch (error) {
		if (error instanceof SluiceError && error.code === 'daemon.unreachable') return null;
		throw error;
	}
}

/** Asking starts a new daemon where the last one was killed. */
async function untilEnded(id: string): Promise<Execution> {
	const [execution] = await workspace.json<Execution>(['show', id, '--follow'], [0, 1, 3, 4]);
	if (!execution) throw new Error('show printed nothing');
	return execution;
}

function kill9(pid: number): void {
	try {
		process.kill(pid, 'SIGKILL');
	} catch {
		// it ended by itself in the same instant
	}
}
