import {readdirSync, readFileSync, rmSync, statSync, truncateSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {afterEach, expect, test} from 'vitest';
import type {Execution} from '../../source/model/execution.js';
import {descendants, endProcess} from '../../source/platform/processes.js';
import {Freeze} from '../support/freeze.js';
import {itemsWorkspace, type TestWorkspace} from '../whole/workspace.js';

const rows = 6_000;
const chunkSize = 500;
let workspace: TestWorkspace;

afterEach(async () => {
	Freeze.end();
	await workspace.close();
});

test('an engine that is killed during a load step is started anew, and every row has its result', async () => {
	const {id, freeze} = await frozenInLoad();
	await killEngine();
	freeze.goOn();

	const ended = await untilEnded(id);

	expect(ended).toMatchObject({status: 'completed', counts: {created: rows}});
	expect(await resultsOf(id)).toBe(rows);
	expect((await workspace.cli('logs', id)).out).toContain('The SQL engine stopped by itself');
	expect(ended.artifacts.report).not.toBeNull();
}, 120_000);

test.runIf(process.env.SLUICE_LONG)(
	'a run whose engine is killed again and again fails, and shows the results of what was committed',
	async () => {
		// So many rows that it is still loading at the last kill, however late that comes.
		const {id, freeze} = await frozenInLoad(60_000);
		await killEngine();
		freeze.goOn();
		for (let restart = 0; restart < 3; restart++) await killEngine();

		const ended = await untilEnded(id);

		expect(ended).toMatchObject({status: 'failed', error: {code: 'sql.crashed'}});
		expect(ended.counts.created).toBeGreaterThan(0);
		expect(await resultsOf(id)).toBe(ended.counts.created);
		expect((await workspace.json(['explain', id, '--row', '1'])).length).toBeGreaterThan(0);
		expect(ended.artifacts.report).not.toBeNull();
	},
	120_000,
);

test.runIf(process.env.SLUICE_LONG)(
	'a run whose result files are removed or cut while it loads fails, names them, and shows the rows that are left',
	async () => {
		const {id, freeze} = await frozenInLoad();
		const folder = join(workspace.dir, '.sluice/executions', id, 'segments/load-1');
		const [first = ''] = readdirSync(folder).sort();
		rmSync(join(folder, first));
		freeze.goOn();
		const ended = await untilEnded(id);
		expect(ended).toMatchObject({status: 'failed', error: {code: 'load.results_damaged', where: 'load:1'}, counts: {created: rows}});
		expect(ended.error?.message).toContain('segments/load-1/00000001');
		expect(ended.error?.cure).toContain('Run the input again');
		expect(await resultsOf(id)).toBe(rows - chunkSize);
		const [again] = await workspace.json<Execution>(['rerun', id], [0]);
		expect(again).toMatchObject({status: 'completed', counts: {skipped: rows}});
	},
	120_000,
);

/** The short form cuts inside the closing mark alone; `SLUICE_LONG=1` in front of it, too. */
test.each(process.env.SLUICE_LONG === '1' ? [20, 7] : [7])(
	'a result file of a chunk that is cut by %i bytes is noticed',
	async (bytes) => {
		const {id, freeze} = await frozenInLoad();
		const folder = join(workspace.dir, '.sluice/executions', id, 'segments/load-1');
		const [first = ''] = readdirSync(folder).sort();
		truncateSync(join(folder, first), statSync(join(folder, first)).size - bytes);
		freeze.goOn();
		const ended = await untilEnded(id);
		expect(ended).toMatchObject({status: 'failed', error: {code: 'load.results_damaged'}});
		expect(ended.error?.message).toContain(first);
		expect(await resultsOf(id)).toBe(rows - chunkSize);
	},
	120_000,
);

/** A run whose runner stands still behind its first commit. */
async function frozenInLoad(total = rows): Promise<{id: string; freeze: Freeze}> {
	workspace = itemsWorkspace(chunkSize, {sandbox: true});
	const freeze = new Freeze(workspace, 'runner.commit.after');
	workspace.write('items.csv', `code,name\n${Array.from({length: total}, (_, n) => `C${n},Name ${n}`).join('\n')}\n`);
	expect((await workspace.cli('activate', 'items')).code).toBe(0);
	const [queued] = await workspace.json<Execution>(['run', 'items', '--input', join(workspace.dir, 'items.csv'), '--detach']);
	await freeze.reached();
	return {id: queued?.id ?? '', freeze};
}

/** Kills the engine that the runner has, or gets. */
async function killEngine(): Promise<void> {
	let engine: number | undefined;
	while (engine === undefined) {
		await pause(2);
		engine = workspace.pids('worker').find((pid) => workspace.pids('runner').includes(parentOf(pid)) && !killed.has(pid));
	}
	killed.add(engine);
	for (const pid of [...descendants(engine), engine]) endProcess(pid);
}

const killed = new Set<number>();

function parentOf(pid: number): number {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
		return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
	} catch {
		return 0;
	}
}

async function shown(id: string): Promise<Execution> {
	const [execution] = await workspace.json<Execution>(['show', id], [0, 1, 3]);
	if (!execution) throw new Error(`No execution ${id}`);
	return execution;
}

async function untilEnded(id: string): Promise<Execution> {
	for (;;) {
		const execution = await shown(id);
		if (!['queued', 'running'].includes(execution.status)) return execution;
		await pause(50);
	}
}

async function resultsOf(id: string): Promise<number> {
	const [table] = (await workspace.json<{table: string; rows: number}>(['tables', id])).filter((one) => one.table === 'load:1');
	return table?.rows ?? 0;
}
