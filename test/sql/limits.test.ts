import {readFile} from 'node:fs/promises';
import {expect, test} from 'vitest';
import {runSelect} from '../../source/engine/sql/run-select.js';
import {keepBuilt, keepOutputs} from '../../source/engine/sql/store-outputs.js';
import {toSluiceError} from '../../source/model/errors.js';
import {build, failure, newWorker, page, run} from './world.js';

/** One block of twenty rows, each of which takes seconds: the engine looks at its clock between blocks. */
const deafQuery = "SELECT sum(editDistance(repeat('ab', 30000 + number), repeat('ba', 30000))) AS a FROM numbers(20)";

async function residentBytes(pid: number): Promise<number> {
	return Number((await readFile(`/proc/${pid}/statm`, 'utf8')).split(' ')[1]) * 4096;
}

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

	const counting = await newWorker({sqlRows: 5});
	await build(counting);
	const counted = await run(counting, 'CREATE VIEW output.counted AS SELECT count() AS n FROM numbers(1000)').catch(toSluiceError);
	expect(counted).toMatchObject({message: 'The statement went through more than 5 rows', where: 'output.counted'});
});

test('limits cannot be lifted by the script, and a failed statement leaves the engine usable', async () => {
	const worker = await build(await newWorker({sqlMemoryBytes: 300_000_000}));
	expect((await failure(worker, 'SET max_memory_usage = 0')).code).toBe('sql.forbidden');
	expect((await failure(worker, "SELECT groupArray(concat(repeat('x', 100), toString(number))) FROM numbers(9000000)")).code).toBe(
		'sql.memory',
	);
	expect((await run(worker, 'CREATE TABLE output.x AS SELECT 1 AS a')).length).toBe(1);
});

test('views that the script leaves share its time, and a view that does not look at the clock is ended with its engine', async () => {
	const limits = {sqlTimeSeconds: 1, sqlRows: Number.MAX_SAFE_INTEGER};
	const polite = await build(await newWorker(limits));
	const error = await run(polite, 'CREATE VIEW output.v AS SELECT sum(sipHash64(number)) AS a FROM numbers(100000000000)').catch(
		toSluiceError,
	);
	expect(error).toMatchObject({code: 'sql.time', message: 'The SQL ran longer than 1 s', where: 'output.v'});

	const deaf = await build(await newWorker(limits));
	const ended = await run(deaf, `CREATE VIEW output.v AS ${deafQuery}`).catch(toSluiceError);
	expect(ended).toMatchObject({code: 'sql.time', message: 'The SQL ran longer than 1 s'});
	await deaf.ended;
});

test('a query of a source that does not look at the clock is ended with its engine', async () => {
	const worker = await build(await newWorker({sqlTimeSeconds: 1, sqlRows: Number.MAX_SAFE_INTEGER}));
	const rows = async () => {
		const {blocks} = await runSelect(worker, {text: deafQuery, file: 'connector.yaml source.sql'});
		for await (const _ of blocks);
	};
	expect(toSluiceError(await rows().catch(toSluiceError))).toMatchObject({code: 'sql.time', message: 'The SQL ran longer than 1 s'});
	await worker.ended;
});

test('a time limit longer than a timer can wait ends nothing', async () => {
	const worker = await build(await newWorker({sqlTimeSeconds: 3_000_000}));
	expect((await run(worker, 'CREATE VIEW output.v AS SELECT sum(number) AS a FROM numbers(1000000)')).length).toBe(1);
});

test('tables in memory count as memory of the SQL', async () => {
	const worker = await build(await newWorker({sqlMemoryBytes: 200_000_000}));
	const fill = 'INSERT INTO connector.held SELECT randomString(1000) FROM numbers(60000);\n';

	const error = await failure(worker, `CREATE TABLE connector.held (a String) ENGINE = Memory;\n${fill.repeat(20)}`);

	expect(error).toMatchObject({code: 'sql.memory', message: 'The SQL and its tables in memory needed more than 200 MB'});
	expect(error.cure).toContain('limits.sql_memory');
	expect(await residentBytes(worker.pid)).toBeLessThan(1_000_000_000);
	await worker.open('trusted');
	expect(await worker.rows("SELECT length(groupArray(repeat('x', 100))) AS n FROM numbers(300000)")).toEqual([{n: '300000'}]);
});

test('what a script writes to disk is bounded, and the message says by what', async () => {
	const worker = await build(await newWorker({sqlDiskBytes: 50_000_000, sqlRows: Number.MAX_SAFE_INTEGER}));

	const error = await failure(
		worker,
		'CREATE TABLE output.x ENGINE = MergeTree ORDER BY tuple() AS SELECT randomString(1000) AS a FROM numbers(100000000)',
	);

	expect(error).toMatchObject({
		code: 'sql.disk',
		message: 'The SQL wrote more than 50 MB to disk',
		where: 'connectors/vendor_products/transform.sql:1:1',
	});
	expect(error.cure).toContain('limits.sql_disk');
});

test('of a script that failed, the tables it had built are kept for inspection, and nothing else that it left', async () => {
	const worker = await build(await newWorker({sqlTimeSeconds: 30}));
	await failure(
		worker,
		`CREATE TABLE output.first AS SELECT number AS a FROM numbers(3);
		CREATE TABLE output.second ENGINE = Log AS SELECT 1 AS b;
		CREATE TABLE connector.scratch ENGINE = Log AS SELECT number AS a FROM numbers(1000);
		CREATE TABLE output.large ENGINE = MergeTree ORDER BY tuple() AS SELECT randomString(1000) AS a FROM numbers(300000);
		CREATE VIEW output.view AS SELECT throwIf(1) AS a;
		SELECT throwIf(1)`,
	);

	expect(await keepBuilt(worker)).toEqual({kept: ['second', 'first'], dropped: ['large']});

	expect(
		await worker.rows(
			"SELECT database, name FROM system.tables WHERE database NOT IN ('system', 'INFORMATION_SCHEMA', 'information_schema') ORDER BY name",
		),
	).toEqual([
		{database: 'run', name: 'sql:first'},
		{database: 'run', name: 'sql:second'},
	]);
	expect(await worker.rows('SELECT a FROM run.`sql:first` ORDER BY __row')).toEqual([{a: '0'}, {a: '1'}, {a: '2'}]);
});
