import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import type {HistoryEntry, Status} from '../../source/api/contract.js';
import type {Execution} from '../../source/model/execution.js';
import {itemsWorkspace, type TestWorkspace} from './workspace.js';

let workspace: TestWorkspace;

/** Items with a name that must be unique: the second row that brings one errors. */
beforeEach(() => {
	workspace = itemsWorkspace(2);
	edit('objects/items.yaml', 'name: Name, type: text}', 'name: Name, type: text, unique: true}');
	workspace.write('connectors/items/transform.sql', 'CREATE TABLE output.items AS SELECT * FROM input.page_idx_0 ORDER BY code;\n');
	edit('connectors/items/connector.yaml', 'variables:', 'sql: transform.sql\nvariables:');
});

afterEach(() => workspace.close());

function edit(path: string, from: string, to: string): void {
	workspace.write(path, readFileSync(join(workspace.dir, path), 'utf8').replace(from, to));
}

test('only rows that errored or were invalid are run again, on the same SQL', async () => {
	workspace.write('in.csv', 'code,name\nA,one\nB,one\n,lost\nC,two\n');
	expect(await workspace.cli('activate', 'items')).toMatchObject({code: 0});
	const first = await workspace.run('items', 'in.csv');
	expect([first.status, first.counts]).toEqual(['warning', {created: 2, updated: 0, skipped: 1, errored: 1, warnings: 0}]);
	expect(await standing()).toBe('needs_attention');

	const [again] = await workspace.json<Execution>(['rerun', first.id, '--rows', 'failed'], [3]);
	expect(again?.rows.by_scope).toEqual({items: 2});
	expect(again?.counts).toEqual({created: 0, updated: 0, skipped: 1, errored: 1, warnings: 0});
	const rows = await workspace.json<{record: string | null; outcome: string}>(['rows', again?.id ?? '', 'load:1']);
	expect(rows.map(({outcome}) => outcome)).toEqual(['errored', 'skipped']);

	const [whole] = await workspace.json<Execution>(['rerun', first.id, '--dry-run'], [3]);
	expect([whole?.mode, whole?.rows.input, whole?.input_file]).toEqual(['dry', 4, 'in.csv']);

	workspace.write('connectors/items/transform.sql', 'CREATE TABLE output.items AS SELECT * FROM input.page_idx_0 ORDER BY name;\n');
	const refused = await workspace.cli('rerun', first.id, '--rows', 'failed', '--dry-run', '--json');
	expect([refused.code, JSON.parse(refused.err)]).toMatchObject([1, {code: 'run.sql_changed'}]);
	expect((await history())[0]).toMatchObject({what: 'deactivate', detail: {reason: 'connectors/items/transform.sql changed'}});
});

test('a run that goes too wrong stops at its chunk and fails; acknowledged, it needs nobody any more', async () => {
	edit('connectors/items/connector.yaml', 'settings: {', 'settings: {stop_after: {errors: 2}, ');
	workspace.write('in.csv', `code,name\n${['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'].map((code) => `${code},same`).join('\n')}\n`);
	expect(await workspace.cli('activate', 'items')).toMatchObject({code: 0});
	const failed = await workspace.run('items', 'in.csv');
	expect(failed).toMatchObject({status: 'failed', error: {code: 'load.stop_after'}, counts: {created: 1, errored: 3}});
	expect((await dashboard()).needs_you).toContainEqual(expect.objectContaining({kind: 'failed', execution: failed.id}));
	expect((await workspace.cli('ack', failed.id)).code).toBe(0);
	expect((await dashboard()).needs_you.filter(({kind}) => kind === 'failed')).toEqual([]);
	expect((await history()).map(({what}) => what)).toEqual(['ack', 'ended', 'run', 'activate']);
});

test('on a production workspace live runs and cancels name the connector, dry runs need not', async () => {
	workspace.write('sluice.yaml', 'name: test\nenvironment: production\n');
	const input = join(workspace.dir, 'connectors/items/sample.csv');
	const run = ['run', 'items', '--input', input, '--json'];
	const refused = await workspace.cli(...run);
	expect([refused.code, JSON.parse(refused.err)]).toMatchObject([5, {code: 'run.confirm_needed', expected: '--confirm items'}]);
	expect((await workspace.cli(...run, '--confirm', 'itmes')).code).toBe(5);
	const queued = await workspace.cli(...run, '--confirm', 'items');
	expect([queued.code, JSON.parse(queued.out)]).toMatchObject([5, {status: 'queued', waiting_for: 'activation'}]);
	expect((await workspace.cli('run', 'items', '--dry-run')).code).toBe(0);
	const {id} = JSON.parse(queued.out) as Execution;
	expect((await workspace.cli('cancel', id)).code).toBe(5);
	expect((await workspace.cli('cancel', id, '--confirm', 'items')).code).toBe(0);
});

async function dashboard(): Promise<Status> {
	const [status] = await workspace.json<Status>(['status']);
	if (!status) throw new Error('status printed nothing');
	return status;
}

async function standing(): Promise<string | undefined> {
	return (await dashboard()).connectors[0]?.status;
}

function history(): Promise<readonly HistoryEntry[]> {
	return workspace.json<HistoryEntry>(['history', 'items']);
}
