import {expect, test} from 'vitest';
import {checkEnginePin} from '../../source/engine/sql/engine-pin.js';
import {runScript} from '../../source/engine/sql/run-script.js';
import {keepOutputs} from '../../source/engine/sql/store-outputs.js';
import {toSluiceError} from '../../source/model/errors.js';
import {build, failure, file, newWorker, page, run} from './world.js';

test('a syntax error is shown at its line and column, after accents and comments', async () => {
	const worker = await build(await newWorker());

	const error = await failure(worker, "-- é ; '\nSELECT 'né';\n\n  SELECT 'é' AS a,\n    b c d\n  FROM x");

	expect(error).toMatchObject({code: 'sql.syntax', where: `${file}:5:9`});
	expect(error.message).toMatch(/^Syntax error: at \(d\)/);
	expect(error.message).not.toMatch(/formatQuery|DB::|Code:/);
});

test('an unknown column is shown where it stands, with the engine text and no stack trace', async () => {
	const worker = await build(await newWorker(), {pages: [page('records', ['sku'], [['1']])]});

	const error = await failure(worker, 'CREATE TABLE output.x AS\nSELECT sku,\n\tskuu AS other\nFROM input.records');

	expect(error).toMatchObject({code: 'sql.failed', where: `${file}:3:2`});
	expect(error.message).toContain('skuu');
	expect(error.message).not.toMatch(/DB::|Stack|0x|__table|UNKNOWN_IDENTIFIER/);
});

test('an unknown table is shown where it stands', async () => {
	const worker = await build(await newWorker());
	const error = await failure(worker, 'SELECT 1;\nCREATE TABLE output.x AS SELECT *\n  FROM input.recrods');
	expect(error).toMatchObject({code: 'sql.failed', where: expect.stringMatching(/:3:\d+$/)});
});

test('a row that cannot be cast stops the script at its statement; tables built before it are kept', async () => {
	const worker = await build(await newWorker(), {pages: [page('records', ['n'], [['1'], ['x']])]});

	const error = await failure(
		worker,
		'CREATE TABLE output.a AS SELECT n FROM input.records;\nCREATE TABLE output.b AS SELECT toInt32(assumeNotNull(n)) AS n FROM input.records;\nCREATE TABLE output.c AS SELECT 1 AS n',
	);

	expect(error).toMatchObject({code: 'sql.failed', where: `${file}:2:1`});
	const kept = await keepOutputs(worker);
	expect(kept.map(({table, rows}) => [table, rows])).toContainEqual(['a', 2]);
	expect(kept.map(({table}) => table)).not.toContain('c');
});

test('a string that never ends is an error at the place where it begins', async () => {
	const worker = await build(await newWorker());
	expect(await failure(worker, "SELECT 1;\nSELECT 'open; SELECT 2")).toMatchObject({code: 'sql.syntax', where: `${file}:2:8`});
});

test('no table in output is an error that says so', async () => {
	const worker = await build(await newWorker());
	await expect(run(worker, 'CREATE TABLE connector.x AS SELECT 1 AS a; -- not output')).rejects.toMatchObject({code: 'sql.no_output'});
	expect((await run(await build(await newWorker()), '-- nothing').catch(toSluiceError)) as unknown).toMatchObject({code: 'sql.no_output'});
});

test('a script says what it leaves, with the types of its columns', async () => {
	const good = await build(await newWorker());
	const found = await run(good, 'CREATE TABLE output.x AS SELECT 1 AS a, NULL::Nullable(String) AS b');
	expect(found).toMatchObject([
		{
			table: 'x',
			rows: 1,
			columns: [
				{name: 'a', type: 'UInt8'},
				{name: 'b', type: 'Nullable(String)'},
			],
		},
	]);
});

test('a pinned engine is the same in every part that the pin names', () => {
	checkEnginePin(null, 'chdb 26.7.2.1');
	checkEnginePin('26.7', 'chdb 26.7.2.1');
	checkEnginePin('26.7.2.1', 'chdb 26.7.2.1');
	for (const other of ['26.8', '26', '2', '26.7.2.10', '26.70'].filter((pin) => pin !== '26')) {
		expect(() => checkEnginePin(other, 'chdb 26.7.2.1'), other).toThrow(/pinned/);
	}
});

test('progress names each statement before it runs', async () => {
	const worker = await build(await newWorker());
	const seen: unknown[] = [];
	await runScript(worker, {text: 'SELECT 1;\n\nSELECT 2', file}, {onStatement: (statement) => seen.push(statement)});
	expect(seen).toEqual([
		{number: 1, of: 2, line: 1},
		{number: 2, of: 2, line: 3},
	]);
});
