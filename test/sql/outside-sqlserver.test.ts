import {createRequire} from 'node:module';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {StopRequest} from '../../source/engine/execution/stop-request.js';
import {requireSelect} from '../../source/engine/outside/require-select.js';
import {sqlServerDriver} from '../../source/engine/outside/sqlserver-driver.js';
import {sqlServerText} from '../../source/engine/outside/sqlserver-text.js';
import {fetchQuery} from '../../source/engine/tasks/fetch-query.js';
import {toSluiceError} from '../../source/model/errors.js';
import {defaultLimits} from '../../source/model/limits.js';
import {startTdsServer, type TdsColumn, type TdsServer} from '../support/tds-server.js';

const text = (name: string, value: unknown, more: {scale?: number; dataLength?: number} = {}): unknown => {
	try {
		return sqlServerText({metadata: {colName: 'c', type: {name}, ...more}, value});
	} catch (error) {
		return toSluiceError(error).code;
	}
};

const at = (iso: string, nanosecondsDelta = 0): Date => Object.assign(new Date(iso), {nanosecondsDelta});

test.each([
	['Int', 7, {}, '7'],
	['BigInt', '9223372036854775807', {}, '9223372036854775807'],
	['BitN', true, {}, '1'],
	['DecimalN', 12.5, {scale: 2}, '12.50'],
	['NumericN', -0.001, {scale: 3}, '-0.001'],
	['DecimalN', 0, {scale: 2}, '0.00'],
	['DecimalN', 123456789.123456, {scale: 6}, '123456789.123456'],
	['DecimalN', 12345678901234567000, {scale: 0}, 'sql.outside_value'],
	['DecimalN', 922337203685477.6, {scale: 4}, 'sql.outside_value'],
	['Money', 19.99, {}, '19.9900'],
	['Money', 922337203685477.6, {}, 'sql.outside_value'],
	['Float', 0.1, {}, '0.1'],
	['FloatN', Math.fround(0.1), {dataLength: 4}, '0.1'],
	['FloatN', Math.fround(0.1), {dataLength: 8}, '0.10000000149011612'],
	['Real', Math.fround(16_777_216), {}, '16777216'],
	['Date', at('0001-01-01T00:00:00Z'), {}, '0001-01-01'],
	['Date', at('9999-12-31T00:00:00Z'), {}, '9999-12-31'],
	['DateTimeN', at('2026-11-30T01:02:03.007Z'), {dataLength: 8}, '2026-11-30 01:02:03.007'],
	['DateTimeN', at('2026-11-30T01:02:00Z'), {dataLength: 4}, '2026-11-30 01:02:00'],
	['DateTime2', at('2026-11-30T01:02:03.123Z', 0.0004567), {scale: 7}, '2026-11-30 01:02:03.1234567'],
	['DateTime2', at('2026-11-30T01:02:03Z'), {scale: 0}, '2026-11-30 01:02:03'],
	['Time', at('1970-01-01T23:59:59.999Z', 0.0009999), {scale: 7}, '23:59:59.9999999'],
	['DateTimeOffset', at('2026-11-30T10:00:00Z'), {scale: 3}, '2026-11-30 10:00:00.000 +00:00'],
	['VarBinary', Buffer.from([0, 0xab]), {}, '0x00AB'],
	['NVarChar', '', {}, ''],
	['NVarChar', null, {}, null],
	['Variant', 7, {}, 'sql.outside_value'],
	['UDT', Buffer.from([1]), {}, 'sql.outside_value'],
] as const)('%s %s is printed as SQL Server prints it, or refused', (name, value, more, printed) => {
	expect(text(name, value, more)).toBe(printed);
});

test('a query of SQL Server reads, in one statement or in several that nothing parts', () => {
	for (const query of [
		'SELECT 1',
		'with x AS (SELECT 1 AS a) SELECT * FROM x',
		'SELECT [update], "delete", \'drop table t\' FROM t -- insert\n/* exec */ ORDER BY 1',
	])
		expect(() => requireSelect('sqlserver', query)).not.toThrow();
	for (const query of [
		'EXEC p',
		'SELECT 1 DELETE FROM t',
		'SELECT * INTO copied FROM t',
		'WITH x AS (SELECT 1 AS a) UPDATE t SET a = 1',
		'SELECT 1; COMMIT',
		"SELECT 1 exec(N'drop table t')",
		"SELECT * FROM OPENROWSET('SQLNCLI', 'x', 'y')",
		'TABLE t',
	])
		expect(() => requireSelect('sqlserver', query)).toThrow(/The query/);
});

test('where the driver is not installed, the error says how to install it', async () => {
	const missing = Object.assign(new Error("Cannot find package 'tedious' imported from here"), {code: 'ERR_MODULE_NOT_FOUND'});
	await expect(sqlServerDriver(() => Promise.reject(missing))).rejects.toMatchObject({
		code: 'source.driver',
		cure: expect.stringContaining('npm install tedious'),
	});
	const broken = Object.assign(new Error("Cannot find package 'iconv-lite' imported from tedious"), {code: 'ERR_MODULE_NOT_FOUND'});
	await expect(sqlServerDriver(() => Promise.reject(broken))).rejects.toBe(broken);
});

const isInstalled = (() => {
	try {
		return createRequire(import.meta.url).resolve('tedious') !== '';
	} catch {
		return false;
	}
})();

const bytes = (...values: number[]): Buffer => Buffer.from(values);
const nvarchar = (value: string | null): Buffer =>
	value === null ? bytes(0xff, 0xff) : Buffer.concat([bytes(value.length * 2, 0), Buffer.from(value, 'utf16le')]);
const columns: readonly TdsColumn[] = [
	{name: 'id', type: bytes(0x26, 8), cells: [bytes(8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f), bytes(0)]},
	{name: 'name', type: bytes(0xe7, 200, 0, 9, 4, 0xd0, 0, 0x34), cells: [nvarchar('é,"😀'), nvarchar('')]},
	{name: 'note', type: bytes(0xe7, 200, 0, 9, 4, 0xd0, 0, 0x34), cells: [nvarchar(null), nvarchar('x')]},
	{name: 'price', type: bytes(0x6a, 9, 10, 2), cells: [bytes(5, 1, 0xe2, 4, 0, 0), bytes(0)]},
	{name: 'day', type: bytes(0x28), cells: [bytes(3, 0, 0, 0), bytes(0)]},
	{name: 'flag', type: bytes(0x68, 1), cells: [bytes(1, 1), bytes(1, 0)]},
];

/** Skipped without the driver: it is an optional install. */
describe.skipIf(!isInstalled)(`source: {sqlserver} by tedious${isInstalled ? '' : ': the driver is not installed'}`, () => {
	let server: TdsServer;

	beforeAll(async () => {
		server = await startTdsServer(columns, 'p@ss/w:rd#1');
	});

	afterAll(() => server?.stop());

	function fetched(query: string, {secret = {}, stop = new StopRequest()}: {secret?: Record<string, string>; stop?: StopRequest} = {}) {
		const own = {host: '127.0.0.1', port: String(server.port), user: 'reader', password: 'p@ss/w:rd#1', database: 'shop', ...secret};
		const asked = {kind: 'sqlserver', query, secretName: 'shop', secret: own} as const;
		return fetchQuery({task: 'fetch', asked, to: null, rows: 10, limits: defaultLimits}, stop);
	}

	test('every value arrives as its own text, in a transaction that is never committed', async () => {
		expect(await fetched('SELECT * FROM t')).toEqual({
			columns: ['id', 'name', 'note', 'price', 'day', 'flag'],
			rows: [
				['9223372036854775807', 'é,"😀', null, '12.50', '0001-01-01', '1'],
				[null, '', 'x', null, null, '0'],
			],
		});
		expect(server.asked).toEqual(['SELECT * FROM t']);
	});

	test('what is wrong has its own reason: the password, the query, the server that is away', async () => {
		await expect(fetched('SELECT 1 AS a', {secret: {password: 'other'}})).rejects.toMatchObject({code: 'source.password'});
		await expect(fetched('SELECT *\nFROM wrong')).rejects.toMatchObject({
			code: 'source.query',
			message: "SQL Server says: Invalid object name 'wrong' (line 2 of the query)",
		});
		await expect(fetched('SELECT 1 AS a', {secret: {port: '1'}})).rejects.toMatchObject({code: 'source.unreachable'});
	});

	test('a query that is cancelled is cancelled in the server', async () => {
		const stop = new StopRequest();
		const asked = fetched("SELECT 'wait' AS a", {stop});
		while (!server.asked.some((query) => query.includes('wait'))) await new Promise(setImmediate);
		stop.request('cancel');
		await expect(asked).rejects.toThrow('Stopped');
		while (server.cancelled() === 0) await new Promise(setImmediate);
	});
});
