import {chmodSync, mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {StopRequest} from '../../source/engine/execution/stop-request.js';
import {createDatabases} from '../../source/engine/sql/databases.js';
import {runSelect} from '../../source/engine/sql/run-select.js';
import {fetchQuery} from '../../source/engine/tasks/fetch-query.js';
import {SluiceError} from '../../source/model/errors.js';
import {defaultLimits} from '../../source/model/limits.js';
import {type DatabaseServer, mariadbMissing, postgresMissing, startMariadb, startPostgres} from '../support/database-servers.js';
import {newWorker} from './world.js';

/** A type, a value of it as SQL, what the database prints, and the text of what the engine holds. */
type Value = readonly [type: string, sql: string, printed: string | null, engine: string | null];

const refused = 'refused by name';

const postgresValues: readonly Value[] = [
	['smallint', '(-32768)::smallint', '-32768', '-32768'],
	['bigint', '9223372036854775807::bigint', '9223372036854775807', '9223372036854775807'],
	['bigint', '9007199254740993::bigint', '9007199254740993', '9007199254740993'],
	['real', '1.1::real', '1.1', '1.1'],
	['double precision', '0.1::float8', '0.1', '0.1'],
	['double precision', '1e300::float8', '1e+300', '1e300'],
	['double precision', "'NaN'::float8", 'NaN', 'nan'],
	['double precision', "'-Infinity'::float8", '-Infinity', '-inf'],
	['numeric', '1.5::numeric', '1.5', '1.5'],
	['numeric', '1.1234567890123456789012345', '1.1234567890123456789012345', refused],
	['numeric', '99999999999999999999::numeric', '99999999999999999999', refused],
	['numeric', "'NaN'::numeric", 'NaN', refused],
	['numeric', "'Infinity'::numeric", 'Infinity', refused],
	['numeric(10,2)', '1.50::numeric(10,2)', '1.50', '1.5'],
	['numeric(60,25)', '1.1234567890123456789012345::numeric(60,25)', '1.1234567890123456789012345', '1.1234567890123456789012345'],
	['numeric(10,2)', "'NaN'::numeric(10,2)", 'NaN', refused],
	['date', "'2024-02-29'::date", '2024-02-29', '2024-02-29'],
	['date', "'1900-01-01'::date", '1900-01-01', '1900-01-01'],
	['date', "'1899-12-31'::date", '1899-12-31', refused],
	['date', "'2299-12-31'::date", '2299-12-31', '2299-12-31'],
	['date', "'9999-12-31'::date", '9999-12-31', refused],
	['date', "'2024-03-15 BC'::date", '2024-03-15 BC', refused],
	['date', "'infinity'::date", 'infinity', refused],
	['timestamp', "'2024-01-01 12:00'::timestamp", '2024-01-01 12:00:00', '2024-01-01 12:00:00.000000'],
	['timestamp', "'1969-12-31 23:59:59.999999'::timestamp", '1969-12-31 23:59:59.999999', '1969-12-31 23:59:59.999999'],
	['timestamp', "'1800-01-01'::timestamp", '1800-01-01 00:00:00', refused],
	['timestamp', "'-infinity'::timestamp", '-infinity', refused],
	['timestamptz', "'2024-07-01 12:00Z'::timestamptz", '2024-07-01 12:00:00+00', '2024-07-01 12:00:00.000000'],
	['timestamptz', "'2024-10-27 00:30Z'::timestamptz", '2024-10-27 00:30:00+00', '2024-10-27 00:30:00.000000'],
	['timestamptz', "'2024-10-27 01:30Z'::timestamptz", '2024-10-27 01:30:00+00', '2024-10-27 01:30:00.000000'],
	['timestamptz', "'9999-12-31 00:00Z'::timestamptz", '9999-12-31 00:00:00+00', refused],
	['timestamptz', "'infinity'::timestamptz", 'infinity', refused],
	['time', "'24:00:00'::time", '24:00:00', '24:00:00'],
	['interval', "'1 day 02:03:04.5'::interval", '1 day 02:03:04.5', '1 day 02:03:04.5'],
	['boolean', 'true', 't', '1'],
	['text', "''::text", '', ''],
	['text', 'NULL::text', null, null],
	['text', "E'a\\tb\\n\"c\\\\N'::text", 'a\tb\n"c\\N', 'a\tb\n"c\\N'],
	['char(5)', "'z'::char(5)", 'z    ', 'z    '],
	['uuid', "'11111111-1111-1111-1111-111111111111'::uuid", '11111111-1111-1111-1111-111111111111', '11111111-1111-1111-1111-111111111111'],
	['jsonb', '\'{"a": 1.50}\'::jsonb', '{"a": 1.50}', '{"a": 1.50}'],
	['bytea', "'\\x00ff'::bytea", '\\x00ff', '\\x00ff'],
	['text[]', "ARRAY['x','y']", '{x,y}', "['x','y']"],
	['date[]', "ARRAY['9999-12-31'::date]", '{9999-12-31}', refused],
	['int[]', 'ARRAY[1,NULL,3]', '{1,NULL,3}', '[1,NULL,3]'],
	['int[]', "'{}'::int[]", '{}', refused],
	['int[]', 'NULL::int[]', null, refused],
	['text[]', 'NULL::text[]', null, refused],
];

const mariadbValues: readonly Value[] = [
	['bigint unsigned', 'CAST(18446744073709551615 AS UNSIGNED)', '18446744073709551615', '18446744073709551615'],
	['bigint', 'CAST(-9223372036854775808 AS SIGNED)', '-9223372036854775808', '-9223372036854775808'],
	[
		'decimal(65,30)',
		'CAST(1.123456789012345678901234567890 AS DECIMAL(65,30))',
		'1.123456789012345678901234567890',
		'1.12345678901234567890123456789',
	],
	['decimal(10,2)', 'CAST(1.5 AS DECIMAL(10,2))', '1.50', '1.5'],
	['double', 'CAST(0.1 AS DOUBLE)', '0.1', '0.1'],
	['double', '1e300', '1e300', '1e300'],
	['double', '0.1e0 + 0.2e0', '0.30000000000000004', '0.30000000000000004'],
	['double', '1.7976931348623157e308', '1.7976931348623157e308', '1.7976931348623157e308'],
	['double', '5e-324', '5e-324', '5e-324'],
	['double', 'NULLIF(1e0, 1e0)', null, null],
	['blob', "CAST('é' AS BINARY)", 'é', 'é'],
	['blob', "SUBSTRING(x'41ff' FROM 1)", refused, refused],
	['blob', 'CAST(NULL AS BINARY)', null, null],
	['geometry', 'POINT(1, 2)', refused, refused],
	['date', "DATE '2024-02-29'", '2024-02-29', '2024-02-29'],
	['date', "DATE '9999-12-31'", '9999-12-31', refused],
	['date', "DATE '1899-12-31'", '1899-12-31', refused],
	['date', "CAST('0000-00-00' AS DATE)", '0000-00-00', refused],
	['datetime', "TIMESTAMP '2024-01-01 12:00:00'", '2024-01-01 12:00:00', '2024-01-01 12:00:00'],
	['datetime(6)', "CAST('2024-01-01 12:00:00.5' AS DATETIME(6))", '2024-01-01 12:00:00.500000', '2024-01-01 12:00:00.500000'],
	['datetime', "TIMESTAMP '9999-12-31 23:59:59'", '9999-12-31 23:59:59', refused],
	['datetime', "CAST('1000-01-01' AS DATETIME)", '1000-01-01 00:00:00', refused],
	['time', "CAST('-838:59:59' AS TIME)", '-838:59:59', '-838:59:59'],
	['text', "''", '', ''],
	['text', 'NULL', null, null],
	['text', "'é😀,\\\"\\n'", 'é😀,"\n', 'é😀,"\n'],
	['json', '\'{"a": 1.50}\'', '{"a": 1.50}', '{"a": 1.50}'],
];

let postgres: DatabaseServer | null = null;
let mariadb: DatabaseServer | null = null;

beforeAll(async () => {
	if (postgresMissing === null) postgres = await startPostgres();
	if (mariadbMissing === null) mariadb = await startMariadb();
}, 120_000);

afterAll(async () => {
	await postgres?.stop();
	await mariadb?.stop();
});

type Kind = 'postgres' | 'mysql';

function secretOf(kind: Kind): DatabaseServer['secret'] {
	const server = kind === 'postgres' ? postgres : mariadb;
	if (server === null) throw new Error('The server was not started');
	return server.secret;
}

function own(kind: Kind, query: string, secret: Readonly<Record<string, string>> = {}, limits: Partial<typeof defaultLimits> = {}) {
	const asked = {kind, query, secretName: 'shop', secret: {...secretOf(kind), ...secret}};
	return fetchQuery({task: 'fetch', asked, to: null, rows: 10, limits: {...defaultLimits, ...limits}}, new StopRequest());
}

async function throughEngine(kind: Kind, statements: readonly string[], secret: Readonly<Record<string, string>> = {}) {
	const worker = await newWorker({sqlSandbox: 'off'}, {shop: {...secretOf(kind), ...secret}});
	await createDatabases(worker);
	const answers: (readonly unknown[] | SluiceError)[] = [];
	for (const text of statements) {
		try {
			const {blocks} = await runSelect(worker, {text, file: 'transform.sql'});
			const read: (readonly unknown[])[] = [];
			for await (const block of blocks) read.push(block.map((column) => column[0]));
			answers.push(read[0] ?? []);
		} catch (error) {
			answers.push(error as SluiceError);
		}
	}
	return answers;
}

function call(kind: Kind, query: string): string {
	const text = query.replaceAll('\\', '\\\\').replaceAll("'", "''");
	return `${kind === 'postgres' ? 'postgresql' : 'mysql'}(shop, query = '${text}')`;
}

function textsOf(answers: readonly (readonly unknown[] | SluiceError)[]) {
	return answers.map((answer) =>
		answer instanceof SluiceError ? (answer.code === 'sql.outside_value' ? refused : `${answer.code} ${answer.message}`) : answer[0],
	);
}

for (const [kind, missing, values] of [
	['postgres', postgresMissing, postgresValues],
	['mysql', mariadbMissing, mariadbValues],
] as const) {
	describe.skipIf(missing !== null)(`${kind}${missing === null ? '' : `: ${missing}`}`, () => {
		test('every value arrives through its own driver as the text that the database prints', async () => {
			const printed = values.filter(([, , text]) => text !== refused);
			const list = printed.map(([, sql], at) => `${sql} AS v${at}`).join(', ');
			expect((await own(kind, `SELECT ${list}`)).rows[0]).toEqual(printed.map(([, , text]) => text));
			for (const [, sql] of values.filter(([, , text]) => text === refused)) {
				await expect(own(kind, `SELECT ${sql} AS v`)).rejects.toMatchObject({code: 'sql.outside_value'});
			}
		});

		test('every value arrives through the engine as it is, or its column is refused by name', async () => {
			const statements = values.map(([, sql]) => `SELECT toString(v) FROM ${call(kind, `SELECT ${sql} AS v`)}`);
			expect(textsOf(await throughEngine(kind, statements))).toEqual(values.map(([, , , engine]) => engine));
		}, 120_000);

		test('a server that is away, a wrong password, an unknown database, a query it refuses: each has its own reason, without a secret', async () => {
			const failures = [
				[{port: '1'}, 'SELECT 1 AS a', 'source.unreachable'],
				[{password: 'not-the-password'}, 'SELECT 1 AS a', 'source.password'],
				[{database: 'warehouse'}, 'SELECT 1 AS a', kind === 'postgres' ? 'source.database_unknown' : 'source.permission'],
				[{sslmode: 'verify-full'}, 'SELECT 1 AS a', 'source.certificate'],
				[{}, 'SELECT a FRM b', 'source.query'],
				[{}, kind === 'postgres' ? 'SELECT * FROM pg_authid' : 'SELECT * FROM mysql.user', 'source.permission'],
				[{}, 'CREATE TABLE made (a int)', 'source.query'],
				[{}, kind === 'postgres' ? 'SELECT pg_sleep(60)' : 'SELECT sleep(60)', 'sql.time'],
			] as const;
			for (const [secret, query, code] of failures) {
				const error = await own(kind, query, secret, {sqlTimeSeconds: 2}).catch((thrown: unknown) => thrown as SluiceError);
				expect(error).toMatchObject({code});
				expect(JSON.stringify(error)).not.toMatch(/secret-of-reader|not-the-password/);
			}
			await expect(own(kind, 'SELECT 1 AS a', {sslmode: 'require'})).rejects.toMatchObject({
				message: expect.stringContaining('offers no TLS'),
				cure: expect.stringContaining('Switch TLS on there'),
			});
		}, 60_000);

		test.each([
			[{port: '1'}, 'source.unreachable'],
			[{host: 'no-such-host.invalid'}, 'source.unreachable'],
			[{password: 'not-the-password'}, 'source.password'],
		] as const)('the engine says the same of %j', async (secret, code) => {
			const [error] = await throughEngine(kind, [`SELECT a FROM ${call(kind, 'SELECT 1 AS a')}`], secret);
			expect(error).toMatchObject({code});
			expect((error as SluiceError).message).not.toMatch(/nullptr|pqxx|mysqlxx|Try \d/);
		});

		test('a connection that is cut midway gives no rows', async () => {
			const server = kind === 'postgres' ? postgres : mariadb;
			const cut =
				kind === 'postgres' ? "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'reader'" : 'KILL USER reader';
			const waits = own(kind, kind === 'postgres' ? 'SELECT pg_sleep(30)' : 'SELECT a.seq, sleep(0.01) FROM shop.seq_1_to_3000 AS a');
			const failed = waits.catch((error: unknown) => error as SluiceError);
			let over = false;
			void failed.then(() => {
				over = true;
			});
			while (!over) {
				try {
					server?.run(cut);
				} catch {
					// The connection is not there yet.
				}
				await new Promise((resolve) => setTimeout(resolve, 50));
			}
			expect(await failed).toMatchObject({code: 'source.connection_lost'});
		}, 60_000);
	});
}

describe.skipIf(postgresMissing !== null)('PostgreSQL roles and tables', () => {
	test('an instant stays the same whatever the zone and the date style of the role', async () => {
		postgres?.run("ALTER ROLE reader SET timezone = 'America/New_York'; ALTER ROLE reader SET datestyle = 'German'");
		postgres?.run(
			"CREATE TABLE moments AS SELECT 1 AS id, '2024-07-01 12:00Z'::timestamptz AS at, '2024-07-01'::date AS day; GRANT SELECT ON moments TO reader",
		);
		try {
			const select = "SELECT toUnixTimestamp64Micro(at) AS unix, toString(day) AS day FROM postgresql(shop, table = 'moments')";
			expect(await throughEngine('postgres', [select])).toEqual([['1719835200000000', '2024-07-01']]);
			expect((await own('postgres', 'SELECT at, day FROM moments')).rows).toEqual([['2024-07-01 12:00:00+00', '2024-07-01']]);
		} finally {
			postgres?.run('ALTER ROLE reader RESET timezone; ALTER ROLE reader RESET datestyle');
		}
	});

	test('a number has all its digits, and a range is printed as ISO does, whatever the role says of digits and dates', async () => {
		postgres?.run("ALTER ROLE reader SET extra_float_digits = -5; ALTER ROLE reader SET datestyle = 'German, DMY'");
		postgres?.run(
			"CREATE TABLE measured AS SELECT 0.1::float8 + 0.2::float8 AS wide, 0.1::real + 0.2::real AS narrow, NULL::float8 AS none, 'NaN'::float8 AS odd, tstzrange('2024-07-01 12:00Z', NULL) AS span, ARRAY[0.1::float8 + 0.2::float8] AS many; GRANT SELECT ON measured TO reader",
		);
		try {
			const from = "FROM postgresql(shop, table = 'measured')";
			const [numbers, many] = await throughEngine('postgres', [
				`SELECT toString(wide) AS a, toString(narrow) AS b, none, toString(odd) AS c, span ${from}`,
				`SELECT many ${from}`,
			]);
			const span = '["2024-07-01 12:00:00+00",)';
			expect(numbers).toEqual(['0.30000000000000004', '0.3', null, 'nan', span]);
			expect(many).toMatchObject({code: 'sql.outside_value', message: expect.stringContaining('SET extra_float_digits = 3')});
			const there = await own('postgres', 'SELECT wide, narrow, none, odd, span FROM measured');
			expect(there.rows).toEqual([['0.30000000000000004', '0.3', null, 'NaN', span]]);
		} finally {
			postgres?.run('ALTER ROLE reader RESET extra_float_digits; ALTER ROLE reader RESET datestyle');
		}
	});

	test('an array that is NULL is refused by name where it is read; an empty one is an empty one', async () => {
		postgres?.run(
			"CREATE TABLE tagged (id int, tags text[], sizes int[]); INSERT INTO tagged VALUES (1, '{}', '{}'), (2, ARRAY['x'], NULL); GRANT SELECT ON tagged TO reader",
		);
		const from = "FROM postgresql(shop, table = 'tagged') WHERE id = 1";
		const [tags, sizes, nested] = await throughEngine('postgres', [
			`SELECT id, toString(tags) ${from}`,
			`SELECT sizes ${from}`,
			`SELECT sizes FROM postgresql(shop, query = 'SELECT * FROM tagged WHERE id = 2')`,
		]);
		expect(tags).toEqual([1, '[]']);
		expect(sizes).toMatchObject({code: 'sql.outside_value', message: expect.stringContaining(`"sizes"::text AS "sizes"`)});
		expect(nested).toMatchObject({code: 'sql.outside_value', message: expect.stringContaining(`"sizes"::text AS "sizes"`)});
	});

	test('columns of a table that a statement does not name refuse nothing', async () => {
		postgres?.run("CREATE TABLE contracts AS SELECT 7 AS id, '9999-12-31'::date AS ends; GRANT SELECT ON contracts TO reader");
		const from = "FROM postgresql(shop, table = 'contracts')";
		const [id, all, view] = await throughEngine('postgres', [
			`SELECT id ${from}`,
			`SELECT * ${from}`,
			`SELECT ends FROM (SELECT * ${from}) WHERE id = 7`,
		]);
		expect(id).toEqual([7]);
		expect(all).toMatchObject({code: 'sql.outside_value', message: expect.stringContaining(`"ends"::text AS "ends"`)});
		expect(view).toMatchObject({code: 'sql.outside_value'});
	});
});

describe.skipIf(mariadbMissing !== null)('MariaDB sessions', () => {
	test('a TIMESTAMP of a table stays the same instant in a server of another zone, and so does that of a query', async () => {
		mariadb?.run(
			"SET GLOBAL time_zone = '+02:00'; SET time_zone = '+00:00'; CREATE TABLE shop.moments (at timestamp(3) NULL, wall datetime); INSERT INTO shop.moments VALUES ('2024-07-01 12:00:00.5', '2024-07-01 12:00:00')",
		);
		try {
			const select = 'SELECT toUnixTimestamp64Milli(at) AS unix, toString(wall) AS wall, toTypeName(at) AS type';
			const through = [
				`${select} FROM mysql(shop, table = 'moments')`,
				`${select} FROM mysql(shop, query = 'SELECT at, wall FROM moments')`,
			];
			const moment = ['1719835200500', '2024-07-01 12:00:00', "Nullable(DateTime64(3, 'UTC'))"];
			expect(await throughEngine('mysql', through)).toEqual([moment, moment]);
			mariadb?.run("SET GLOBAL time_zone = '+00:00'");
			expect(await throughEngine('mysql', through)).toEqual([moment, moment]);
			// An instant has an offset: the zone of the workspace does not change it.
			expect((await own('mysql', 'SELECT at, wall FROM moments')).rows).toEqual([['2024-07-01 12:00:00.500Z', '2024-07-01 12:00:00']]);
			expect((await own('mysql', "SELECT max(at) AS a, CONCAT(at, 'Z') AS b FROM moments")).rows).toEqual([
				['2024-07-01 12:00:00.500Z', '2024-07-01 12:00:00.500Z'],
			]);
		} finally {
			mariadb?.run("SET GLOBAL time_zone = 'SYSTEM'");
		}
	});

	test('the numbers of a table keep their digits; zeros in front, bytes and geometries are refused by name with the cure', async () => {
		mariadb?.run(
			"CREATE TABLE shop.kinds (d double, f float, b varbinary(9), code int(8) zerofill, p point, bin binary(2), none blob); INSERT INTO shop.kinds VALUES (0.1e0 + 0.2e0, 1.1, x'41', 42, POINT(1, 2), x'ff00', NULL)",
		);
		const sources = ["table = 'kinds'", "query = 'SELECT * FROM kinds LIMIT 9'"];
		const asked = ['toString(d), toString(f), b, none', 'code', 'p', 'hex(bin)', 'count()'];
		const answers = await throughEngine(
			'mysql',
			sources.flatMap((source) => asked.map((columns) => `SELECT ${columns} FROM mysql(shop, ${source})`)),
		);
		const refusal = (cure: string) => ({code: 'sql.outside_value', message: expect.stringContaining(cure)});
		const expected = [
			expect.objectContaining(['0.30000000000000004', '1.1', 'A', null]),
			expect.objectContaining(refusal("query='SELECT CAST(`code` AS CHAR) AS `code`")),
			expect.objectContaining(refusal('ST_AsText(`p`)')),
			expect.objectContaining(refusal('HEX(`bin`)')),
			['1'],
		];
		expect(answers).toEqual([...expected, ...expected]);
		const [cured] = await throughEngine('mysql', [
			"SELECT code, bin, p FROM mysql(shop, query = 'SELECT CAST(`code` AS CHAR) AS `code`, HEX(`bin`) AS `bin`, ST_AsText(`p`) AS `p` FROM kinds')",
		]);
		expect(cured).toEqual(['00000042', 'FF00', 'POINT(1 2)']);
	});

	test('nothing can be written by a query, whatever its user may do', async () => {
		const folder = mkdtempSync(join(tmpdir(), 'sluice-outfile-'));
		chmodSync(folder, 0o777);
		mariadb?.run(`
			CREATE TABLE shop.kept (a int);
			GRANT FILE ON *.* TO reader@'127.0.0.1';
			GRANT FILE ON *.* TO reader@'localhost';
			DELIMITER //
			CREATE FUNCTION shop.writing() RETURNS int MODIFIES SQL DATA BEGIN INSERT INTO shop.kept VALUES (1); RETURN 1; END //
			CREATE PROCEDURE shop.committing() BEGIN COMMIT; SET SESSION TRANSACTION READ WRITE; INSERT INTO shop.kept VALUES (2); SELECT 1 AS a; END //
			DELIMITER ;
		`);
		try {
			const queries = [
				'CREATE TABLE made (a int)',
				'CREATE OR REPLACE TABLE kept AS SELECT 1 AS a',
				'INSERT INTO kept VALUES (3) RETURNING a',
				'SELECT writing() AS a',
				'CALL committing()',
				'WITH x AS (SELECT 1 AS a) SELECT writing() AS a FROM x',
				`SELECT 1 AS a INTO OUTFILE '${folder}/a'`,
				`SELECT 1 AS a INTO/**/DUMPFILE '${folder}/b'`,
				`SELECT 1 AS a /*!50000INTO OUTFILE '${folder}/c'*/`,
				`SELECT 1 AS a -- '\n INTO OUTFILE '${folder}/d' -- '`,
				'SELECT 1 AS a; CREATE TABLE made (a int)',
				'SET GLOBAL max_connections = 10',
			];
			for (const query of queries) {
				const error = await own('mysql', query).then(
					() => `${query} was run`,
					(thrown: unknown) => thrown as SluiceError,
				);
				expect(error).toMatchObject({code: expect.stringMatching(/^source\.(?:query|permission)$/)});
			}
			expect(
				mariadb?.run("SELECT (SELECT count(*) FROM shop.kept), (SELECT count(*) FROM information_schema.TABLES WHERE TABLE_NAME = 'made')"),
			).toBe('0\t0\n');
			expect(readdirSync(folder)).toEqual([]);
			// The word in a text or a name is no clause.
			expect((await own('mysql', "SELECT 'INTO OUTFILE' AS `INTO` -- into\n")).rows).toEqual([['INTO OUTFILE']]);
		} finally {
			rmSync(folder, {recursive: true, force: true});
		}
	});
});
