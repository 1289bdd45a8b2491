import {expect, test} from 'vitest';
import {withThreads} from '../../source/engine/sql/guard/settings.js';
import {runScript} from '../../source/engine/sql/run-script.js';
import {runSelect} from '../../source/engine/sql/run-select.js';
import {build, failure, file, newWorker, page} from './world.js';

/** What people write for ClickHouse every day; none of it may be refused. */
const everyday = [
	'SELECT 1',
	'WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT * FROM t',
	"CREATE TABLE connector.a (id Int32, name String DEFAULT upper('x'), price Decimal(18, 4) CODEC(ZSTD(3)), INDEX i name TYPE set(100)) ENGINE = MergeTree ORDER BY (id, cityHash64(name)) PARTITION BY intDiv(id, 10)",
	"INSERT INTO connector.a (id, name, price) VALUES (1, 'a;b', 1.5), (-2, 'it''s', 2)",
	'INSERT INTO connector.a (id, name) SELECT number, toString(number) FROM numbers(10) WHERE number IN (SELECT id FROM connector.a) ORDER BY number LIMIT 5 BY number',
	'ALTER TABLE connector.a ADD COLUMN extra Nullable(String), UPDATE price = price * 2 WHERE id > 1',
	'ALTER TABLE connector.a DROP COLUMN price',
	'DELETE FROM connector.a WHERE id = 3',
	'OPTIMIZE TABLE connector.a FINAL',
	'CREATE OR REPLACE TABLE connector.b ENGINE = ReplacingMergeTree ORDER BY id AS SELECT * FROM connector.a',
	'CREATE TABLE connector.c AS connector.a ENGINE = Log',
	'CREATE TABLE connector.d CLONE AS connector.a',
	'RENAME TABLE connector.c TO connector.e',
	'EXCHANGE TABLES connector.d AND connector.b',
	'TRUNCATE TABLE connector.e',
	'DROP TABLE IF EXISTS connector.e, connector.nowhere',
	'CREATE VIEW connector.v AS SELECT * FROM connector.a',
	'CREATE OR REPLACE VIEW connector.v AS SELECT id FROM connector.a',
	'DROP VIEW connector.v',
	'CREATE TEMPORARY TABLE held AS SELECT 1 AS x',
	'SELECT * FROM held',
	'SET join_use_nulls = 1, max_threads = 2',
	'USE output',
	'CREATE TABLE unqualified AS SELECT 1 AS x',
	'USE connector',
	'SELECT sumIf(id, id > 1), uniqExactState(name), quantiles(0.5, 0.9)(id), argMax(name, id), groupArrayDistinct(name), countDistinct(id) FROM connector.a',
	'SELECT id, row_number() OVER (PARTITION BY name ORDER BY id DESC) AS n, lagInFrame(id) OVER w FROM connector.a WINDOW w AS (ORDER BY id)',
	'SELECT * EXCEPT (id) REPLACE (upper(name) AS name) APPLY(toString) FROM connector.a',
	"SELECT COLUMNS('na.*') APPLY(x -> lower(x)) FROM connector.a",
	"SELECT JSONExtractString('{\"a\": 1}', 'a'), toDate('2024-01-02') + INTERVAL 3 DAY, date_trunc('month', now()), extract(YEAR FROM today()), splitByChar(',', 'a,b')[1], CAST('1' AS Nullable(Int8)), '1'::Int32, map('a', 1)['a'], (1, 'x').2, if(1, 2, 3), CASE WHEN 1 THEN 2 END",
	"SELECT t.id, v.sku FROM connector.a AS t LEFT ANY JOIN input.records AS v ON toString(t.id) = v.sku ARRAY JOIN [1, 2] AS n WHERE v.sku LIKE '%1' OR t.name ILIKE 'a%' GROUP BY ALL HAVING count() > 0 ORDER BY 1 LIMIT 10 SETTINGS max_threads = 1",
	'SELECT sku, grouping(sku) FROM input.records GROUP BY GROUPING SETS ((sku), ())',
	"SELECT formatDateTime(now(), '%F'), generateUUIDv4(), rand(), sipHash64('x'), base64Encode('x'), format('{} {}', 'a', 'b'), throwIf(0), transform(1, [1], ['a'], 'b')",
	"SELECT 'INTO OUTFILE', 'file(', 'system.tables', `format` FROM (SELECT 1 AS `format`)",
	'SELECT system FROM (SELECT 1 AS system)',
	'SELECT run.id FROM (SELECT 1 AS id) AS run',
	"SELECT * FROM values('a Int8, b String', (1, 'x')) AS v, view(SELECT 1 AS z) AS z, generateSeries(1, 3) AS s",
	'SELECT exists(SELECT 1), (SELECT max(id) FROM connector.a), id IN (1, 2) FROM connector.a WHERE exists(SELECT 1)',
	'SELECT number FROM numbers(3) UNION ALL (SELECT 1) EXCEPT SELECT 2',
	'SELECT _line, * FROM input.records',
	'FROM input.records SELECT sku',
];

test('everyday SQL passes the guard and runs', async () => {
	const worker = await build(await newWorker(), {pages: [page('records', ['sku'], [['1'], ['2']])]});
	const refused: unknown[] = [];
	for (const sql of everyday) await runScript(worker, {text: sql, file}).catch((error: unknown) => refused.push([sql, String(error)]));
	expect(refused).toEqual([]);
});

test('max_threads of a statement on one thread is one, wherever it is said', () => {
	expect(withThreads('SELECT 1 SETTINGS max_threads = 16, join_use_nulls = 1', 1)).toBe(
		'SELECT 1 SETTINGS max_threads = 1, join_use_nulls = 1',
	);
	expect(withThreads("SELECT 'max_threads = 16' FROM (SELECT 1 SETTINGS max_threads = 8) SETTINGS max_threads = 4", 1)).toBe(
		"SELECT 'max_threads = 16' FROM (SELECT 1 SETTINGS max_threads = 1) SETTINGS max_threads = 1",
	);
});

test('one SELECT of a source or export is guarded like a script, and streams', async () => {
	const worker = await build(await newWorker(), {pages: [page('records', ['sku'], [['1'], ['2']])]});
	const {columns, blocks} = await runSelect(worker, {
		text: 'SELECT sku, 1.5::Decimal(9, 2) AS price FROM input.records ORDER BY sku DESC',
		file,
	});
	expect(columns).toEqual([
		{name: 'sku', type: 'Nullable(String)'},
		{name: 'price', type: 'Decimal(9, 2)'},
	]);
	const all: unknown[] = [];
	for await (const block of blocks) all.push(...block);
	expect(all).toEqual([
		['2', '1'],
		['1.5', '1.5'],
	]);
	for (const text of ['SELECT 1; SELECT 2', 'CREATE TABLE output.x AS SELECT 1 AS a', '']) {
		await expect(runSelect(worker, {text, file}), text).rejects.toMatchObject({code: 'sql.syntax'});
	}
	await expect(runSelect(worker, {text: "SELECT file('/etc/passwd')", file})).rejects.toMatchObject({code: 'sql.forbidden'});
	expect(await failure(worker, 'SELECT 1 FORMAT CSV')).toMatchObject({code: 'sql.forbidden'});
});
