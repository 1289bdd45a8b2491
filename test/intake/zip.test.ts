import {gzipSync} from 'node:zlib';
import {expect, test} from 'vitest';
import {checkSubmission} from '../../source/engine/intake/check-submission.js';
import {zipOf} from './support/archive.js';
import {fileOf, intake, onlyPage, rowsOf} from './support/intake.js';

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

test('what is wrong with a member names the archive and the member, at submission too', async () => {
	const bytes = await zipOf({'a.csv': 'x\n1\n', 'b.csv': ''});
	const refused = {code: 'intake.empty', message: 'data.zip: b.csv is empty: 0 bytes', where: 'data.zip, b.csv'};
	await expect(intake('data.zip', bytes)).rejects.toMatchObject(refused);
	await expect(checkSubmission(fileOf(bytes), 'data.zip', {maxInputBytes: 1e6})).rejects.toMatchObject(refused);
	const open = await zipOf({'a.csv': 'x\n"1\n'});
	await expect(intake('data.zip', open)).rejects.toMatchObject({
		code: 'intake.unterminated_quote',
		message: expect.stringMatching(/^data\.zip: .*a\.csv/),
		where: 'data.zip, a.csv, line 2',
	});
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
