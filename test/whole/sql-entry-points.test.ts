import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {itemsWorkspace, type Said, type TestWorkspace} from './workspace.js';

const canaryText = 'the canary sings';
let workspace: TestWorkspace;
/** A SELECT that reads the canary. */
let hostile: string;

/** The guard alone: no wall of the operating system may be what stops these. */
beforeEach(() => {
	workspace = itemsWorkspace(10);
	workspace.write('sluice.yaml', 'name: test\nlimits: {sql_sandbox: off}\n');
	const canary = workspace.write('elsewhere/canary.txt', canaryText);
	hostile = `SELECT b AS code, b AS name FROM generateRandom('a UInt8, b String ALIAS file(''${canary}'')') LIMIT 1`;
});

afterEach(async () => {
	delete process.env.SLUICE_SECRET_FEED;
	await workspace.close();
});

function withSql(script: string): void {
	const yaml = `name: Items
type: spreadsheet
object: items
sample_file: sample.csv
sql: transform.sql
variables:
  - {name: code, scope: items, column: code, type: string}
load_steps:
  - name: Items
    object: items
    scope: items
    matching: [{field: code, variable: code}]
    mapping: [{field: code, variables: [code]}]
`;
	workspace.write('connectors/items/connector.yaml', yaml);
	workspace.write('connectors/items/transform.sql', script);
}

/** Refused by the guard, and nothing of the file is in what was said. */
function expectRefused({out, err}: Said): void {
	expect(out + err).toContain('(rule: structures)');
	expect(out + err).not.toContain(canaryText);
}

/** No input, report or table of an execution holds it, and neither does the store. */
async function expectNothingKept(): Promise<void> {
	expect((await workspace.cli('records', 'items')).out).not.toContain(canaryText);
	expect(readdirSync(join(workspace.dir, 'elsewhere'))).toEqual(['canary.txt']);
}

test('transform.sql is guarded when it is validated, when variables are inferred from its output, and in a dry and a live run', async () => {
	withSql(`CREATE TABLE output.items AS ${hostile};`);
	expectRefused(await workspace.cli('validate', 'items'));
	expectRefused(await workspace.cli('infer', 'items'));
	const input = workspace.write('in.csv', 'code,name\nA,one\n');
	expectRefused(await workspace.cli('run', 'items', '--dry-run', '--input', input));
	await expectNothingKept();

	// Sound when it is activated, hostile when it runs.
	withSql('CREATE TABLE output.items AS SELECT code FROM input.page_idx_0;');
	expect((await workspace.cli('activate', 'items')).code).toBe(0);
	withSql(`CREATE TABLE output.items AS ${hostile};`);
	const live = await workspace.cli('run', 'items', '--input', input);
	expect(live.out + live.err).not.toContain(canaryText);
	await expectNothingKept();
});

test('a view that is left in output is guarded when it is made, so nothing is read when it is kept', async () => {
	withSql(`CREATE VIEW output.items AS ${hostile};`);
	expectRefused(await workspace.cli('run', 'items', '--dry-run', '--input', workspace.write('in.csv', 'code\nA\n')));
	await expectNothingKept();
});

test.each(['sql', 'max_timestamp'])('the %s of a source is guarded', async (key) => {
	const sound = 'SELECT 1 AS code, 2 AS name';
	process.env.SLUICE_SECRET_FEED = JSON.stringify({url: 'http://127.0.0.1:9/feed'});
	const [sql, newest] = key === 'sql' ? [hostile, 'SELECT 1'] : [sound, hostile];
	workspace.write(
		'connectors/items/connector.yaml',
		`name: Items
type: spreadsheet
object: items
sample_file: sample.csv
secrets: [feed]
schedule: {cadence: 3600}
source:
  sql: ${JSON.stringify(sql)}
  freshness: {max_timestamp: ${JSON.stringify(newest)}}
variables:
  - {name: code, column: code, type: string}
load_steps:
  - name: Items
    object: items
    matching: [{field: code, variable: code}]
    mapping: [{field: code, variables: [code]}]
`,
	);
	expectRefused(await workspace.cli('source', 'test', 'items'));
	await expectNothingKept();
});

test('the sql of an export is guarded when it is validated and when it runs', async () => {
	workspace.write(
		'connectors/out/connector.yaml',
		`name: Out\noperation: export\nexport: {sql: ${JSON.stringify(hostile)}, to: out/a.csv}\n`,
	);
	expectRefused(await workspace.cli('validate', 'out'));
	expectRefused(await workspace.cli('run', 'out', '--dry-run'));
	await expectNothingKept();
});

test.runIf(process.env.SLUICE_LONG)('text that people look for, filter by or name is never SQL', async () => {
	expect((await workspace.cli('activate', 'items')).code).toBe(0);
	const {id} = await workspace.run('items', workspace.write('in.csv', 'code,name\nA,one\n'));
	const text = `' OR file('${join(workspace.dir, 'elsewhere/canary.txt')}') != '\\' OR 1 -- `;
	for (const words of [
		['find', text],
		['rows', id, 'load:1', '--find', text],
		['rows', id, 'load:1', '--reason', text],
		['rows', id, 'load:1', '--where', `code=${text}`],
		['rows', id, 'load:1', '--sort', text],
		['rows', id, text],
	]) {
		const said = await workspace.cli(...words);
		expect(said.out + said.err, words.join(' ')).not.toContain(canaryText);
		expect(said.out + said.err, words.join(' ')).not.toMatch(/internal|Syntax error/);
	}
});
