import {expect, test} from 'vitest';
import {runScript} from '../../source/engine/sql/run-script.js';
import {loneOutput} from '../../source/engine/sql/single-use-output.js';
import {splitStatements} from '../../source/engine/sql/split-statements.js';
import {keepOutputs} from '../../source/engine/sql/store-outputs.js';
import type {SqlWorker} from '../../source/engine/sql/worker-session.js';
import {build, failure, file, newWorker, page, run} from './world.js';

const people = {
	...page('people', ['id', 'city']),
	select:
		"SELECT number * 3 + 2 AS _line, toString(number * 7919 % 200003) AS id, concat('c', toString(number % 13)) AS city FROM numbers(200000)",
};

const atOnce = [
	'SELECT * FROM input.people',
	"SELECT _line, upper(city) AS city, id FROM input.people WHERE city != 'c7'",
	"SELECT id, city FROM input.people WHERE city != 'c7' ORDER BY toUInt64(id) DESC, city LIMIT 150000 OFFSET 777",
	'SELECT DISTINCT city FROM input.people',
	'SELECT city, count() AS n FROM input.people GROUP BY city ORDER BY n, city',
	'SELECT a.id, b.city FROM input.people AS a INNER JOIN input.page_idx_0 AS b ON a.id = b.id WHERE a._line % 2 = 0 ORDER BY toUInt64(a.id)',
	'SELECT id, arrayJoin([1, 2, 3]) AS n, _line FROM input.people',
	'SELECT id, row_number() OVER (ORDER BY toUInt64(id)) AS n FROM input.people ORDER BY n',
	'SELECT 1 AS __row, id AS __line, _line FROM input.people',
];
const copied = [
	'SELECT id FROM input.people UNION ALL SELECT city FROM input.people',
	'SELECT id FROM connector.both',
	'SELECT id FROM (SELECT id FROM input.people)',
	'SELECT id FROM input.people SETTINGS max_block_size = 100',
];

async function isCopied(worker: SqlWorker): Promise<boolean> {
	return (await worker.rows("SELECT name FROM system.tables WHERE database = 'output' AND name = 'x'")).length === 1;
}

test.runIf(process.env.SLUICE_LONG)(
	'an output holds the same rows in the same order whether it is written once or copied, and only what comes in one stream is written once',
	async () => {
		const worker = await build(await newWorker(), {pages: [people]});
		const view = 'CREATE OR REPLACE VIEW connector.both AS SELECT id FROM input.people UNION ALL SELECT city FROM input.people';
		for (const query of [...atOnce, ...copied]) {
			const kept = [];
			for (const another of ['', '; CREATE OR REPLACE TABLE connector.seen AS SELECT count() AS n FROM output.x']) {
				await runScript(worker, {
					text: `${view}; DROP TABLE IF EXISTS output.old; CREATE OR REPLACE TABLE output.x AS ${query}${another}`,
					file,
				});
				expect(await isCopied(worker), query).toBe(another !== '' || copied.includes(query));
				const [output] = await keepOutputs(worker);
				const [content] = await worker.rows(
					'SELECT count() AS rows, max(__row) AS last, sum(sipHash64(tuple(*))) AS hash FROM run.`sql:x`',
				);
				kept.push({...output, content});
				expect(content, query).toMatchObject({last: String(output?.rows), rows: String(output?.rows)});
				await worker.execute('DROP TABLE IF EXISTS output.x SYNC');
			}
			expect(kept[0], query).toEqual(kept[1]);
		}
	},
);

test('outputs written once and outputs copied are kept together, in name order', async () => {
	const worker = await build(await newWorker(), {pages: [people]});
	const outputs = await run(
		worker,
		`CREATE TABLE output.b AS SELECT id FROM input.people WHERE city = 'c1';
		CREATE VIEW output.c AS SELECT 1 AS one;
		CREATE TABLE output.a_errors ENGINE = Memory AS SELECT city FROM input.people LIMIT 2`,
	);
	expect(outputs.map(({table, isErrors}) => [table, isErrors])).toEqual([
		['a_errors', true],
		['b', false],
		['c', false],
	]);
});

test('a statement that fails while its rows are written leaves no table, and is told where it stands', async () => {
	const worker = await build(await newWorker(), {pages: [people]});
	const error = await failure(
		worker,
		"CREATE TABLE output.sound AS SELECT 1 AS a;\nCREATE TABLE output.x AS SELECT throwIf(id = '5', 'five') AS a FROM input.people",
	);
	expect(error).toMatchObject({code: 'sql.failed', where: `${file}:2:1`});
	expect(error.message).toContain('five');
	expect((await keepOutputs(worker)).map(({table}) => table)).toEqual(['sound']);
});

test('a table that another statement speaks of stands where the script says', () => {
	const lone = (script: string) => {
		const statements = splitStatements(script);
		return loneOutput(statements, 0, statements[0]?.text ?? '');
	};
	expect(lone('CREATE TABLE output.x AS SELECT 1 AS a; SELECT 2')).toEqual({
		table: 'x',
		head: 'CREATE TABLE output.x ',
		query: 'SELECT 1 AS a',
	});
	expect(lone('CREATE OR REPLACE TABLE output.`x y` ENGINE = MergeTree ORDER BY tuple() AS SELECT 1 AS a')?.table).toBe('x y');
	for (const script of [
		'CREATE TABLE output.x AS SELECT 1 AS a; INSERT INTO output.x VALUES (2)',
		'CREATE TABLE output.x AS SELECT 1 AS a; CREATE VIEW output.y AS SELECT * FROM output."x"',
		'CREATE TABLE output.x AS SELECT 1 AS a; SET final = 1',
		'CREATE TABLE output.x ENGINE = MergeTree ORDER BY a AS SELECT 1 AS a',
		'CREATE TABLE output.x (a UInt8) ENGINE = Memory AS SELECT 1 AS a',
		'CREATE TABLE IF NOT EXISTS output.x AS SELECT 1 AS a',
		'CREATE TABLE connector.x AS SELECT 1 AS a',
		'CREATE VIEW output.x AS SELECT 1 AS a',
		'CREATE TABLE output.x AS input.people',
	]) {
		expect(lone(script), script).toBeNull();
	}
});
