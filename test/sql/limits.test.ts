import {expect, test} from 'vitest';
import {keepOutputs} from '../../source/engine/sql/keep-outputs.js';
import {toSluiceError} from '../../source/model/errors.js';
import {build, failure, newWorker, page, run} from './world.js';

test('a statement that needs too much memory says so, at its line, and what stood before it is kept', async () => {
	const worker = await build(await newWorker({sqlMemoryBytes: 300_000_000}));

	const error = await failure(
		worker,
		`CREATE TABLE output.before ENGINE = Log AS SELECT 1 AS a;

		CREATE TABLE output.after AS SELECT groupArray(concat(repeat('x', 100), toString(number))) AS a FROM numbers(9000000);`,
	);

	expect(error).toMatchObject({
		code: 'sql.memory',
		message: 'The statement needed more than 300 MB of memory',
		where: 'connectors/vendor_products/transform.sql:3:3',
	});
	expect(error.cure).toContain('limits.sql_memory');
	expect((await keepOutputs(worker)).map(({table, rows}) => [table, rows])).toEqual([['before', 1]]);
});

test('the time limit is the whole script: a later statement gets what earlier ones left', async () => {
	const worker = await build(await newWorker({sqlTimeSeconds: 3, sqlRows: Number.MAX_SAFE_INTEGER}));

	const error = await failure(worker, 'SELECT 1;\nSELECT sum(sipHash64(number)) FROM numbers(100000000000)');

	expect(error).toMatchObject({
		code: 'sql.time',
		message: 'The SQL ran longer than 3 s',
		where: 'connectors/vendor_products/transform.sql:2:1',
	});
	expect(error.cure).toContain('limits.sql_time');
});

test('a statement that goes through too many rows says so, and so does an output that holds too many', async () => {
	const worker = await build(await newWorker({sqlRows: 5}), {
		pages: [
			page(
				'records',
				['a'],
				[...'123456'].map((a) => [a]),
			),
		],
	});

	const read = await failure(worker, 'CREATE TABLE output.x AS SELECT * FROM input.records');
	expect(read).toMatchObject({code: 'sql.rows', message: 'The statement went through more than 5 rows'});
	expect(read.cure).toContain('limits.sql_rows');

	const grown = await newWorker({sqlRows: 5});
	await build(grown);
	const error = await run(grown, 'CREATE TABLE output.grown ENGINE = Log AS SELECT arrayJoin(range(6)) AS a').catch(toSluiceError);
	expect(error).toMatchObject({code: 'sql.rows', message: 'The table holds more than 5 rows', where: 'output.grown'});
});

test('limits cannot be lifted by the script, and a failed statement leaves the engine usable', async () => {
	const worker = await build(await newWorker({sqlMemoryBytes: 300_000_000}));
	expect((await failure(worker, 'SET max_memory_usage = 0')).code).toBe('sql.forbidden');
	expect((await failure(worker, "SELECT groupArray(concat(repeat('x', 100), toString(number))) FROM numbers(9000000)")).code).toBe(
		'sql.memory',
	);
	expect((await run(worker, 'CREATE TABLE output.x AS SELECT 1 AS a')).length).toBe(1);
});
