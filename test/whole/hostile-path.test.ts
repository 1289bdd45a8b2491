import {execFileSync} from 'node:child_process';
import {mkdirSync, symlinkSync} from 'node:fs';
import {afterEach, expect, test} from 'vitest';
import {itemsWorkspace, TestWorkspace} from './workspace.js';

let workspace: TestWorkspace;

afterEach(() => workspace?.close());

test('a workspace folder and a file with the characters of a pattern load every row, with report and SQL output', {
	timeout: 120_000,
}, async () => {
	const items = itemsWorkspace(2);
	workspace = new TestWorkspace({}, `{a,b}*?[x]%41 'q"d:e\\f`);
	for (const path of ['sluice.yaml', 'objects/items.yaml', 'connectors/items/sample.csv', 'connectors/items/connector.yaml'])
		workspace.write(path, items.read(path));
	await items.close();
	expect((await workspace.cli('validate', 'items')).code).toBe(0);
	expect((await workspace.cli('activate', 'items')).code).toBe(0);
	const execution = await workspace.run('items', workspace.write('in{a,b}*?.csv', 'code,name\nA,1\nB,2\nC,3\n'));
	expect(execution.status).toBe('completed');
	expect(execution.rows.input).toBe(3);
	expect((await workspace.cli('report', execution.id, '--to', `${workspace.dir}/r.xlsx`)).code).toBe(0);
	expect((await workspace.cli('sql-output', execution.id, '--to', `${workspace.dir}/o.zip`)).code).toBe(0);
});

test.each([
	['a pipe', (path: string) => execFileSync('/usr/bin/mkfifo', [path])],
	['a folder', (path: string) => mkdirSync(path)],
	['a device', (path: string) => symlinkSync('/dev/zero', path)],
	['a link that leads back to itself', (path: string) => symlinkSync(path, path)],
])('%s is refused as an input at once', async (what, make) => {
	workspace = itemsWorkspace(2);
	make(`${workspace.dir}/in.csv`);
	const said = await workspace.cli('run', 'items', '--input', `${workspace.dir}/in.csv`, '--dry-run', '--json');
	expect(said.code).not.toBe(0);
	const error = JSON.parse(said.err || said.out) as {code: string; message: string};
	expect(error.code).toBe('intake.unreadable');
	expect(error.message).toContain(`in.csv is ${what}`);
});
