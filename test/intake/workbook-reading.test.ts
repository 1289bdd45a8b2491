import {expect, test} from 'vitest';
import {leftOutSheets, withLeftOutSheets} from '../../source/engine/execution/left-out-sheets.js';
import {checkSubmission} from '../../source/engine/intake/check-submission.js';
import {notesSelect} from '../../source/engine/intake/page-select.js';
import {SluiceError} from '../../source/model/errors.js';
import {defaultReadOptions, type ReadOptions} from '../../source/model/read-options.js';
import {engine, fileOf, intake, onlyPage, rowsOf} from './support/intake.js';
import {textRow, type WorkbookOptions, workbook} from './support/workbook.js';

const read = (options: Partial<ReadOptions>) => ({...defaultReadOptions, ...options});
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';

/** A workbook whose sheets have these states. */
async function withStates(states: Readonly<Record<string, string>>, sheets: WorkbookOptions['sheets']): Promise<Uint8Array> {
	const list = Object.keys(sheets).map(
		(name, at) => `<sheet name="${name}" sheetId="${at + 1}" state="${states[name] ?? 'visible'}" r:id="rId${at + 1}"/>`,
	);
	const xml = `<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${list.join('')}</sheets></workbook>`;
	return await workbook({sheets, parts: {'xl/workbook.xml': xml}});
}

async function headersAtSubmission(bytes: string | Uint8Array, options: ReadOptions = defaultReadOptions) {
	const {pages} = await checkSubmission(fileOf(bytes), 'x.xlsx', {maxInputBytes: 1_000_000}, options);
	return pages?.map(({name, headers}) => [name, headers]);
}

test('errors and formulas without a value are blank, and their row carries the warning that names the cells', async () => {
	const xml = `${textRow(1, ['id', 'b', 'c'])}<row r="2"><c r="A2" t="e"><v>#REF!</v></c><c r="B2"><f>1+1</f></c><c r="C2"><v>1</v></c></row><row r="3"><c r="A3"><v>2</v></c></row>`;
	const {page, rows, warnings} = await onlyPage('x.xlsx', await workbook({sheets: {Stock: xml}}));
	const warning = 'Stock, row 2: read as blank: A2 (#REF!), B2 (a formula without a stored value); open the workbook in Excel and save it';
	expect(rows).toEqual([
		[2, null, null, '1'],
		[3, '2', null, null],
	]);
	expect(warnings).toEqual([{line: 2, message: warning}]);
	expect(JSON.parse(engine().query(`${notesSelect(page)} FORMAT JSONCompactEachRow`, 'JSONCompactEachRow'))).toEqual([
		expect.anything(),
		[warning],
	]);
});

test('the first hundred rows with lost cells are named, the others counted', async () => {
	const rows = Array.from(
		{length: 103},
		(_, at) => `<row r="${at + 2}"><c r="A${at + 2}"><v>1</v></c><c r="B${at + 2}" t="e"><v>#N/A</v></c></row>`,
	);
	const {warnings} = await onlyPage('x.xlsx', await workbook({sheets: {S: textRow(1, ['a', 'b']) + rows.join('')}}));
	expect(warnings.length).toBe(101);
	expect(warnings.at(-1)?.message).toBe('3 more rows of S have cells that are read as blank: errors, or formulas without a stored value');
});

test('a cell that lost its text has a column at the end of the header as in the middle, and an error beyond the header is named', async () => {
	const header = (last: string) => `<row r="1"><c r="A1" t="str"><v>id</v></c>${last}</row>`;
	const data = '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>2</v></c><c r="D2" t="e"><v>#REF!</v></c><c r="E2"><f>1+1</f></c></row>';
	for (const [last, held] of [
		['<c r="B1" t="e"><v>#N/A</v></c>', '#N/A'],
		['<c r="B1"><f>1+1</f></c>', 'a formula without a stored value'],
	] as const) {
		const bytes = await workbook({sheets: {S: header(last) + data}});
		const {page, rows, warnings} = await onlyPage('x.xlsx', bytes);
		expect([page.columns, rows]).toEqual([['id', '_1'], [[2, '1', '2']]]);
		expect(await headersAtSubmission(bytes)).toEqual([['S', ['id', '']]]);
		expect(warnings.map(({message}) => message.replace('; open the workbook in Excel and save it', ''))).toEqual([
			`S, row 1: read as blank: B1 (${held})`,
			'S, row 2: read as blank: D2 (#REF!)',
		]);
	}
});

test('a row of errors alone is no row, and is named', async () => {
	const xml = `${textRow(1, ['a'])}<row r="2"><c r="A2" t="e"><v>#N/A</v></c></row><row r="3"><c r="A3"><v>1</v></c></row>`;
	const {rows, warnings} = await onlyPage('x.xlsx', await workbook({sheets: {S: xml}}));
	expect(rows).toEqual([[3, '1']]);
	expect(warnings).toEqual([{line: 2, message: 'S, row 2: read as blank: A2 (#N/A)'}]);
});

test.each([
	['a row', `${textRow(1, ['a', 'b'])}<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="s"><v>7</v></c></row>`, 'B2'],
	['the header', '<row r="1"><c r="A1" t="s"><v>7</v></c></row>', 'A1'],
	['a number that is none', `${textRow(1, ['a', 'b'])}<row r="2"><c r="B2" t="s"><v>x</v></c></row>`, 'B2'],
])('a shared text that is missing in %s is refused with sheet and cell', async (_, xml, cell) => {
	const bytes = await workbook({sheets: {Stock: xml}, strings: '<si><t>a</t></si>'});
	await expect(intake('x.xlsx', bytes)).rejects.toMatchObject({code: 'intake.corrupt', where: `x.xlsx, Stock, cell ${cell}`});
});

test('a header whose shared text is missing is refused at submission', async () => {
	const bytes = await workbook({sheets: {Stock: '<row r="1"><c r="A1" t="s"><v>7</v></c></row>'}, strings: '<si><t>a</t></si>'});
	await expect(headersAtSubmission(bytes)).rejects.toMatchObject({code: 'intake.corrupt', where: 'x.xlsx, Stock, cell A1'});
});

test('rows of blank text above the header are passed over, at submission as in the run', async () => {
	const blank = (row: number) => `<row r="${row}"><c r="A${row}" t="s"><v>0</v></c></row>`;
	const header = '<row r="60"><c r="A60" t="s"><v>1</v></c></row>';
	const rows = `${Array.from({length: 59}, (_, at) => blank(at + 1)).join('')}${header}<row r="61"><c r="A61"><v>1</v></c></row>`;
	const bytes = await workbook({sheets: {S: rows}, strings: '<si><t xml:space="preserve">  </t></si><si><t>Sku</t></si>'});
	expect(await headersAtSubmission(bytes)).toEqual([['S', ['Sku']]]);
	expect((await onlyPage('x.xlsx', bytes)).rows).toEqual([[61, '1']]);
});

test('hidden sheets are left out, unless they are asked for', async () => {
	const sheets = {Data: textRow(1, ['a']), Lists: textRow(1, ['b']), Deep: textRow(1, ['c'])};
	const bytes = await withStates({Lists: 'hidden', Deep: 'veryHidden'}, sheets);
	const {page, log} = await onlyPage('x.xlsx', bytes);
	expect(page.name).toBe('Data');
	expect(log).toEqual([
		'x.xlsx: sheet Lists is hidden and left out (read.hidden takes it)',
		'x.xlsx: sheet Deep is hidden and left out (read.hidden takes it)',
	]);
	expect(await headersAtSubmission(bytes)).toEqual([['Data', ['a']]]);
	expect(leftOutSheets([page])).toBe('; hidden and left out: "Lists", "Deep"');
	const failure = new SluiceError('sql.failed', "Unknown table expression identifier 'input.deep' in scope SELECT * FROM input.deep");
	expect(withLeftOutSheets(failure, [page])).toMatchObject({
		cure: 'The sheet "Deep" is hidden, and left out: set read: {hidden: true} in connector.yaml to read it.',
	});
	const {pages} = await intake('x.xlsx', bytes, read({hidden: true}));
	expect(pages.map(({name, hidden}) => [name, hidden])).toEqual([
		['Data', false],
		['Lists', true],
		['Deep', true],
	]);
});

test('one sheet is picked by its name, hidden or not; a name that is missing is refused with the nearest', async () => {
	const bytes = await withStates({Lists: 'hidden'}, {Data: textRow(1, ['a']), Lists: textRow(1, ['b'])});
	expect((await onlyPage('x.xlsx', bytes, read({sheet: 'Data'}))).page.headers).toEqual(['a']);
	expect((await onlyPage('x.xlsx', bytes, read({sheet: 'lists'}))).page.headers).toEqual(['b']);
	const refusal = {
		code: 'intake.sheet',
		message: 'x.xlsx has no sheet "Dara"; the nearest is "Data"',
		expected: expect.stringContaining('"Data", "Lists" (hidden)'),
	};
	await expect(intake('x.xlsx', bytes, read({sheet: 'Dara'}))).rejects.toMatchObject(refusal);
	await expect(headersAtSubmission(bytes, read({sheet: 'Dara'}))).rejects.toMatchObject(refusal);
});

test('a workbook whose only filled sheet is hidden says so', async () => {
	const bytes = await withStates({Lists: 'hidden'}, {Data: '', Lists: textRow(1, ['b'])});
	const refusal = {code: 'intake.empty', cure: 'Left out as hidden: "Lists". Set read: {hidden: true} to read hidden sheets.'};
	await expect(intake('x.xlsx', bytes)).rejects.toMatchObject(refusal);
	await expect(headersAtSubmission(bytes)).rejects.toMatchObject(refusal);
});

const report = `${textRow(1, ['Report'])}${textRow(2, ['of May'])}${textRow(4, ['Sku', 'Price'])}${textRow(5, ['a', '1'])}${textRow(7, ['b', '2', 'x'])}${textRow(8, ['Total', '3', 'y'])}<row r="9"><c r="A9" s="1"/></row>`;

test('the header is in the row of the sheet that is named, and the last rows are left out with their warnings', async () => {
	const bytes = await workbook({sheets: {S: report}});
	const options = read({headerRow: 4, skipLast: 1});
	expect(await headersAtSubmission(bytes, options)).toEqual([['S', ['Sku', 'Price']]]);
	const {rows, warnings} = await onlyPage('x.xlsx', bytes, options);
	expect(rows).toEqual([
		[5, 'a', '1'],
		[7, 'b', '2'],
	]);
	expect(warnings.map(({line}) => line)).toEqual([7]);
	expect((await onlyPage('x.xlsx', bytes, read({headerRow: 4, skipLast: 9}))).rows).toEqual([]);
});

test('without a header every row is data, and columns have the names that are given, or numbers', async () => {
	const bytes = await workbook({sheets: {S: textRow(2, ['a', '1']) + textRow(3, ['b', '2'])}});
	const {page, rows} = await onlyPage('x.xlsx', bytes, read({headerRow: 'none', columns: ['sku']}));
	expect(page.columns).toEqual(['sku', '_1']);
	expect(rows).toEqual([
		[2, 'a', '1'],
		[3, 'b', '2'],
	]);
	expect((await onlyPage('x.xlsx', bytes, read({columns: ['sku']}))).page.columns).toEqual(['sku', '_1']);
});

test('a header row beyond the sheet is refused with the last row; of several sheets one without it is left out with a warning', async () => {
	const refusal = {code: 'intake.header_row', where: 'x.xlsx, sheet S, row 9', expected: 'a header in row 20 (read.header_row)'};
	const bytes = await workbook({sheets: {S: report}});
	await expect(intake('x.xlsx', bytes, read({headerRow: 20}))).rejects.toMatchObject(refusal);
	await expect(headersAtSubmission(bytes, read({headerRow: 20}))).rejects.toMatchObject(refusal);
	const both = await intake('x.xlsx', await workbook({sheets: {S: report, Notes: textRow(1, ['a'])}}), read({headerRow: 4}));
	expect(both.pages.map(rowsOf)).toEqual([
		[
			[5, 'a', '1'],
			[7, 'b', '2'],
			[8, 'Total', '3'],
		],
	]);
	expect(both.warnings.at(-1)).toEqual({message: 'Notes is left out: it has no text from row 4 on (read.header_row)'});
});

const oldWorkbook = Buffer.concat([
	Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]),
	Buffer.alloc(504),
	Buffer.from('Workbook\0', 'utf16le'),
]);

test.each<[string, string | Uint8Array, string, RegExp]>([
	['text', 'a,b\n1,2\n', 'x.xlsx is text, not an .xlsx workbook', /Rename it to \.csv/],
	['text of another kind', '\uFEFFNáme;b\n1;2\n', 'x.xlsx is text, not an .xlsx workbook', /Rename it to \.csv/],
	['a web page', '<html><table><tr><td>1</td></tr></table></html>', 'x.xlsx is a web page, not an .xlsx workbook', /save it as an \.xlsx/],
	['JSON', '[{"a":1}]', 'x.xlsx is JSON, it seems, not an .xlsx workbook', /\.json/],
	[
		'the XML of Excel 2003',
		'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
		'x.xlsx is an XML spreadsheet of Excel 2003, not an .xlsx workbook',
		/Save it as/,
	],
	['an old workbook', oldWorkbook, 'x.xlsx is an old .xls workbook, not an .xlsx workbook', /Save it as an \.xlsx/],
])('%s with the name of a workbook is called by its name', async (_, bytes, message, cure) => {
	await expect(headersAtSubmission(bytes)).rejects.toMatchObject({code: 'intake.type', message, cure: expect.stringMatching(cure)});
});

test('an OpenDocument file is called by its name', async () => {
	const bytes = await workbook({
		sheets: {},
		parts: {'[Content_Types].xml': null, mimetype: 'application/vnd.oasis.opendocument.spreadsheet', 'content.xml': '<a/>'},
	});
	await expect(headersAtSubmission(bytes)).rejects.toMatchObject({
		code: 'intake.type',
		message: 'x.xlsx is an OpenDocument file, not an .xlsx workbook',
		cure: 'Save it as an .xlsx workbook.',
	});
});

test('too many sheets are refused with the bound, not with the limit of bytes', async () => {
	const sheets = Object.fromEntries(Array.from({length: 1_024}, (_, at) => [`S${at}`, '']));
	const error = {
		code: 'intake.too_many_pages',
		message: 'x.xlsx has 1024 sheets',
		expected: 'at most 1000 sheets',
		cure: expect.not.stringContaining('max_input_bytes'),
	};
	await expect(headersAtSubmission(await workbook({sheets}))).rejects.toMatchObject(error);
});

test('of two parts whose names differ in case, a path means the one it spells', async () => {
	const bytes = await workbook({
		sheets: {S: textRow(1, ['right'])},
		parts: {'xl/worksheets/SHEET1.xml': `<worksheet xmlns="${main}"><sheetData>${textRow(1, ['wrong'])}</sheetData></worksheet>`},
	});
	expect(await headersAtSubmission(bytes)).toEqual([['S', ['right']]]);
});
