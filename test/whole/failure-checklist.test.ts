import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, expect, test} from 'vitest';
import type {FailureCheck} from '../../source/api/contract.js';
import {itemsWorkspace, type TestWorkspace} from './workspace.js';

let workspace: TestWorkspace;

afterEach(() => workspace.close());

async function checklist(id: string): Promise<Readonly<Record<string, FailureCheck>>> {
	const {items} = await (await workspace.client()).failureChecklist(id);
	return Object.fromEntries(items.map((item) => [item.check, item]));
}

test.runIf(process.env.SLUICE_LONG)(
	'a failed run says what to look at: the error, the row left out, the column that went, the secret that is not set, the dry run to do',
	async () => {
		workspace = itemsWorkspace(2);
		const yaml = 'connectors/items/connector.yaml';
		workspace.write(
			'connectors/items/transform.sql',
			'CREATE TABLE output.items AS SELECT code, name FROM (SELECT * FROM input.page_idx_0);\n',
		);
		workspace.write(yaml, readFileSync(join(workspace.dir, yaml), 'utf8').replace('variables:', 'sql: transform.sql\nvariables:'));
		await workspace.cli('activate', 'items');
		const good = await workspace.run('items', workspace.write('good.csv', 'code,name\nA,a\n'));
		expect(good.status).toBe('completed');

		const failed = await workspace.run('items', workspace.write('bad.csv', 'code,nam\nB,b\n'), '--dry-run');
		expect(failed.status).toBe('failed');
		const found = await checklist(failed.id);
		expect(found.first_error).toMatchObject({state: 'look', message: failed.error?.message});
		expect(found.first_skipped?.state).toBe('ok');
		expect(found.shape).toMatchObject({state: 'look', detail: ['column renamed: name is now nam']});
		expect(found.shape?.message).toContain(good.id);
		expect(found.credentials).toMatchObject({state: 'ok', message: 'It uses no secret'});
		expect(found.dry_run).toMatchObject({state: 'todo', command: `sluice rerun ${failed.id} --dry-run`});

		const text = (await workspace.cli('show', failed.id)).out;
		expect(text).toMatch(/\[!!\] Shape of the file .*changed shape since/);
		expect(text).toContain('column renamed: name is now nam');

		const again = await workspace.run('items', workspace.write('again.csv', 'code,name\n,lost\nC,c\n'), '--dry-run');
		expect(again.status).toBe('warning');
		expect((await checklist(again.id)).first_skipped).toMatchObject({state: 'look', detail: ['variables:items, row 1']});
		expect((await checklist(failed.id)).dry_run).toMatchObject({state: 'look', message: `The dry run ${again.id} ended warning`});

		workspace.write(yaml, `${readFileSync(join(workspace.dir, yaml), 'utf8')}secrets: [vendor_db]\n`);
		await workspace.cli('validate');
		expect((await checklist(failed.id)).credentials).toMatchObject({state: 'look', command: 'sluice secret set vendor_db'});

		// A column that the SQL cannot do without is asked of the file when it is submitted, once the SQL has run on the sample.
		workspace.write('connectors/items/transform.sql', 'CREATE TABLE output.items AS SELECT code, name FROM input.page_idx_0;\n');
		await workspace.cli('validate', 'items');
		const before = (await workspace.cli('executions')).out;
		const refused = await workspace.cli('run', 'items', '--dry-run', '--input', 'bad.csv');
		expect(refused).toMatchObject({code: 1});
		expect(refused.err).toContain('bad.csv lacks a column: "name" (nearest header: "nam"), named by connectors/items/transform.sql');
		expect((await workspace.cli('executions')).out).toBe(before);

		// Neither does validation keep silent about a type that the store refuses.
		workspace.write(
			'objects/items.yaml',
			workspace.read('objects/items.yaml').replace('name: Name, type: text', 'name: Name, type: longtext'),
		);
		workspace.write(yaml, workspace.read(yaml).replace('secrets: [vendor_db]\n', ''));
		const place = {code: 'store.object_refused', file: 'objects/items.yaml', line: 4, column: 5};
		expect(await workspace.json(['validate', 'items'], [1])).toMatchObject([place]);
		const status = await (await workspace.client()).status();
		expect(status.connectors[0]?.problems).toMatchObject([place]);
		expect(status.needs_you.filter(({kind}) => kind === 'problem')).toHaveLength(1);
		await workspace.cli('deactivate', 'items');
		expect((await workspace.cli('activate', 'items')).err).toContain(
			'  objects that the store accepts: objects/items.yaml:4:5  items.name is text',
		);
		expect(await workspace.json(['records', 'items'])).toMatchObject([{fields: {code: 'A', name: 'a'}}]);
	},
);
