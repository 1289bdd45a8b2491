import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {engine, onlyPage} from './support/intake.js';

/** The bytes of a Parquet file made of a SELECT. */
function parquet(select: string): Uint8Array {
	const folder = mkdtempSync(join(tmpdir(), 'sluice-parquet-'));
	try {
		const path = join(folder, 'x.parquet');
		engine().query(`INSERT INTO FUNCTION file('${path}', 'Parquet') ${select}`);
		return readFileSync(path);
	} finally {
		rmSync(folder, {recursive: true, force: true});
	}
}

test('columns, rows and values of a Parquet file, all as text', async () => {
	const {page, rows} = await onlyPage(
		'Vendors.parquet',
		parquet(`SELECT toInt64(9007199254740993) AS \`Big Id\`, toDecimal64('1.50', 2) AS price, CAST(NULL AS Nullable(String)) AS note, '' AS \`empty\`,
			toDate32('2024-02-29') AS day, true AS live, toDateTime64('2024-01-05 10:30:00.25', 3, 'UTC') AS seen, [1, 2] AS list, 0.1 AS ratio, tuple(1, 'x')::Tuple(a Int32, b String) AS pair`),
	);
	expect(page.tableNames).toEqual(['vendors_parquet', 'vendors']);
	expect(page.headers).toEqual(['Big Id', 'price', 'note', 'empty', 'day', 'live', 'seen', 'list', 'ratio', 'pair']);
	expect(page.columns[0]).toBe('big_id');
	expect(page.rows).toBe(1);
	expect(rows).toEqual([
		[1, '9007199254740993', '1.50', null, '', '2024-02-29', 'true', '2024-01-05T10:30:00.250Z', '[1,2]', '0.1', '{"a":1,"b":"x"}'],
	]);
});

test('bytes that are not UTF-8 are shown in hexadecimal, so that no two are equal', async () => {
	const select = "SELECT s, CAST(s AS FixedString(2)) AS f FROM (SELECT arrayJoin([unhex('C101'), unhex('FF01'), 'é']) AS s)";
	expect((await onlyPage('x.parquet', parquet(select))).rows).toEqual([
		[1, 'C101', 'C101'],
		[2, 'FF01', 'FF01'],
		[3, 'é', 'é'],
	]);
});

test('rows keep their order and their numbers', async () => {
	const {page, rows} = await onlyPage('x.parquet', parquet('SELECT number * 2 AS n FROM numbers(100000)'));
	expect(page.rows).toBe(100_000);
	expect(rows.every(([line, n]) => Number(n) === (line - 1) * 2)).toBe(true);
});
