import {gzipSync} from 'node:zlib';
import {expect, test} from 'vitest';
import {zipOf} from './support/archive.js';
import {intake, onlyPage, rowsOf} from './support/intake.js';

test('.csv members at the root are pages, by name', async () => {
	const {pages, log} = await intake('data.zip', await zipOf({'b.csv': 'x\n1\n', 'a.CSV': 'y;z\n2;3\n', 'readme.txt': 'hello'}));
	expect(pages.map(({name, tableNames}) => [name, tableNames])).toEqual([
		['a.CSV', ['a_csv', 'a']],
		['b.csv', ['b_csv', 'b']],
	]);
	expect(pages.map(rowsOf)).toEqual([[[2, '2', '3']], [[2, '1']]]);
	expect(log).toEqual(['data.zip: left out readme.txt']);
});

test('members of one folder are pages, and what macOS adds is not', async () => {
	const files = {'export/a.csv': 'x\n1\n', '__MACOSX/export/._a.csv': 'junk', 'export/._b.csv': 'junk', '__MACOSX/b.csv': 'x\n'};
	const {pages, log} = await intake('data.zip', await zipOf(files));
	expect(pages.map(({name}) => name)).toEqual(['a.csv']);
	expect(log).toEqual([]);
});

test('stored members and empty-looking names are read', async () => {
	expect((await onlyPage('data.zip', await zipOf({'a b-c.csv': 'x\n1\n'}, 'STORE'))).page.tableNames).toEqual(['a_b_c_csv', 'a_b_c']);
});

test('a gzipped CSV is read, of several parts too', async () => {
	const bytes = Buffer.concat([gzipSync('a,b\n1,2\n'), gzipSync('3,4\n')]);
	const {page, rows} = await onlyPage('feed.csv.gz', bytes);
	expect(page.tableNames).toEqual(['feed_csv_gz', 'feed_csv', 'feed']);
	expect(rows).toEqual([
		[2, '1', '2'],
		[3, '3', '4'],
	]);
});

test('a large member is read whole', async () => {
	const lines = Array.from({length: 200_000}, (_, row) => `${row},${row * 7919}`);
	const {rows} = await onlyPage('data.zip', await zipOf({'a.csv': `id,n\n${lines.join('\n')}\n`}));
	expect(rows).toHaveLength(200_000);
	expect(rows.at(-1)).toEqual([200_001, '199999', String(199_999 * 7919)]);
});
