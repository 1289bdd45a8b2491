import {expect, test} from 'vitest';
import {missingColumns} from '../../source/engine/intake/compatible.js';
import {cleanHeaders} from '../../source/engine/intake/header.js';

const page = (name: string, headers: string[]) => ({
	name: `${name}.csv`,
	tableNames: [`${name}_csv`, name],
	headers,
	columns: cleanHeaders(headers),
});

test('an input with every column is compatible', () => {
	expect(missingColumns('a.csv', [page('a', ['SKU', 'Price €'])], [{table: null, column: 'price__', by: 'variable price'}])).toBeNull();
});

test('all missing columns are named, with who needs them and the nearest header as it is written', () => {
	const error = missingColumns(
		'vendors.csv',
		[page('vendors', ['SKU', 'Prise', 'City'])],
		[
			{table: null, column: 'sku', by: 'variable sku'},
			{table: null, column: 'price', by: 'variable price'},
			{table: 'vendors', column: 'price', by: 'transform.sql'},
			{table: 'page_idx_0', column: 'listed_on', by: 'transform.sql'},
		],
	);
	expect(error?.toJSON()).toEqual({
		code: 'intake.incompatible',
		message:
			'vendors.csv lacks 2 columns: "price" (nearest header: "Prise"), named by variable price, transform.sql; "listed_on", named by transform.sql',
		where: 'vendors.csv',
		expected: 'the columns sku, price, listed_on',
		cure: 'Rename the columns in the file, or in the SQL and the variables.',
	});
});

test('a column of a page that is not there is missing, with the nearest page', () => {
	const error = missingColumns(
		'a.zip',
		[page('vendors', ['code']), page('products', ['sku'])],
		[{table: 'vendor', column: 'code', by: 'transform.sql'}],
	);
	expect(error?.message).toBe('a.zip lacks a column: "code" (the input has no page "vendor"; nearest: "vendors"), named by transform.sql');
});

test('a column must be in its own page', () => {
	const pages = [page('vendors', ['code']), page('products', ['sku'])];
	expect(missingColumns('a.zip', pages, [{table: 'products', column: 'code', by: 'transform.sql'}])?.message).toContain(
		'"code" in products.csv',
	);
});
