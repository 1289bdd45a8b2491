import {afterEach, expect, test} from 'vitest';
import {textRow, workbook} from '../intake/support/workbook.js';
import {TestWorkspace} from './workspace.js';

let workspace: TestWorkspace;

afterEach(async () => {
	await workspace.close();
});

async function vendors(sql: string | null): Promise<TestWorkspace> {
	const scope = sql === null ? '' : 'scope: products, ';
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
  - {name: sku, ${scope}column: sku, type: string}
  - {name: price, ${scope}column: price, type: number}
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

const goods = `${textRow(1, ['sku', 'price'])}<row r="2"><c r="A2" t="inlineStr"><is><t>a</t></is></c><c r="B2" t="e"><v>#N/A</v></c></row>`;
const twoSheets = async () => Buffer.from(await workbook({sheets: {Goods: goods, Notes: textRow(1, ['x']) + textRow(2, ['y'])}}));

test.runIf(process.env.SLUICE_LONG)(
	'of a workbook with several sheets, a row carries the warning of its cell where its output has one page',
	async () => {
		workspace = await vendors('CREATE TABLE output.products AS SELECT sku, price, _line FROM input.page_idx_0;\n');
		workspace.write('new.xlsx', await twoSheets());
		const run = await workspace.run('vendors', 'new.xlsx');
		expect(run.error).toBeNull();
		const rows = await workspace.json<{line: number; warnings: string[]}>(['rows', run.id, 'load:1']);
		expect(rows.map(({line, warnings}) => [line, warnings])).toEqual([[2, ['Goods, row 2: read as blank: B2 (#N/A)']]]);
	},
);

test('several sheets without SQL are refused with the file, the sheets and what to set', async () => {
	workspace = await vendors(null);
	workspace.write('new.xlsx', await twoSheets());
	const run = await workspace.run('vendors', 'new.xlsx');
	expect(run.error).toMatchObject({
		code: 'intake.several_pages',
		message: 'new.xlsx has 2 pages, and the connector has no SQL to join them: "Goods", "Notes"',
		cure: expect.stringContaining('read: {sheet'),
	});
});
