import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {afterEach, beforeEach, expect, test} from 'vitest';
import type {Execution} from '../../source/model/execution.js';
import {itemsWorkspace, type TestWorkspace} from './workspace.js';

let workspace: TestWorkspace;
let elsewhere: string;

beforeEach(({skip}) => {
	if (!existsSync('/dev/shm') || statSync('/dev/shm').dev === statSync(tmpdir()).dev) skip('there is no second file system');
	workspace = itemsWorkspace(10);
	elsewhere = mkdtempSync('/dev/shm/sluice-elsewhere-');
});

afterEach(async () => {
	await workspace.close();
	rmSync(elsewhere, {recursive: true, force: true});
});

test.runIf(process.env.SLUICE_LONG)(
	'state on another disk through a link, records, exports and what becomes of files on it too: all is there as on one',
	async () => {
		const state = join(elsewhere, 'state');
		mkdirSync(state, {mode: 0o700});
		symlinkSync(state, join(workspace.dir, '.sluice'));
		workspace.write('sluice.yaml', `name: test\nstore: {sqlite: ${elsewhere}/records.db}\n`);
		const path = 'connectors/items/connector.yaml';
		const source = `source: {file: "drop/*.csv", settle: 0.2, retention: {after_success: move, to: ${elsewhere}/done, masked_sample: {rows: 1, mask: [name]}}}`;
		workspace.write(path, `${readFileSync(join(workspace.dir, path), 'utf8')}schedule: {every: manual_only}\n${source}\n`);
		workspace.write(
			'connectors/out/connector.yaml',
			`name: Out\noperation: export\nexport: {object: items, to: ${elsewhere}/out/items.csv}\n`,
		);
		for (const name of ['items', 'out']) expect(await workspace.cli('activate', name)).toMatchObject({code: 0});
		const old = new Date('2026-01-01T00:00:00Z');
		utimesSync(workspace.write('drop/in.csv', 'code,name\nA,one\n'), old, old);

		const [run] = await workspace.json<Execution>(['run', 'items']);
		expect(run).toMatchObject({status: 'completed', counts: {created: 1}});
		expect((await workspace.json<Execution>(['run', 'out']))[0]?.status).toBe('completed');
		expect(readFileSync(join(elsewhere, 'out/items.csv'), 'utf8')).toBe('"code","name"\n"A","one"\n');
		while (!existsSync(join(elsewhere, 'done/in.csv')) || readdirSync(join(workspace.dir, 'drop')).length > 0) await pause(50);
		for (const [command, to] of [
			['report', 'report.xlsx'],
			['sql-output', 'rows.zip'],
			['input', 'input.csv'],
		] as const)
			expect(await workspace.cli(command, run?.id ?? '', '--to', join(elsewhere, to))).toMatchObject({code: 0});
		expect(await workspace.json(['explain', run?.id ?? '', '--row', '1'])).toMatchObject([{intake: {line: 2, text: 'A,one'}}]);
		expect(readdirSync(state)).toContain('control.db');
	},
);

test('a state folder that cannot be is refused by name, with what to do', async () => {
	for (const [make, cure] of [
		[() => symlinkSync(join(elsewhere, 'nowhere'), join(workspace.dir, '.sluice')), 'link that leads nowhere'],
		[() => writeFileSync(join(workspace.dir, '.sluice'), ''), 'move that away'],
	] as const) {
		rmSync(join(workspace.dir, '.sluice'), {recursive: true, force: true});
		make();
		const said = await workspace.cli('status', '--json');
		expect([said.code, JSON.parse(said.err)]).toMatchObject([
			1,
			{code: 'daemon.folder_open', where: join(workspace.dir, '.sluice'), cure: expect.stringContaining(cure)},
		]);
	}
});
