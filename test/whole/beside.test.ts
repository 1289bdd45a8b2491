import {rmSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {afterEach, expect, test} from 'vitest';
import type {Execution} from '../../source/model/execution.js';
import {twoStepsWorkspace} from '../chaos/two-steps.js';
import {members} from '../report/open-workbook.js';
import type {TestWorkspace} from './workspace.js';

let workspace: TestWorkspace;

afterEach(() => workspace.close());

async function started(rows: number, chunkSize: number): Promise<Execution> {
	workspace = twoStepsWorkspace(chunkSize);
	workspace.write(
		'large.csv',
		`sku,price,maker,town\n${Array.from({length: rows}, (_, n) => `S${n},${n % 7 ? n : 'none'},M${n % 50},T`).join('\n')}\n`,
	);
	expect((await workspace.cli('activate', 'goods')).code).toBe(0);
	const [queued] = await workspace.json<Execution>(['run', 'goods', '--input', join(workspace.dir, 'large.csv'), '--detach']);
	if (!queued) throw new Error('run printed nothing');
	return queued;
}

test.runIf(process.env.SLUICE_LONG === '1')('the SQL output is there and whole while rows are still being loaded', async () => {
	const rows = 20_000;
	const {id} = await started(rows, 1);
	const client = await workspace.client();
	for (;;) {
		const {status, artifacts, stages} = await client.execution(id);
		if (artifacts.sql_output !== null && stages.some(({stage, state}) => stage.startsWith('load:') && state === 'running')) {
			const lines = (await members(artifacts.sql_output)).get('lines.csv')?.trim().split('\n');
			expect(lines).toHaveLength(rows + 1);
			break;
		}
		if (!['queued', 'running'].includes(status)) throw new Error(`it ended before the SQL output was seen: ${status}`);
		await pause(20);
	}
	await client.cancel(id);
});

test.runIf(process.env.SLUICE_LONG)(
	'sheets and SQL output that were begun during the run are those that are built again later',
	async () => {
		const {id} = await started(3_000, 25);
		await workspace.cli('show', id, '--follow');
		const client = await workspace.client();
		const {report, sql_output: sqlOutput} = (await client.execution(id)).artifacts;
		if (report === null || sqlOutput === null) throw new Error('the run left no artifacts');
		const first = [await members(report), await members(sqlOutput)];
		for (const path of [report, sqlOutput]) rmSync(path);
		const again = await Promise.all(
			[
				['report', 'again.xlsx'],
				['sql-output', 'again.zip'],
			].map(async ([command = '', to = '']) => {
				expect(await workspace.cli(command, id, '--to', join(workspace.dir, to))).toMatchObject({code: 0});
				return await members(join(workspace.dir, to));
			}),
		);
		// why not the summary: it lists when the report ended, which the one built during the run cannot know
		for (const archive of [...first, ...again]) archive.delete('xl/worksheets/sheet1.xml');
		expect(again).toEqual(first);
		expect(first[0]?.size).toBeGreaterThan(6);
	},
);
