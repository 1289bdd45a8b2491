import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {afterEach, expect, test} from 'vitest';
import {itemsWorkspace, type TestWorkspace} from '../whole/workspace.js';

const rows = 5000;
const days = 86_400;
let workspace: TestWorkspace;
const scratch = mkdtempSync(join(tmpdir(), 'sluice-clock-'));

afterEach(async () => {
	for (const name of ['LD_PRELOAD', 'SLUICE_TROUBLE']) delete process.env[name];
	await workspace.close();
	rmSync(scratch, {recursive: true, force: true});
});

test.runIf(process.env.SLUICE_LONG)(
	'a wall clock that jumps back and forth changes neither the order of the queue nor what comes of it',
	async (context) => {
		workspace = itemsWorkspace(250);
		const shim = join(scratch, 'trouble.so');
		try {
			execFileSync('gcc', ['-shared', '-fPIC', '-O1', '-o', shim, fileURLToPath(new URL('preload/trouble.c', import.meta.url)), '-ldl']);
		} catch {
			context.skip('there is no C compiler');
			return;
		}
		Object.assign(process.env, {LD_PRELOAD: shim, SLUICE_TROUBLE: scratch});
		const clockIs = (seconds: number) => writeFileSync(join(scratch, 'clock'), String(seconds));
		clockIs(0);
		workspace.write('items.csv', `code,name\n${Array.from({length: rows}, (_, n) => `C${n},Name ${n}`).join('\n')}\n`);
		expect((await workspace.cli('activate', 'items')).code).toBe(0);
		const client = await workspace.client();
		const submit = async () => {
			const request = {connector: 'items', mode: 'live', input: join(workspace.dir, 'items.csv'), diff_check: false} as const;
			return (await client.run({...request, notify: null, accept_incomplete: false, confirm: null})).id;
		};
		const ids = [await submit()];
		for (const jump of [-3 * days, 2 * days, -400 * days]) {
			clockIs(jump);
			ids.push(await submit());
		}
		for (let ended = 0; ended < ids.length; await pause(20)) {
			// why one answer: between two questions an execution and the one behind it may end
			const {items} = await client.executions({limit: 10});
			const statuses = ids.map((id) => items.find((execution) => execution.id === id)?.status);
			ended = statuses.filter((status) => status === 'completed').length;
			expect(statuses.slice(0, ended)).toEqual(ids.slice(0, ended).map(() => 'completed'));
			expect(statuses.every((status) => ['queued', 'running', 'completed'].includes(status ?? ''))).toBe(true);
		}
		expect((await client.execution(ids[0] ?? '')).counts.created).toBe(rows);
		for (const id of ids.slice(1)) expect((await client.execution(id)).counts.created).toBe(0);
		expect((await client.executions({limit: 10})).items.map(({id}) => id)).toEqual([...ids].reverse());
	},
	120_000,
);
