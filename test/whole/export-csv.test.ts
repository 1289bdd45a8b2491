import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import type {Execution} from '../../source/model/execution.js';
import {itemsWorkspace, type TestWorkspace} from './workspace.js';

let workspace: TestWorkspace;

beforeAll(async () => {
	workspace = itemsWorkspace(10);
	workspace.write(
		'connectors/excel/connector.yaml',
		"name: Out\noperation: export\nexport: {object: items, to: out/excel.csv, csv: {delimiter: ';', bom: true, line_end: crlf}}\n",
	);
	workspace.write(
		'connectors/latin/connector.yaml',
		'name: Out\noperation: export\nexport: {object: items, to: out/latin.csv, csv: {encoding: latin1}}\n',
	);
	const client = await workspace.client();
	for (const name of ['items', 'excel', 'latin']) await client.activate(name, {});
	await workspace.run('items', workspace.write('in.csv', 'code,name\nA,é\nB,Zł\n'));
}, 60_000);

afterAll(() => workspace.close());

test('an export writes its CSV as `csv` says', async () => {
	const [live] = await workspace.json<Execution>(['run', 'excel']);
	expect(live?.status).toBe('completed');
	expect(readFileSync(join(workspace.dir, 'out/excel.csv'), 'utf8')).toBe('\ufeff"code";"name"\r\n"A";"é"\r\n"B";"Zł"\r\n');
});

test('a character that the encoding does not hold fails the run, which writes nothing; a dry run says so before', async () => {
	const message = '"ł" (U+0142) in the column "name" cannot be written in iso-8859-1';
	const [dry] = await workspace.json<Execution>(['run', 'latin', '--dry-run'], [3]);
	expect(dry?.warnings.map((warning) => warning.message)).toEqual([`A live run would stop here: ${message} (row 2, column "name")`]);
	const [live] = await workspace.json<Execution>(['run', 'latin'], [1]);
	expect(live?.error).toMatchObject({code: 'export.encoding', message, where: 'row 2, column "name"'});
	expect(existsSync(join(workspace.dir, 'out/latin.csv'))).toBe(false);
});
