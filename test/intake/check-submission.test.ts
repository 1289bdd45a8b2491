import {gzipSync} from 'node:zlib';
import {describe, expect, test} from 'vitest';
import {checkSubmission} from '../../source/engine/intake/check-submission.js';
import {zipOf} from './support/archive.js';
import {fileOf} from './support/intake.js';
import {textRow, workbook} from './support/workbook.js';

const limits = {maxInputBytes: 10_000_000};
const check = (name: string, bytes: string | Uint8Array) => checkSubmission(fileOf(bytes), name, limits);

describe('the header is seen without reading the file', () => {
	test.each<[string, () => string | Uint8Array | Promise<Uint8Array>]>([
		['x.csv', () => 'SKU;Price\n"never closed;1'],
		['x.csv.gz', () => gzipSync(`SKU,Price\n${'1,2\n'.repeat(200_000)}`).subarray(0, 800)],
		['x.zip', () => zipOf({'x.csv': 'SKU,Price\n1,2\n'})],
		[
			'x.xlsx',
			() =>
				workbook({
					sheets: {x: `<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c></row>${textRow(3, ['1'])}`},
					strings: '<si><t>SKU</t></si><si><t>Price</t></si>',
				}),
		],
		['x.jsonl', () => '{"SKU":1,"Price":2}\n{"broken'],
	])('%s', async (name, bytes) => {
		const {pages} = await check(name, await bytes());
		expect(pages?.map(({headers, columns}) => ({headers, columns}))).toEqual([{headers: ['SKU', 'Price'], columns: ['sku', 'price']}]);
	});
});

test('pages and size are told, and whether every column is known', async () => {
	expect(await check('x.csv', 'a,b\n1,2\n')).toEqual({
		sizeBytes: 8,
		pages: [{name: 'x.csv', tableNames: ['x_csv', 'x'], headers: ['a', 'b'], columns: ['a', 'b']}],
		complete: true,
	});
	expect((await check('x.json', '[{"a":1}]')).complete).toBe(false);
});

test.each([3_000, 5_000, 200_000])('a header of %i bytes is seen whole, wherever the looking goes on', async (bytes) => {
	const names = Array.from({length: Math.ceil(bytes / 5)}, (_, at) => `c${at}`.padEnd(4, 'x'));
	const {pages} = await check('x.csv', `${names.join(',')}\n${names.map(() => '1').join(',')}\n`);
	expect(pages?.[0]?.headers).toEqual(names);
});

test('a header longer than what is looked at is left to the run', async () => {
	expect(await check('x.csv', `${'a column with a long name,'.repeat(45_000)}last\n`)).toEqual({
		sizeBytes: 1_170_005,
		pages: null,
		complete: false,
	});
});

test.each<[string, string, string | Uint8Array, string]>([
	['a size over the limit', 'x.csv', `a\n${'1'.repeat(10_000_000)}`, 'intake.too_large'],
	['an extension that is not read', 'x.pdf', '%PDF-1.4', 'intake.type'],
	['no bytes', 'x.csv', '', 'intake.empty'],
	['blank lines alone', 'x.csv', '\n \n', 'intake.empty'],
])('%s is refused', async (_what, name, bytes, code) => await expect(check(name, bytes)).rejects.toMatchObject({code}));

test('a missing file and a folder are refused', async () => {
	await expect(checkSubmission('/nowhere/x.csv', 'x.csv', limits)).rejects.toMatchObject({code: 'intake.missing', where: '/nowhere/x.csv'});
	await expect(checkSubmission('/tmp', 'tmp.csv', limits)).rejects.toMatchObject({code: 'intake.unreadable'});
});
