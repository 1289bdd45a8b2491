import {afterEach, expect, test} from 'vitest';
import {itemsWorkspace, type TestWorkspace} from './workspace.js';

let workspace: TestWorkspace;

afterEach(() => workspace.close());

const edit = (path: string, from: string, to: string) => workspace.write(path, workspace.read(path).replace(from, to));

test('a file with title lines, totals and surplus cells is read as the connector says, and SQL reaches the surplus', async () => {
	workspace = itemsWorkspace(1);
	const read = 'sql: transform.sql\nread: {header_row: 3, skip_last: 1}\nvariables:';
	edit('connectors/items/connector.yaml', 'variables:', read);
	workspace.write('connectors/items/sample.csv', 'Report\n\ncode,name\nA,one\nTotal,1\n');
	workspace.write(
		'connectors/items/transform.sql',
		"CREATE TABLE output.items AS SELECT code, concat(name, ifNull(_surplus, '')) AS name, _line FROM input.page_idx_0 ORDER BY code;\n",
	);
	workspace.write('in.csv', 'Report "May\n\ncode,name\nA,one\nB,two,"x,y"\nTotal,2\n');
	expect(await workspace.cli('activate', 'items')).toMatchObject({code: 0});
	const run = await workspace.run('items', 'in.csv');
	expect([run.status, run.rows.input, run.counts.created]).toEqual(['warning', 2, 2]);
	const rows = await workspace.json<Record<string, unknown>>(['rows', 'last', 'load:1']);
	expect(JSON.stringify(rows[1])).toContain('in.csv, line 5: one cell more than the 2 columns of the header; the surplus is in _surplus');
	expect(JSON.stringify(rows[0])).not.toContain('more than');
	const records = await workspace.json<{name: string}>(['records', 'items']);
	expect(JSON.stringify(records)).toContain('two[\\"x,y\\"]');
});

test('columns that only their place tells apart are refused when they stand otherwise than in the sample, at submission', async () => {
	workspace = itemsWorkspace(1);
	edit('connectors/items/connector.yaml', 'column: name', 'column: ___');
	workspace.write('connectors/items/sample.csv', 'code,имя,тел\nA,one,1\n');
	workspace.write('right.csv', 'code,имя,тел\nA,one,1\n');
	workspace.write('wrong.csv', 'code,тел,имя\nB,2,two\n');
	expect(await workspace.cli('activate', 'items')).toMatchObject({code: 0});
	expect((await workspace.run('items', 'right.csv')).status).toBe('completed');
	const refused = await workspace.cli('run', 'items', '--input', `${workspace.dir}/wrong.csv`, '--json');
	expect(refused.code).toBe(1);
	expect(refused.err).toContain('intake.column_places');
	expect(refused.err).toContain('is the header \\"тел\\", but \\"имя\\" in the sample');
});

test('an encoding that is not known is a problem at its place, with the nearest right name', async () => {
	workspace = itemsWorkspace(1);
	edit('connectors/items/connector.yaml', 'variables:', 'read: {encoding: windows-1520}\nvariables:');
	const said = await workspace.cli('validate', 'items');
	expect(said.code).not.toBe(0);
	expect(said.out + said.err).toMatch(
		/connector\.yaml:\d+:\d+\s+"windows-1520" is no encoding that can be read\. Did you mean "windows-1250"\?/,
	);
});
