import exceljs from 'exceljs';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {dateFormatOf, dateText} from '../../source/engine/intake/excel/date-text.js';
import {numberText} from '../../source/engine/intake/excel/number-text.js';
import {type Cell, intake, onlyPage, rowsOf} from './support/intake.js';
import {textRow, workbook} from './support/workbook.js';

/** Reads cells as the columns of one row under a header of as many letters. */
async function cellsOf(cells: string, options: Partial<Parameters<typeof workbook>[0]> = {}): Promise<readonly Cell[]> {
	const header = textRow(1, ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
	const {rows} = await onlyPage('x.xlsx', await workbook({...options, sheets: {S: `${header}<row r="2">${cells}</row>`}}));
	return rows[0]?.slice(1) as Cell[];
}

test('a workbook made by exceljs reads back: texts, numbers, dates, booleans, formulas, errors', async () => {
	const book = new exceljs.Workbook();
	const sheet = book.addWorksheet('My Data!');
	sheet.addRow(['SKU', 'Price', 'Listed on', 'Seen', 'Live', 'Sum', 'Bad', 'Rich', 'Link']);
	sheet.addRow([
		'0012',
		1.1,
		new Date(Date.UTC(2024, 0, 5)),
		new Date(Date.UTC(2024, 1, 29, 10, 30, 15)),
		true,
		{formula: 'B2*2', result: 2.2},
		{error: '#N/A'},
		{richText: [{text: 'bo', font: {bold: true}}, {text: 'ld & <b>'}]},
		{text: 'here', hyperlink: 'https://example.com'},
	]);
	sheet.addRow([]);
	sheet.addRow(['=1+1', 12345678901, null, null, false, null, null, 'line\nbreak', '"q",x']);
	const {page, rows, warnings} = await onlyPage('Vendor file.xlsx', new Uint8Array(await book.xlsx.writeBuffer()));
	expect([page.name, page.tableNames]).toEqual(['My Data!', ['my_data_', 'vendor_file_xlsx', 'vendor_file']]);
	expect(page.columns).toEqual(['sku', 'price', 'listed_on', 'seen', 'live', 'sum', 'bad', 'rich', 'link']);
	expect(rows).toEqual([
		[2, '0012', '1.1', '2024-01-05', '2024-02-29T10:30:15', 'true', '2.2', null, 'bold & <b>', 'here'],
		[4, '=1+1', '12345678901', null, null, 'false', null, null, 'line\nbreak', '"q",x'],
	]);
	expect(warnings).toEqual([{line: 2, message: 'My Data!, row 2: read as blank: G2 (#N/A)'}]);
});

test('each sheet that is not empty is a page, in their order', async () => {
	const sheets = {
		Second: textRow(1, ['a']) + textRow(2, ['1']),
		Empty: '<row r="1"><c r="A1" s="1"/></row>',
		'second!': textRow(3, ['b']) + textRow(5, ['2']),
	};
	const {pages, log} = await intake('x.xlsx', await workbook({sheets, formats: [14]}));
	expect(pages.map(({name, tableNames}) => [name, tableNames])).toEqual([
		['Second', ['second']],
		['second!', ['second_']],
	]);
	expect(pages.map(rowsOf)).toEqual([[[2, '1']], [[5, '2']]]);
	expect(log).toEqual(['x.xlsx: sheet Empty is empty and left out']);
});

test('cells and rows without addresses stand after the ones before', async () => {
	const t = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`;
	const xml = `<row>${t('a')}${t('b')}</row><row>${t('1')}<c/></row><row r="7"><c r="B7"><v>2</v></c></row><row>${t('3')}${t('4')}</row>`;
	expect((await onlyPage('x.xlsx', await workbook({sheets: {S: xml}}))).rows).toEqual([
		[2, '1', null],
		[7, null, '2'],
		[8, '3', '4'],
	]);
});

test('a blank cell is NULL, an empty text the empty string', async () => {
	expect(
		await cellsOf(
			'<c r="B2" t="inlineStr"><is><t></t></is></c><c r="C2" t="str"><v></v></c><c r="D2" s="1"/><c r="E2"><v></v></c><c r="F2"><v>1</v></c>',
		),
	).toEqual([null, '', '', null, null, '1', null, null]);
});

test('shared strings: plain, rich, with phonetics, escaped, empty, quoted', async () => {
	const strings =
		'<si><t>pla&#105;n &amp; &#x1F600;</t></si><si><r><t>ri</t></r><r><rPr><b/></rPr><t xml:space="preserve">ch </t></r></si><si><t>東</t><rPh sb="0" eb="1"><t>ひがし</t></rPh></si><si><t>a_x000D_b_x005F_x</t></si><si><t/></si><si><t>"q",</t></si><si><t><![CDATA[<c>]]></t></si>';
	const cells = [0, 1, 2, 3, 4, 5, 6].map((index, at) => `<c r="${'ABCDEFGH'[at]}2" t="s"><v>${index}</v></c>`).join('');
	expect(await cellsOf(cells, {strings})).toEqual(['plain & 😀', 'rich ', '東', 'a\rb_x', '', '"q",', '<c>', null]);
});

test('merged cells hold their value in the first one, and the log says so', async () => {
	const sheetData = `<sheetData>${textRow(1, ['a', 'b'])}${textRow(2, ['x', 'y'])}<row r="3"><c r="A3"/><c r="B3"><v>1</v></c></row></sheetData>`;
	const {rows, log} = await onlyPage(
		'x.xlsx',
		await workbook({sheets: {S: `<worksheet>${sheetData}<mergeCells><mergeCell ref="A2:A3"/></mergeCells></worksheet>`}}),
	);
	expect(rows).toEqual([
		[2, 'x', 'y'],
		[3, null, '1'],
	]);
	expect(log).toEqual(['x.xlsx: sheet S has 1 merged ranges; the value stands in the first cell of each']);
});

test('a formula counts as its last value; one without is blank with a warning', async () => {
	const xml = `${textRow(1, ['a', 'b', 'c'])}<row r="2"><c r="A2" t="str"><f>X&amp;"&lt;"</f><v>text</v></c><c r="B2" t="b"><f>TRUE</f><v>1</v></c><c r="C2"><f>NOW()</f></c></row>`;
	const {rows, warnings} = await onlyPage('x.xlsx', await workbook({sheets: {S: xml}}));
	expect(rows).toEqual([[2, 'text', 'true', null]]);
	expect(warnings).toEqual([
		{line: 2, message: 'S, row 2: read as blank: C2 (a formula without a stored value); open the workbook in Excel and save it'},
	]);
});

test('text beyond the header is surplus; formatted blank cells are not', async () => {
	const xml = `${textRow(1, ['a'])}<row r="2"><c r="A2"><v>1</v></c><c r="B2" s="1"/></row><row r="3"><c r="A3"><v>2</v></c><c r="C3"><v>3</v></c></row>`;
	const {rows, warnings} = await onlyPage('x.xlsx', await workbook({sheets: {S: xml}}));
	expect(rows).toEqual([
		[2, '1'],
		[3, '2'],
	]);
	expect(warnings.map(({line}) => line)).toEqual([3]);
});

test('prefixes, comments, single quotes and a > in an attribute are all one to the reader', async () => {
	const xml = `<?xml version='1.0'?><!-- <row> --><x:worksheet xmlns:x="m"><x:sheetData><x:row r = '1' note="a>b"><x:c r='A1' t='inlineStr'><x:is><x:t>a</x:t></x:is></x:c></x:row><x:row r="2"><x:c r="A2"><x:v>5</x:v></x:c></x:row></x:sheetData></x:worksheet>`;
	expect((await onlyPage('x.xlsx', await workbook({sheets: {S: xml}}))).rows).toEqual([[2, '5']]);
});

describe('dates', () => {
	test('a date of a workbook that counts from 1904', async () => {
		const cells = '<c r="A2" s="1"><v>0</v></c><c r="B2" s="1"><v>43834</v></c>';
		expect((await cellsOf(cells, {formats: [14], workbookPr: 'date1904="1"'})).slice(0, 2)).toEqual(['1904-01-01', '2024-01-05']);
	});

	test('the format of the cell decides, built in or spelt out', async () => {
		const formats = [14, 22, 21, '[h]:mm', 'yyyy"-year"', '#,##0.00 "days"', '[$-409]d-mmm-yy;@'];
		const cells = formats
			.map((_, at) => `<c r="${'ABCDEFG'[at]}2" s="${at + 1}"><v>${at === 2 ? '0.4375' : at === 3 ? '1.5' : '45296'}</v></c>`)
			.join('');
		expect((await cellsOf(cells, {formats})).slice(0, 7)).toEqual([
			'2024-01-05',
			'2024-01-05T00:00:00',
			'10:30:00',
			'36:00:00',
			'2024-01-05',
			'45296',
			'2024-01-05',
		]);
	});

	test.each<[number, string | undefined]>([
		[0, '1900-01-00'],
		[0.5, '1900-01-00T12:00:00'],
		[1, '1900-01-01'],
		[59, '1900-02-28'],
		[60, '1900-02-29'],
		[61, '1900-03-01'],
		[45296.4375, '2024-01-05T10:30:00'],
		[45296.999999999, '2024-01-06'],
		[45296.00000116, '2024-01-05T00:00:00.100'],
		[2958465, '9999-12-31'],
		[2958466, undefined],
		[-1, undefined],
	])('serial %s', (serial, text) => expect(dateText(serial, 'date', false)).toBe(text));

	test('every day since March 1900 is the day a calendar counts', () => {
		fc.assert(
			fc.property(fc.integer({min: 61, max: 2_958_465}), (serial) => {
				const day = new Date(Date.UTC(1900, 2, 1));
				day.setUTCDate(day.getUTCDate() + serial - 61);
				expect(dateText(serial, 'date', false)).toBe(day.toISOString().slice(0, 10));
			}),
		);
	});

	test.each<[string, string | undefined]>([
		['General', undefined],
		['0.00', undefined],
		['#,##0 "days"', undefined],
		['[Red]-0;[Blue]0', undefined],
		['0.00E+00', undefined],
		['dd/mm/yyyy', 'date'],
		['mmm', 'date'],
		['h:mm AM/PM', 'time'],
		['mm:ss.0', 'time'],
		['yyyy-mm-dd hh:mm', 'datetime'],
		['[hh]:mm:ss', 'duration'],
		['[$-F800]dddd\\, mmmm dd\\, yyyy', 'date'],
		['@', undefined],
	])('format %s', (code, kind) => expect(dateFormatOf(code)?.(45_296)).toBe(kind));
});

test.each([
	['1', '1'],
	['0012', '0012'],
	['1.50', '1.50'],
	['-0.5', '-0.5'],
	['1.1000000000000001', '1.1'],
	['3.3000000000000003', '3.3000000000000003'],
	['0.1000000000000001', '0.1000000000000001'],
	['123456789.123456789', '123456789.123456789'],
	['12345678901234567890', '12345678901234567890'],
	['1.2345678901234567E19', '12345678901234567000'],
	['1E-3', '0.001'],
	['-1.5e-07', '-0.00000015'],
	['1.5E+3', '1500'],
	['1E999999', '1E999999'],
	['abc', 'abc'],
])('the stored number %s reads as %s', (stored, text) => expect(numberText(stored)).toBe(text));

test('a number reads as the number it is, whatever way it was stored', () => {
	fc.assert(
		fc.property(fc.double({noNaN: true, noDefaultInfinity: true}), (number) => {
			for (const stored of [String(number), number.toPrecision(17), number.toExponential()]) {
				const text = numberText(stored);
				expect(text).not.toMatch(/e/i);
				expect(Number(text) === number).toBe(true);
			}
		}),
	);
});

test('tables written by exceljs read back equal', async () => {
	const cell = fc.oneof(
		fc.constant(null),
		fc.string({maxLength: 10}).map((text) => `t${text}`),
		fc.integer(),
		fc.boolean(),
	);
	const row = fc.array(cell, {minLength: 3, maxLength: 3}).map((cells) => ['x', ...cells]);
	await fc.assert(
		fc.asyncProperty(fc.array(row, {minLength: 1, maxLength: 6}), async (rows) => {
			const book = new exceljs.Workbook();
			book.addWorksheet('S').addRows([['a', 'b', 'c', 'd'], ...rows]);
			const read = await onlyPage('x.xlsx', new Uint8Array(await book.xlsx.writeBuffer()));
			expect(read.rows.map(([, ...cells]) => cells)).toEqual(
				rows.map((cells) => cells.map((value) => (value === null ? null : String(value)))),
			);
		}),
		{numRuns: process.env.SLUICE_LONG ? 500 : 20},
	);
});
