import {expect, test} from 'vitest';
import {keepPage} from '../../source/engine/sql/keep-page.js';
import {build, newWorker, page, run} from './world.js';

const million = page('big', ['a', 'b']);
const bigPage = {
	...million,
	select: "SELECT number + 2 AS _line, toString(number) AS a, concat('b', toString(number % 1000)) AS b FROM numbers(1000000)",
};

test.runIf(process.env.SLUICE_LONG)(
	'a million rows without ORDER BY come out in the order of the file, every time, through every kind of table',
	async () => {
		const worker = await build(await newWorker(), {pages: [bigPage]});
		for (const engine of ['ENGINE = Log', 'ENGINE = Memory', '', 'ENGINE = MergeTree ORDER BY tuple()']) {
			await run(
				worker,
				`DROP TABLE IF EXISTS output.x; DROP TABLE IF EXISTS connector.scratch; DROP VIEW IF EXISTS output.v;
			CREATE TABLE connector.scratch ${engine} AS SELECT _line, upper(b) AS b, a FROM input.big SETTINGS max_threads = 8;
			CREATE TABLE output.x ${engine} AS SELECT * FROM connector.scratch WHERE b != 'B7';
			CREATE VIEW output.v AS SELECT a, b FROM input.big`,
			);
			const [broken] = await worker.rows(
				'SELECT count() AS n FROM (SELECT toUInt64(a) - lagInFrame(toUInt64(a), 1, 0) OVER (ORDER BY __row) AS step, __row FROM run.`sql:x`) WHERE step > 2 OR (step < 1 AND __row > 1)',
			);
			expect(broken, engine).toEqual({n: '0'});
			expect(await worker.rows('SELECT count() AS n, countIf(toUInt64(a) + 1 != __row) AS wrong FROM run.`sql:v`'), engine).toEqual([
				{n: '1000000', wrong: '0'},
			]);
			expect(await worker.rows('SELECT countIf(__line != toUInt64(a) + 2) AS wrong, max(__row) AS last FROM run.`sql:x`')).toEqual([
				{wrong: '0', last: '999000'},
			]);
		}
	},
);

test('a top-level ORDER BY is the order that is kept, in a table and in a view', async () => {
	const worker = await build(await newWorker(), {pages: [bigPage]});
	await run(
		worker,
		`CREATE TABLE output.t ENGINE = Log AS SELECT a FROM input.big ORDER BY toUInt64(a) DESC;
		CREATE VIEW output.v AS SELECT a FROM input.big ORDER BY toUInt64(a) DESC`,
	);
	for (const table of ['t', 'v']) {
		expect(await worker.rows(`SELECT countIf(toUInt64(a) + __row != 1000000) AS wrong FROM run.\`sql:${table}\``)).toEqual([{wrong: '0'}]);
	}
});

test('views and Memory tables in output, and views over temporary tables, are kept with their rows', async () => {
	const worker = await build(await newWorker(), {pages: [page('records', ['a'], [['1'], ['2']])]});

	const outputs = await run(
		worker,
		`CREATE TEMPORARY TABLE held AS SELECT a FROM input.records;
		CREATE TABLE output.memory ENGINE = Memory AS SELECT * FROM held;
		CREATE VIEW output.lines AS SELECT _line, a FROM input.records;
		CREATE TABLE output.cloned CLONE AS input.records;
		CREATE VIEW output.odd AS SELECT NULL AS nothing, INTERVAL 3 DAY AS length;
		INSERT INTO output.memory VALUES ('it''s 3'), (NULL); INSERT INTO output.memory (a) VALUES (upper('x') || '4')`,
	);

	expect(outputs.map(({table, rows}) => [table, rows])).toEqual([
		['cloned', 2],
		['lines', 2],
		['memory', 5],
		['odd', 1],
	]);
	expect(await worker.rows("SELECT groupArray(ifNull(a, '-')) AS a FROM (SELECT a FROM run.`sql:memory` ORDER BY __row)")).toEqual([
		{a: ['1', '2', "it's 3", '-', 'X4']},
	]);
	expect(await worker.rows('SELECT * FROM run.`sql:cloned` ORDER BY __row')).toEqual([
		{__row: '1', __line: '2', a: '1'},
		{__row: '2', __line: '3', a: '2'},
	]);
	expect(await worker.rows('SELECT nothing, length FROM run.`sql:odd`')).toEqual([{nothing: null, length: '3'}]);
});

test('a column that is NULL alone, or of a type no table can have, is kept as text in every kind of table, in the order given', async () => {
	const worker = await build(await newWorker(), {pages: [page('records', ['a'], [['1'], ['2']])]});
	await run(
		worker,
		`CREATE TABLE connector.half AS SELECT a, NULL AS x FROM input.records;
		CREATE TABLE output.lone AS SELECT NULL AS x, INTERVAL 3 DAY AS length, a FROM input.records ORDER BY a DESC;
		CREATE TABLE output.log ENGINE = Log AS SELECT a, x FROM connector.half UNION ALL SELECT '3', NULL;
		CREATE TABLE output.tree ENGINE = MergeTree ORDER BY tuple() AS SELECT a, NULL AS x FROM connector.half`,
	);
	expect(await worker.rows('SELECT x, length, a FROM run.`sql:lone` ORDER BY __row')).toEqual([
		{x: null, length: '3', a: '2'},
		{x: null, length: '3', a: '1'},
	]);
	expect(await worker.rows('SELECT count() AS n, count(x) AS filled FROM run.`sql:log`')).toEqual([{n: '3', filled: '0'}]);
	expect(await worker.rows('SELECT a, x FROM run.`sql:tree` ORDER BY __row')).toEqual([
		{a: '1', x: null},
		{a: '2', x: null},
	]);
});

test('columns named as the kept ones are kept under another name, and empty tables keep their columns', async () => {
	const worker = await build(await newWorker(), {pages: [page('records', ['a'], [])]});

	const outputs = await run(
		worker,
		'CREATE TABLE output.clash AS SELECT 7 AS __row, 8 AS __line, 9 AS __row__duplicate_1__; CREATE TABLE output.empty AS SELECT * FROM input.records',
	);

	expect(outputs[0]?.columns.map(({name}) => name)).toEqual(['__row__duplicate_2__', '__line__duplicate_1__', '__row__duplicate_1__']);
	expect(await worker.rows('SELECT * FROM run.`sql:clash`')).toEqual([
		{__row: '1', __line: null, __row__duplicate_2__: 7, __line__duplicate_1__: 8, __row__duplicate_1__: 9},
	]);
	expect(outputs[1]).toEqual({table: 'empty', rows: 0, columns: [{name: 'a', type: 'Nullable(String)'}], isErrors: false});
});

test('with SQL off the one page is the scope input', async () => {
	const worker = await newWorker();
	await build(worker);
	const kept = await keepPage(
		worker,
		page(
			'Vendors 2024',
			['a', '__row'],
			[
				['x', 'y'],
				[null, ''],
			],
		),
	);
	expect(kept).toMatchObject({table: 'input', rows: 2, isErrors: false});
	expect(await worker.rows('SELECT * FROM run.`sql:input` ORDER BY __row')).toEqual([
		{__row: '1', __line: '2', a: 'x', __row__duplicate_1__: 'y'},
		{__row: '2', __line: '3', a: null, __row__duplicate_1__: ''},
	]);
});

test('the rows that were loaded of a page are compared with what the page has, with SQL off and on', async () => {
	const loaded: number[] = [];
	const counted = {...page('counted', ['a'], [['x'], ['y']]), checkRows: (rows: number) => void loaded.push(rows)};
	const worker = await newWorker();
	await build(worker);
	await keepPage(worker, counted);
	await build(await newWorker(), {pages: [counted]});
	expect(loaded).toEqual([2, 2]);
});

test('every name of SPEC 5.1 leads to its page: its own, the sample page in that place, its position; real names win', async () => {
	const worker = await build(await newWorker(), {
		pages: [page('march', ['a'], [['first']]), page('products', ['a'], [['second']])],
		sampleTableNames: [['vendors_csv', 'products'], ['goods']],
	});
	await run(
		worker,
		`CREATE TABLE output.x AS SELECT (SELECT any(a) FROM input.march_csv) a1, (SELECT any(a) FROM input.vendors_csv) a2, (SELECT any(a) FROM input.page_idx_0) a3,
			(SELECT any(a) FROM input.products) b1, (SELECT any(a) FROM input.goods) b2, (SELECT any(_line) FROM input.page_idx_1) line`,
	);
	expect(await worker.rows('SELECT * EXCEPT (__row, __line) FROM run.`sql:x`')).toEqual([
		{a1: 'first', a2: 'first', a3: 'first', b1: 'second', b2: 'second', line: '2'},
	]);
});
