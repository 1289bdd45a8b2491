import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {pageAsTable, pageSelect} from '../../source/engine/intake/page-select.js';
import {readInput} from '../../source/engine/intake/read-input.js';
import {sessionSettings} from '../../source/engine/sql/worker-session.js';
import {engine} from './support/intake.js';
import {flatFile} from './support/parquet-file.js';

const scratch = mkdtempSync(join(tmpdir(), 'sluice-folders-'));
beforeAll(() => {
	for (const setting of sessionSettings(1)) engine().query(setting);
});
afterAll(() => rmSync(scratch, {recursive: true, force: true}));

async function pageIn(folder: string, name: string, bytes: string | Uint8Array) {
	const execution = join(scratch, folder);
	mkdirSync(execution, {recursive: true});
	const path = join(execution, name);
	writeFileSync(path, bytes);
	const [page] = await readInput({
		path,
		name,
		folder: execution,
		maxInputBytes: 1_000_000,
		onLog: () => {},
		onWarning: () => {},
		onProgress: () => {},
	});
	if (!page) throw new Error('no page');
	return page;
}

const lines = (sql: string) =>
	engine()
		.query(sql, 'JSONCompactEachRow')
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line));
const rows = [
	['2', 'A', 'x'],
	['3', 'B', 'y'],
];

test.each(['code=Z', 'code=Z/name=1/deep', '.hidden/code=Z', 'a b/code=Zé'])(
	'columns keep the values of the file in a folder %s, whichever way the page is read',
	async (folder) => {
		const page = await pageIn(folder, 'x.csv', 'code,name\r\nA,x\r\nB,y\r\n');
		expect(lines(`SELECT _line, code, name FROM (${pageSelect(page)})`)).toEqual(rows);
		engine().query('CREATE DATABASE IF NOT EXISTS folders');
		engine().query('DROP TABLE IF EXISTS folders.page SYNC');
		engine().query(`CREATE TABLE folders.page ${pageAsTable(page)}`);
		expect(lines('SELECT _line, code, name FROM folders.page')).toEqual(rows);
		expect(lines('SELECT * FROM folders.page')).toEqual(rows);
		const text = (name: string, cells: readonly string[]) => ({name, type: 'BYTE_ARRAY', converted: 0, cells}) as const;
		const parquet = await pageIn(`${folder}/parquet`, 'x.parquet', flatFile([text('code', ['A', 'B']), text('name', ['x', 'y'])]));
		expect(lines(`SELECT _line, code, name FROM (${pageSelect(parquet)})`)).toEqual([
			['1', 'A', 'x'],
			['2', 'B', 'y'],
		]);
	},
);
