import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {afterEach, beforeEach, expect, test} from 'vitest';
import type {Client} from '../../source/api/client.js';
import type {Execution} from '../../source/model/execution.js';
import {itemsWorkspace, type TestWorkspace} from './workspace.js';

/** `npm test` runs the short form; `SLUICE_CHAOS=long` the long one. */
const long = process.env.SLUICE_CHAOS === 'long';
const limits = long ? [0, 1, 3, 1, 3, 1, 3, 1, 2, 5] : [0, 1, 3];
const each = long ? 20 : 7;
const forTheMachine = 4;

let workspace: TestWorkspace;

beforeEach(() => {
	workspace = itemsWorkspace(1);
	workspace.write('sluice.yaml', `name: test\nlimits: {max_running_executions: ${forTheMachine}}\n`);
	const template = readFileSync(join(workspace.dir, 'connectors/items/connector.yaml'), 'utf8');
	for (const [index, limit] of limits.entries()) {
		const settings = `settings: {max_concurrent_executions: ${limit}, chunk_size: 1}`;
		workspace.write(`connectors/${nameOf(index)}/connector.yaml`, template.replace(/settings:.*/, settings));
		workspace.write(`connectors/${nameOf(index)}/sample.csv`, 'code,name\nA,a\n');
	}
});

afterEach(() => workspace.close());

test.runIf(process.env.SLUICE_LONG)(
	'queues are first in first out and within their limits, whatever becomes of the daemon',
	async () => {
		let client = await workspace.client();
		for (const [index] of limits.entries()) await client.activate(nameOf(index));
		const submitted = new Map<string, string[]>();
		for (let turn = 0; turn < each; turn++) {
			for (const [index] of limits.entries()) {
				const file = workspace.write('in.csv', `code,name\n${nameOf(index)}-${turn},x\n${nameOf(index)}-${turn}b,y\n`);
				const {id} = await client.run({
					connector: nameOf(index),
					input: file,
					mode: 'live',
					diff_check: true,
					accept_incomplete: false,
					notify: null,
					confirm: null,
				});
				submitted.set(nameOf(index), [...(submitted.get(nameOf(index)) ?? []), id]);
			}
		}

		// One restart in order, one by a kill.
		const runnable = limits.filter((limit) => limit > 0).length * each;
		for (const [restart, how] of (['stop', 'kill'] as const).entries()) {
			await until(client, (all) => all.filter(isOver).length > ((restart + 1) * runnable) / 4);
			if (how === 'stop') expect((await workspace.cli('daemon', 'stop')).code).toBe(0);
			else for (const pid of workspace.pids('daemon')) process.kill(pid, 'SIGKILL');
			while (workspace.pids('daemon').length > 0) await pause(20);
			client = await workspace.client();
		}
		await until(client, (all) => all.filter(isOver).length === runnable);

		const all = await executions(client);
		for (const [index, limit] of limits.entries()) {
			const ids = submitted.get(nameOf(index)) ?? [];
			const own = ids.map((id) => all.find((execution) => execution.id === id)).filter((found) => found !== undefined);
			expect(own.length).toBe(each);
			if (limit === 0) {
				expect(
					own.every(
						({status, started_at: at, waiting_for: why}) => status === 'queued' && at === null && why === 'max_concurrent_executions',
					),
				).toBe(true);
				continue;
			}
			expect(own.map(({status}) => status)).toEqual(own.map(() => 'completed'));
			const starts = own.map(({started_at}) => String(started_at));
			expect(starts).toEqual(starts.toSorted());
			expect(mostAtOnce(own)).toBeLessThanOrEqual(limit);
		}
		expect(mostAtOnce(all.filter(isOver))).toBeLessThanOrEqual(forTheMachine);
		expect((await client.records('items', {limit: 1})).total).toBe(runnable * 2);
	},
	long ? 1_800_000 : 180_000,
);

function nameOf(index: number): string {
	return index === 0 ? 'items' : `items_${index}`;
}

function isOver({ended_at: at}: Execution): boolean {
	return at !== null;
}

/** The most executions that were under way at one moment, by what they say themselves. */
function mostAtOnce(executions: readonly Execution[]): number {
	const moments = executions.flatMap(({started_at, ended_at}) => [
		{at: String(started_at), by: 1},
		{at: String(ended_at), by: -1},
	]);
	// why ends first: one may start in the millisecond another ends in.
	moments.sort((a, b) => a.at.localeCompare(b.at) || a.by - b.by);
	let now = 0;
	return Math.max(...moments.map(({by}) => (now += by)));
}

async function executions(client: Client): Promise<readonly Execution[]> {
	return (await client.executions({limit: 1_000})).items;
}

async function until(client: Client, holds: (all: readonly Execution[]) => boolean): Promise<void> {
	while (!holds(await executions(client))) await pause(20);
}
