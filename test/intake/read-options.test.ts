import {expect, test} from 'vitest';
import {notesSelect, surplusSelect} from '../../source/engine/intake/page-select.js';
import {defaultReadOptions, type ReadOptions} from '../../source/model/read-options.js';
import {engine, intake, onlyPage, rowsOf} from './support/intake.js';

const read = (options: Partial<ReadOptions>) => ({...defaultReadOptions, ...options});

test('the header stands on the line that is named; what comes before is left out, open quotes included', async () => {
	const text = 'Report "May\n"for Acme\n\nSku;Price\n1;2,5\n';
	const {page, rows} = await onlyPage('a.csv', text, read({headerRow: 4}));
	expect(page.headers).toEqual(['Sku', 'Price']);
	expect(rows).toEqual([[5, '1', '2,5']]);
});

test('a header row beyond the file is refused with the line that is its last', async () => {
	await expect(intake('a.csv', 'a,b\n1,2\n', read({headerRow: 9}))).rejects.toMatchObject({
		code: 'intake.header_row',
		where: 'a.csv, line 3',
		expected: 'a header on line 9 (read.header_row)',
	});
});

test('without a header every row is data, and columns have the names that are given, or numbers', async () => {
	const numbered = await onlyPage('a.csv', '1,2\n3,4\n', read({headerRow: 'none'}));
	expect(numbered.page.columns).toEqual(['_1', '_2']);
	expect(numbered.rows).toEqual([
		[1, '1', '2'],
		[2, '3', '4'],
	]);
	const named = await onlyPage('a.csv', '1,2\n3,4,5\n', read({headerRow: 'none', columns: ['Sku', 'Price', 'Note']}));
	expect(named.page.columns).toEqual(['sku', 'price', 'note']);
	expect(named.rows).toEqual([
		[1, '1', '2', null],
		[2, '3', '4', '5'],
	]);
});

test('given names replace those of the header by position', async () => {
	const {page} = await onlyPage('a.csv', 'x,y,z\n1,2,3\n', read({columns: ['a', 'b']}));
	expect(page.columns).toEqual(['a', 'b', 'z']);
});

test('the last rows are left out, whatever lies between them, and say nothing', async () => {
	const {rows, page, warnings} = await onlyPage('a.csv', 'a,b\n1,2\n3,4\nTotal,6,9,9\n\n--,,,x\n', read({skipLast: 2}));
	expect(rows).toEqual([
		[2, '1', '2'],
		[3, '3', '4'],
	]);
	expect(page.rows).toBe(2);
	expect(warnings).toEqual([]);
	expect((await onlyPage('a.csv', 'a,b\n1,2\n', read({skipLast: 5}))).rows).toEqual([]);
});

test('a delimiter that is named goes before what is detected, and before the extension', async () => {
	expect((await onlyPage('a.csv', 'a;b,c\n1;2,3\n', read({delimiter: ','}))).rows).toEqual([[2, '1;2', '3']]);
	expect((await onlyPage('a.tsv', 'a|b\n1|2\n', read({delimiter: '|'}))).rows).toEqual([[2, '1', '2']]);
});

test('an encoding that is named goes before what is detected', async () => {
	const cyrillic = Buffer.from([0x61, 0x0a, 0xcf, 0xe8, 0x0a]);
	expect((await onlyPage('a.csv', cyrillic, read({encoding: 'windows-1251'}))).rows).toEqual([[2, 'Пи']]);
	expect((await onlyPage('a.csv', cyrillic, read({encoding: 'macintosh'}))).rows).toEqual([[2, 'œË']]);
});

test('surplus cells are kept beside the row, and are a warning of it; blank ones are not', async () => {
	const {page, rows, warnings} = await onlyPage('a.csv', 'a,b\n1,2,\n3,4,"x,y",z\n5,6,,\n');
	expect(rows.map(([line]) => line)).toEqual([2, 3, 4]);
	const warning = 'a.csv, line 3: 2 cells more than the 2 columns of the header; the surplus is in _surplus';
	expect(warnings).toEqual([{line: 3, message: warning}]);
	const query = (sql: string | null) => JSON.parse(engine().query(sql ?? '', 'JSONCompact')).data;
	expect(query(surplusSelect(page))).toEqual([[3, '["x,y","z"]']]);
	expect(query(notesSelect(page))).toEqual([[3, [warning]]]);
});

test('a million-row block with rows held back loses none', async () => {
	const lines = Array.from({length: 400_000}, (_, at) => `${at},${'x'.repeat(at % 40)}`);
	const {pages} = await intake('a.csv', `a,b\n${lines.join('\n')}\n`, read({skipLast: 3}));
	// A SELECT of several threads gives them in any order.
	const rows = rowsOf(pages[0]).toSorted(([a], [b]) => a - b);
	expect(rows.length).toBe(399_997);
	expect(rows.every(([line, a, b], at) => line === at + 2 && a === String(at) && (b ?? '').length === at % 40)).toBe(true);
});
