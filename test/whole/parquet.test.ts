import {afterEach, expect, test} from 'vitest';
import {flatFile, parquetFile} from '../intake/support/parquet-file.js';
import {TestWorkspace} from './workspace.js';

let workspace: TestWorkspace;

afterEach(async () => {
	await workspace.close();
});

/** A connector that takes the columns `sku` and `price`, with SQL or without. */
async function vendors(sql: string | null): Promise<TestWorkspace> {
	const made = new TestWorkspace({
		'objects/products.yaml': `name: Products
fields:
  - {api_name: sku, name: SKU, type: text, identifier: true}
  - {api_name: price, name: Price, type: decimal}
`,
		'connectors/vendors/sample.csv': 'sku,price\na,1\n',
		...(sql === null ? {} : {'connectors/vendors/transform.sql': sql}),
		'connectors/vendors/connector.yaml': `name: Vendors
type: spreadsheet
object: products
sample_file: sample.csv
${sql === null ? '' : 'sql: transform.sql\n'}variables:
  - {name: sku, ${sql === null ? '' : 'scope: products, '}column: sku, type: string}
  - {name: price, ${sql === null ? '' : 'scope: products, '}column: price, type: number}
load_steps:
  - name: Products
    object: products
    scope: ${sql === null ? 'input' : 'products'}
    matching: [{field: sku, variable: sku}]
    mapping:
      - {field: sku, variables: [sku], conflict: overwrite}
      - {field: price, variables: [price], conflict: overwrite}
`,
	});
	const {code, err} = await made.cli('activate', 'vendors');
	if (code !== 0) throw new Error(err);
	return made;
}

const ways = [
	{what: 'without SQL', sql: null},
	{what: 'with SQL', sql: 'CREATE TABLE output.products AS SELECT sku, price FROM input.page_idx_0;\n'},
];

const sku = (cells: readonly string[]) => ({name: 'sku', type: 'BYTE_ARRAY', converted: 0, cells}) as const;

test('numbers of a Parquet file that have an exponent are numbers', async () => {
	workspace = await vendors(null);
	workspace.write('new.parquet', flatFile([sku(['a', 'b', 'c']), {name: 'price', type: 'DOUBLE', cells: [1e-5, 1e21, null]}]));
	const run = await workspace.run('vendors', 'new.parquet');
	expect(run.error).toBeNull();
	const records = await workspace.json<{fields: Record<string, string>}>(['records', 'products']);
	expect(records.map(({fields}) => [fields.sku, fields.price]).sort()).toEqual([
		['a', '0.00001'],
		['b', `1${'0'.repeat(21)}`],
		['c', undefined],
	]);
});

test.each(ways)('damaged values of a Parquet file fail stage intake with the column and no path of the program, $what', async ({sql}) => {
	workspace = await vendors(sql);
	const bytes = flatFile([sku(['abc', 'def']), {name: 'price', type: 'DOUBLE', cells: [1, 2]}]);
	bytes.writeUInt32LE(0xffffff, bytes.indexOf('abc') - 4);
	workspace.write('new.parquet', bytes);
	const run = await workspace.run('vendors', 'new.parquet');
	expect(run.status).toBe('failed');
	expect(run.error).toMatchObject({
		code: 'intake.corrupt',
		message: 'new.parquet is damaged: the column "sku" cannot be read: a page ends early',
	});
	expect(run.stages.find(({state}) => state === 'failed')?.stage).toBe('intake');
});

test.each(process.env.SLUICE_LONG === '1' ? ways : ways.slice(0, 1))(
	'a Parquet file that holds fewer rows than its footer says fails stage intake, $what',
	async ({sql}) => {
		workspace = await vendors(sql);
		const columns = [
			{name: 'sku', type: 'BYTE_ARRAY', converted: 0, repetition: 'optional'},
			{name: 'price', type: 'DOUBLE', repetition: 'optional'},
		] as const;
		workspace.write(
			'new.parquet',
			parquetFile(columns, [
				{
					rows: 3,
					chunks: [
						['a', 'b'],
						[1, 2],
					],
				},
			]),
		);
		const run = await workspace.run('vendors', 'new.parquet');
		expect([run.status, run.error?.code]).toEqual(['failed', 'intake.corrupt']);
		expect(run.stages.find(({state}) => state === 'failed')?.stage).toBe('intake');
	},
);
