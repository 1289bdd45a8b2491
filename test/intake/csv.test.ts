import {expect, test} from 'vitest';
import {intake, onlyPage, rowsOf} from './support/intake.js';

test('cells reach the engine exactly as they stand', async () => {
	const {page, rows} = await onlyPage(
		'x.csv',
		'a,b,c\n  lead ,\\N,""\n\tx\t,,NULL\n"a""b","l1\r\nl2","\rX"\nnul\0here,"\0",\\\n\'q\',"\\N","\\n"\n',
	);
	expect(rows).toEqual([
		[2, '  lead ', '\\N', ''],
		[3, '\tx\t', null, 'NULL'],
		[4, 'a"b', 'l1\r\nl2', '\rX'],
		[7, 'nul\0here', '\0', '\\'],
		[8, "'q'", '\\N', '\\n'],
	]);
	expect(page.rows).toBe(5);
});

test('a blank cell is NULL and a quoted empty one the empty string', async () => {
	expect((await onlyPage('x.csv', 'a,b\n1,\n2,""\n,3\n"",4\n')).rows).toEqual([
		[2, '1', null],
		[3, '2', ''],
		[4, null, '3'],
		[5, '', '4'],
	]);
});

test('wholly empty rows are dropped and lines keep their numbers', async () => {
	expect((await onlyPage('x.csv', '\n\na,b\n\n1,2\n,\n \t,\n3,4\n\n')).rows).toEqual([
		[5, '1', '2'],
		[8, '3', '4'],
	]);
});

test('surplus cells are left out with a warning that names the line', async () => {
	const {rows, warnings} = await onlyPage('x.csv', 'a,b\n1,2\n"x\ny",2,3\n1,2,3,"4"\n');
	expect(rows).toEqual([
		[2, '1', '2'],
		[3, 'x\ny', '2'],
		[5, '1', '2'],
	]);
	expect(warnings.map(({line}) => line)).toEqual([3, 5]);
	expect(warnings[1]?.message).toContain('line 5: 2 cells more than the 2 columns');
});

test('after a hundred rows with surplus cells the rest is counted', async () => {
	const {warnings} = await intake('x.csv', `a\n${'1,2\n'.repeat(250)}`);
	expect(warnings).toHaveLength(101);
	expect(warnings[100]).toEqual({message: '150 more rows of x.csv have surplus cells'});
});

test('short rows are filled with NULL, without a warning', async () => {
	const {rows, warnings} = await onlyPage('x.csv', 'a,b,c\n1\n1,2\n"",2');
	expect(rows).toEqual([
		[2, '1', null, null],
		[3, '1', '2', null],
		[4, '', '2', null],
	]);
	expect(warnings).toEqual([]);
});

test.each([
	['LF', '\n'],
	['CR LF', '\r\n'],
	['CR', '\r'],
])('%s ends a line, and counts as one inside quotes', async (_name, eol) => {
	const {rows} = await onlyPage('x.csv', ['a,b', '1,2', `"x${eol}y",3`, '4,5'].join(eol));
	expect(rows).toEqual([
		[2, '1', '2'],
		[3, `x${eol}y`, '3'],
		[5, '4', '5'],
	]);
});

test('line ends of all kinds may stand in one file', async () => {
	expect((await onlyPage('x.csv', 'a,b\r\n1,2\r3,4\n5,6\r\n')).rows.map(([line]) => line)).toEqual([2, 3, 4]);
});

test.each([
	['semicolon, with decimal commas', 'x.csv', 'name;price\nLamp;1,5\nDesk;2,75\n', ';'],
	['tab', 'x.csv', 'name\tprice\nLamp, big\t1\n', '\u001F'],
	['pipe', 'x.csv', 'name|price\na,b|1\nc,d|2\n', '|'],
	['comma, with semicolons in the text', 'x.csv', 'name,price\na;b,1\nc;d;e,2\n', ','],
	['a delimiter inside quotes does not count', 'x.csv', '"a;b;c;d",price\n"x;y",1\n', ','],
	['one column', 'x.csv', 'name\nLamp\n', ','],
	['.tsv means tab', 'x.tsv', 'a,b\tc\n1,5\t2\n', '\u001F'],
	['.dat means tab', 'x.DAT', 'a;b;c\n1;2;3\n', '\u001F'],
	["Excel's own hint", 'x.csv', 'sep=|\r\na|b,c,d\r\n1|2,3,4\r\n', '|'],
])('delimiter: %s', async (_what, name, text, delimiter) => {
	expect((await onlyPage(name, text)).page.format).toEqual({kind: 'csv', delimiter});
});

test('a quote that does not open its cell is text, and so is what follows a closed one', async () => {
	expect((await onlyPage('x.csv', 'a,b\n5" pipe,"x"y\nsay "hi",z "\n"p" q,1\n')).rows).toEqual([
		[2, '5" pipe', 'xy'],
		[3, 'say "hi"', 'z "'],
		[4, 'p q', '1'],
	]);
});

test('a header alone gives no rows and a warning', async () => {
	const {page, rows, warnings} = await onlyPage('x.csv', 'a,b\n');
	expect([page.columns, rows]).toEqual([['a', 'b'], []]);
	expect(warnings).toEqual([{message: 'x.csv has a header and no rows'}]);
});

test('twenty thousand columns come through', async () => {
	const at = Array.from({length: 20_000}, (_, column) => column);
	const {page, rows} = await onlyPage(
		'wide.csv',
		`${at.map((c) => `c${c}`).join(',')}\n${at.map((c) => (c % 3 ? `v${c}` : '')).join(',')}\n1,2\n`,
	);
	expect(page.columns).toHaveLength(20_000);
	expect(rows[0]).toEqual([2, ...at.map((c) => (c % 3 ? `v${c}` : null))]);
	expect(rows[1]?.slice(0, 4)).toEqual([3, '1', '2', null]);
});

test('rows of two bytes under thousands of columns are written in parts', async () => {
	const header = Array.from({length: 5_000}, (_, column) => `c${column}`).join(',');
	const {pages} = await intake('x.csv', `${header}\n${'1\n'.repeat(4_000)}`);
	expect(pages[0]?.rows).toBe(4_000);
});

test('row numbers are right across a megabyte and a line longer than a piece', async () => {
	const long = 'x'.repeat(3_000_000);
	const lines = Array.from({length: 60_000}, (_, row) => `${row},${row === 30_000 ? long : 'plain text of some length'}`);
	const {pages} = await intake('x.csv', `id,text\n${lines.join('\n')}`);
	const rows = rowsOf(pages[0]);
	expect(rows).toHaveLength(60_000);
	expect(rows.every(([line, id]) => line === Number(id) + 2)).toBe(true);
	expect(rows[30_000]?.[2]).toBe(long);
});

test('a tab-separated file keeps its tabs inside quotes, its unit separators and its quotes', async () => {
	expect((await onlyPage('x.tsv', 'a\tb\tc\n1\t"x\ty"\t\nu\u001fs\t""\t3\t4\n5" \t6\n,\t;\t|\n')).rows).toEqual([
		[2, '1', 'x\ty', null],
		[3, 'u\u001fs', '', '3'],
		[4, '5" ', '6', null],
		[5, ',', ';', '|'],
	]);
});
