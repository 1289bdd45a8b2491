import {afterAll, expect, test} from 'vitest';
import type {PageHead} from '../../source/engine/intake/page.js';
import {parseSyntaxTree} from '../../source/engine/sql/guard/syntax-tree.js';
import {namedColumns} from '../../source/engine/sql/named-columns.js';
import {openChdbSession} from '../support/chdb-session.js';

const session = openChdbSession();
afterAll(() => session.close());

const page = (name: string, columns: readonly string[]): PageHead => ({name, tableNames: [`${name}_csv`, name], headers: columns, columns});
const pages = [page('items', ['sku', 'price', 'name', 'day', 'q']), page('vendors', ['code', 'sku'])];

async function named(sql: string): Promise<readonly string[]> {
	const lines = await session.rows<{explain: string}>(`EXPLAIN AST ${sql}`);
	return namedColumns(parseSyntaxTree(lines.map(({explain}) => explain)), pages)
		.map(({table, position, column}) => `${table}/${position}.${column}`)
		.sort();
}

test.each<[string, string, readonly string[]]>([
	['names of a select', 'SELECT sku, upper(trim(name)) AS label FROM input.items WHERE price > 1 GROUP BY ALL', ['name', 'price', 'sku']],
	['a name that an alias of its own is made from', 'SELECT upper(sku) AS sku, price AS price FROM input.items', ['price', 'sku']],
	['by the name of the table or its alias', 'SELECT p.sku, p.price FROM input.items AS p', ['price', 'sku']],
	[
		'of a table that is made',
		'CREATE TABLE output.x ENGINE = MergeTree ORDER BY k AS SELECT sku AS k FROM input.items ORDER BY price',
		['price', 'sku'],
	],
	['of an insert', 'INSERT INTO output.x (code) SELECT sku FROM input.items', ['sku']],
	['in a subquery behind FROM', 'SELECT label FROM (SELECT name AS label FROM input.items)', ['name']],
	['of a window', 'SELECT sum(toFloat64(price)) OVER (PARTITION BY sku) FROM input.items', ['price', 'sku']],
])('what a file must have: %s', async (_, sql, columns) => {
	expect(await named(sql)).toEqual(columns.map((column) => `items/0.${column}`));
});

test('the page is the one that the table name means, or that stands in the same place', async () => {
	expect(await named('SELECT code FROM input.vendors_csv UNION ALL SELECT price FROM input.page_idx_0')).toEqual([
		'page_idx_0/0.price',
		'vendors_csv/1.code',
	]);
});

test.each([
	['an alias used elsewhere', 'SELECT concat(p.x, 1) AS sku, sku FROM input.items AS p'],
	['an alias of a surrounding query', 'WITH 1 AS sku SELECT * FROM (SELECT sku FROM input.items)'],
	['a parameter of a lambda', 'SELECT arrayMap(sku -> sku + 1, [1]) FROM input.items'],
	['a join', 'SELECT sku FROM input.items AS p JOIN input.vendors AS v ON p.sku = v.sku'],
	['ARRAY JOIN', "SELECT sku FROM input.items ARRAY JOIN splitByChar(',', 'a') AS x"],
	['a common table expression, used or not', 'WITH t AS (SELECT sku FROM input.items) SELECT 1 AS one FROM t'],
	['a table of the script', 'SELECT sku FROM connector.items'],
	['a table of another database', 'SELECT sku FROM kizen.items'],
	['a subquery in an expression', 'SELECT 1 AS one WHERE 1 IN (SELECT sku FROM input.items)'],
	['all columns', 'SELECT * FROM input.items'],
	['columns that are left out', 'SELECT * EXCEPT (sku) FROM input.items'],
	['a table behind IN', 'SELECT 1 AS one FROM input.items WHERE 1 IN sku'],
	['an alias of a table that is a column as well', 'SELECT name.sku FROM (SELECT 1 AS name) AS x'],
	['a table function', "SELECT sku FROM merge('input', 'items')"],
	['a page that is not there', 'SELECT sku FROM input.others'],
	['a word that is a text', 'SELECT dateDiff(day, now(), now()) FROM input.items'],
])('what a file need not have: a name of %s', async (_, sql) => {
	expect(await named(sql)).toEqual([]);
});
