import {afterEach, expect, test} from 'vitest';
import {itemsWorkspace, type TestWorkspace} from './workspace.js';

let workspace: TestWorkspace;

afterEach(() => workspace.close());

const file = 'connectors/items/connector.yaml';
const edit = (path: string, from: string | RegExp, to: string) => workspace.write(path, workspace.read(path).replace(from, to));

test.runIf(process.env.SLUICE_LONG)(
	'what infer writes is read by the run that follows: the header row, the encoding that was guessed, the variables',
	async () => {
		workspace = itemsWorkspace(1);
		const [, loading = ''] = workspace.read(file).split(/(?=^load_steps:)/m);
		edit(file, /^variables:[\s\S]*/m, '');
		const bank = 'Konto;DE12\nVon;01.05.2025\nBis;31.05.2025\n\nCode;Name;Betrag\nA;Müller, Hans;1,5\nB;Über;2,5\n';
		workspace.write('connectors/items/sample.csv', Buffer.from(bank, 'latin1'));
		const shown = await workspace.cli('infer', 'items');
		expect(shown.out).toContain('# header_row: line 5 of sample.csv holds the names "Code", "Name", "Betrag"\n');
		expect(shown.out).toContain('\nread: {header_row: 5, encoding: windows-1252}\nvariables:\n  - {name: code,');
		expect(workspace.read(file)).not.toContain('header_row');
		const [first] = await workspace.json<{read: unknown}>(['infer', 'items', '--write']);
		expect(first?.read).toMatchObject({header_row: 5, encoding: 'windows-1252'});
		expect(workspace.read(file)).toMatch(/\nread: \{header_row: 5, encoding: windows-1252\}\nvariables:\n/);
		workspace.write(file, `${workspace.read(file)}${loading}`);
		const run = await workspace.run('items', 'connectors/items/sample.csv', '--dry-run');
		expect([run.error, run.rows.input, run.counts.created, run.warnings]).toEqual([null, 2, 2, []]);
		expect((await workspace.cli('infer', 'items')).out).not.toContain('read:');
	},
);

test('validate warns of columns that only their place tells apart, and what is warned of can be activated', async () => {
	workspace = itemsWorkspace(1);
	edit(file, 'column: name', 'column: ___');
	workspace.write('connectors/items/sample.csv', 'code,имя,тел\nA,one,1\n');
	const said = await workspace.cli('validate', 'items');
	expect(said).toMatchObject({code: 0, out: expect.stringContaining('1 warning.')});
	expect(said.out).toContain(`${file}:4:14  warning: sample.csv: only their place tells these columns from others: "___" (header "имя")`);
	expect(await workspace.json(['validate', 'items'])).toMatchObject([{code: 'intake.column_places', severity: 'warning'}]);
	expect((await workspace.cli('status')).out).not.toContain('only their place');
	expect(await workspace.cli('activate', 'items')).toMatchObject({code: 0});
	edit(file, 'column: ___', 'column: nothing');
	const [problem] = await workspace.json<object>(['validate', 'items'], [1]);
	expect(problem).toMatchObject({code: 'intake.incompatible', severity: 'error'});
});
