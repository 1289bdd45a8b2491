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
	// Tables, columns, aliases and indices that are called like functions, keywords and databases.
	'CREATE TABLE output.values (a UInt8) ENGINE = Log',
	'INSERT INTO output.values VALUES (1)',
	"INSERT INTO output.values (a) VALUES (1), (length(upper('x')))",
	'INSERT INTO output.values FORMAT Values (1)',
	`USE output;
	INSERT INTO values VALUES (2);
	INSERT INTO values (a) VALUES (2);
	CREATE TABLE file (file String, url String DEFAULT file, input String, values Array(String), INDEX file file TYPE set(10)) ENGINE = MergeTree ORDER BY file;
	INSERT INTO file (file, url, input, values) VALUES ('a', 'b', 'c', ['d']);
	INSERT INTO TABLE file (file, values) VALUES (lower('A'), ['x']);
	CREATE TABLE IF NOT EXISTS url (sleep UInt8, hostName String) ENGINE = Log;
	CREATE VIEW view AS SELECT file, url, input, values FROM file ORDER BY file;
	SELECT f.file, f.url, input, values[1], url.sleep FROM file AS f LEFT JOIN url ON url.sleep = 1 WHERE file = 'a' AND input IN (SELECT input FROM file);
	SELECT file FROM file AS f JOIN view USING (file, url);
	WITH file AS (SELECT 1 AS url) SELECT url AS sleep FROM file;
	ALTER TABLE file ADD COLUMN executable String;
	DROP TABLE view, file, url, values`,
	// Structures, and texts that look like one.
	"SELECT * FROM generateRandom('a UInt8, b Array(Nullable(String)), `c d` Tuple(x Decimal(9, 2), y DateTime64(3, \\'UTC\\')), e Map(String, UInt8)', 1, 2, 2) LIMIT 3",
	'SELECT * FROM generateRandom(1) LIMIT 0',
	"SELECT * FROM null('a UInt8,\n\tb Nullable(String),\n\tc LowCardinality(String)')",
	"SELECT * FROM values('id UInt8, kind Enum8(\\'a\\' = 1, \\'b\\' = -1), at DateTime(\\'UTC\\'), s AggregateFunction(sum, UInt8)') LIMIT 0",
	"SELECT * FROM values('a Int8, b DOUBLE PRECISION, c INT UNSIGNED, d Array(Tuple(x String, y Nullable(Date)))', (1, 2, 3, [])) AS v",
	"SELECT * FROM values('hello world', 'b') AS h, values(('a', 1), ('b', 2)) AS w, values(upper('x'), 'y') AS u",
	'CREATE TABLE connector.texts (a String) ENGINE = Log',
	"INSERT INTO connector.texts VALUES ('a UInt8 (or so)'), (upper('b')), (concat('c ALIAS ', 'd()'))",
	"INSERT INTO connector.texts SETTINGS max_block_size = 100 VALUES (1), (-2.5), (NULL), ('x')",
	"SELECT * FROM (VALUES ('a UInt8', 1), ('b (c)', 2)) AS v",
	"SELECT formatRow('JSONEachRow', 1 AS a, 'x' AS b), formatRowNoNewline('CSV', 1), formatRow('values', 1)",
	"SELECT groupFormat('CSV')(number) FROM numbers(2)",
	"SELECT arrayReduce('sum', [1, 2]), arrayReduce('quantile(0.5)', [1, 2]), finalizeAggregation(initializeAggregation('uniqExactState', 1)), arrayReduceInRanges('max', [(1, 2)], [1, 2])",
	"SELECT CAST('1', concat('UInt', '8')), accurateCastOrNull('x', 'Int8'), JSONExtract('{\"a\":[1]}', 'a', 'Array(UInt8)'), defaultValueOfTypeName('Date'), getSubcolumn(map('a', 1), 'keys'), reinterpret(1, 'Int64')",
	'SELECT * APPLY(quantile(0.5)) FROM numbers(2) AS n WHERE number IN (SELECT number FROM numbers(2))',
	'SELECT * APPLY(x -> x + (1 + 2)), (SELECT 1) FROM (SELECT 1 AS a)',
	// Limits may be lowered.
	'SELECT count() FROM numbers(100) SETTINGS max_memory_usage = 100000000, max_execution_time = 5, max_rows_to_read = 1000',
	'SELECT 1 SETTINGS join_use_nulls, max_threads = 64',
	"SET join_algorithm = 'hash', max_threads = 1000",
	'SELECT max_threads FROM (SELECT 16 AS max_threads) WHERE max_threads = 16',
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

test('what stands in a row is the value that was written, whatever it looks like', async () => {
	const worker = await build(await newWorker());
	await runScript(worker, {
		text: `CREATE TABLE output.a (t String) ENGINE = Log;
			INSERT INTO output.a VALUES ('x UInt8'), (upper('b'));
			INSERT INTO output.a VALUES (1), ('2');`,
		file,
	});
	expect(await worker.rows('SELECT t FROM output.a')).toEqual([{t: 'x UInt8'}, {t: 'B'}, {t: '1'}, {t: '2'}]);
});

test('a statement may have fewer threads than the limits, and never more, whatever it says', async () => {
	const worker = await build(await newWorker({sqlThreads: 2}));
	const most = worker.limits.threads;
	for (const wish of ['1', '64', "'64'", '0', 'DEFAULT', "'auto(64)'"]) {
		await runScript(worker, {text: `SELECT 1 FROM (SELECT 1 SETTINGS max_threads = ${wish}); SET max_threads = ${wish}`, file});
	}
	for (const [wish, is] of [
		['1', 1],
		['64', most],
		["'64'", most],
		['0', most],
		['DEFAULT', most],
		["'auto(64)'", most],
		['-1', most],
	] as const) {
		expect(withThreads(`SELECT 1 SETTINGS max_threads = ${wish}`, most)).toBe(`SELECT 1 SETTINGS max_threads = ${is}`);
	}
	expect(withThreads('SET join_use_nulls = 1, max_threads = 64', 2)).toBe('SET join_use_nulls = 1, max_threads = 2');
	expect(withThreads('SELECT max_threads FROM t WHERE max_threads = 64', 2)).toBe('SELECT max_threads FROM t WHERE max_threads = 64');
	// The engine holds it too.
	await expect(worker.execute('SET max_threads = 64')).rejects.toMatchObject({code: 'sql.forbidden'});
});

test('a limit that a statement lowers itself is told with the number it gave', async () => {
	const worker = await build(await newWorker());
	const error = await failure(worker, 'SELECT count() FROM numbers(100000) WHERE rand() > 0 SETTINGS max_rows_to_read = 1234');
	expect(error).toMatchObject({code: 'sql.rows', message: expect.stringContaining('1.23 thousand')});
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
