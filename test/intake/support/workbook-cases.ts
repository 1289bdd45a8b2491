import {textRow, type WorkbookOptions} from './workbook.js';

/**
 * A small workbook and the row 2 of its first sheet. Every value is what openpyxl 3.0.9 (`data_only`) reads in the cell, as text; where it
 * reads another, `openpyxl` has its value, and the standard (ECMA-376) or the specification decides.
 */
export type WorkbookCase = {
	readonly what: string;
	readonly workbook: WorkbookOptions;
	readonly row: readonly (string | null)[];
	/** What openpyxl reads in the first cell. */
	readonly openpyxl?: string | null;
};

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const strict = 'http://purl.oclc.org/ooxml/spreadsheetml/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packages = 'http://schemas.openxmlformats.org/package/2006/relationships';

const header = textRow(1, ['a', 'b']);

function cells(
	what: string,
	xml: string,
	row: WorkbookCase['row'],
	more: Partial<WorkbookOptions> & {openpyxl?: string | null} = {},
): WorkbookCase {
	const {openpyxl, ...options} = more;
	return {
		what,
		workbook: {...options, sheets: {S: `${header}<row r="2">${xml}</row>`}},
		row,
		...(openpyxl === undefined ? {} : {openpyxl}),
	};
}

function dated(code: string | number, serial: string, text: string, openpyxl?: string): WorkbookCase {
	const more = openpyxl === undefined ? {} : {openpyxl};
	return cells(`${serial} under ${code}`, `<c r="A2" s="1"><v>${serial}</v></c>`, [text, null], {formats: [code], ...more});
}

function whole(what: string, sheet: string, row: WorkbookCase['row'], more: Partial<WorkbookOptions> = {}): WorkbookCase {
	return {what, workbook: {...more, sheets: {S: sheet}}, row};
}

function book(inside: string, attributes = ''): string {
	return `<?xml version="1.0"?><workbook xmlns="${main}" xmlns:r="${office}" ${attributes}>${inside}<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`;
}

const day1904 = '<c r="A2" s="1"><v>43834</v></c>';
const day1900 = '<c r="A2" s="1"><v>45296</v></c>';
const x15 = 'xmlns:x15="http://schemas.microsoft.com/office/spreadsheetml/2010/11/main"';

export const workbookCases: readonly WorkbookCase[] = [
	// Numbers.
	cells('an integer', '<c r="A2"><v>12</v></c><c r="B2"><v>-3</v></c>', ['12', '-3']),
	cells('a decimal', '<c r="A2"><v>12.5</v></c><c r="B2"><v>0.001</v></c>', ['12.5', '0.001']),
	cells('a number with 17 digits', '<c r="A2"><v>1.1000000000000001</v></c>', ['1.1', null]),
	cells('an exponent', '<c r="A2"><v>1.5E+3</v></c><c r="B2"><v>1E-3</v></c>', ['1500', '0.001'], {openpyxl: '1500.0'}),
	cells('a number with a typed style', '<c r="A2" s="1"><v>0.25</v></c>', ['0.25', null], {formats: [10]}),
	cells('a long number', '<c r="A2"><v>12345678901</v></c>', ['12345678901', null]),
	// Texts.
	cells('an inline text', '<c r="A2" t="inlineStr"><is><t>x</t></is></c>', ['x', null]),
	cells('an inline text in runs', '<c r="A2" t="inlineStr"><is><r><t>a</t></r><r><rPr><b/></rPr><t>b</t></r></is></c>', ['ab', null]),
	cells('an inline text with a value', '<c r="A2" t="inlineStr"><is><t>x</t></is><v>y</v></c>', ['x', null]),
	cells('a value before the inline text', '<c r="A2" t="inlineStr"><v>y</v><is><t>x</t></is></c>', ['x', null]),
	cells('the text of a formula', '<c r="A2" t="str"><f>B2</f><v>x</v></c>', ['x', null]),
	cells('a shared text', '<c r="A2" t="s"><v>1</v></c>', ['b', null], {strings: '<si><t>a</t></si><si><t>b</t></si>'}),
	cells('a shared text with phonetics', '<c r="A2" t="s"><v>0</v></c>', ['東', null], {
		strings: '<si><t>東</t><rPh sb="0" eb="1"><t>ひがし</t></rPh><phoneticPr fontId="1"/></si>',
	}),
	cells('a shared text in runs', '<c r="A2" t="s"><v>0</v></c>', ['a b', null], {
		strings: '<si><r><t xml:space="preserve">a </t></r><r><t>b</t></r></si>',
	}),
	cells('an extension within a shared text', '<c r="A2" t="s"><v>0</v></c>', ['a', null], {
		strings: '<si><t>a</t><x:t xmlns:x="other">b</x:t></si>',
		openpyxl: 'b',
	}),
	cells('entities', '<c r="A2" t="str"><v>&lt;a&gt; &amp; &#233;</v></c>', ['<a> & é', null]),
	cells('CDATA', '<c r="A2" t="inlineStr"><is><t><![CDATA[<a>]]></t></is></c>', ['<a>', null]),
	cells('text with a comment in it', '<c r="A2" t="inlineStr"><is><t>a<!-- no -->b</t></is></c>', ['ab', null]),
	cells('a line end of Windows in the XML', '<c r="A2" t="inlineStr"><is><t>a\r\nb</t></is></c>', ['a\nb', null]),
	cells('a line end of the old Macintosh in the XML', '<c r="A2" t="inlineStr"><is><t>a\rb</t></is></c>', ['a\nb', null]),
	cells('a line end that is escaped', '<c r="A2" t="inlineStr"><is><t>a_x000D_b</t></is></c>', ['a\rb', null], {openpyxl: 'a_x000D_b'}),
	cells('a carriage return by number', '<c r="A2" t="inlineStr"><is><t>a&#13;b</t></is></c>', ['a\rb', null]),
	// Other types.
	cells('booleans', '<c r="A2" t="b"><v>1</v></c><c r="B2" t="b"><v>0</v></c>', ['true', 'false']),
	cells('a date as text', '<c r="A2" t="d"><v>2024-01-05T00:00:00</v></c>', ['2024-01-05T00:00:00', null]),
	cells('an error and a number', '<c r="A2" t="e"><v>#REF!</v></c><c r="B2"><v>1</v></c>', [null, '1'], {openpyxl: '#REF!'}),
	cells('a formula alone and a number', '<c r="A2"><f>1+1</f></c><c r="B2"><v>1</v></c>', [null, '1']),
	cells('a formula with an error', '<c r="A2" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="B2"><v>1</v></c>', [null, '1'], {
		openpyxl: '#DIV/0!',
	}),
	cells('a formula with a number', '<c r="A2"><f>1+1</f><v>2</v></c>', ['2', null]),
	cells('a text that looks like an error', '<c r="A2" t="inlineStr"><is><t>#N/A</t></is></c>', ['#N/A', null]),
	// XML as programs write it.
	cells('an attribute that ends in =', '<c r="A2" note="a="><v>1</v></c>', ['1', null]),
	cells('an attribute that ends in = and >', '<c r="A2" note="=>"><v>1</v></c>', ['1', null]),
	cells('a quote and > in an attribute', `<c r="A2" note="it's '>'"><v>1</v></c>`, ['1', null]),
	cells('space around =', '<c r = "A2" note= ">" t ="str"><v>1</v></c>', ['1', null]),
	cells('a line end around =', '<c r\n=\n"A2"\n><v>1</v></c >', ['1', null]),
	cells('an address within another attribute', `<c note=" r='B2' t='s'" r="A2"><v>1</v></c>`, ['1', null]),
	cells('an attribute of another namespace', '<c xmlns:y="other" y:t="s" r="A2"><v>1</v></c>', ['1', null]),
	cells('a value of another namespace', '<c xmlns:y="other" r="A2"><v>1</v><y:v>2</y:v></c>', ['1', null]),
	cells('a value deep in an extension', `<c r="A2"><v>1</v><extLst><ext uri="u"><v>2</v></ext></extLst></c>`, ['1', null]),
	whole(
		'rows of another namespace behind the rows',
		`<worksheet xmlns="${main}" xmlns:y="other"><sheetData>${header}<row r="2"><c r="A2"><v>1</v></c></row></sheetData><extLst><ext uri="u"><y:row r="3"><y:c r="A3"><y:v>9</y:v></y:c></y:row></ext></extLst></worksheet>`,
		['1', null],
	),
	whole(
		'every element with a prefix',
		`<?xml version="1.0"?><x:worksheet xmlns:x="${main}"><x:sheetData><x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>a</x:t></x:is></x:c></x:row><x:row r="2"><x:c r="A2"><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>`,
		['1'],
	),
	whole(
		'a namespace that is declared again',
		`<worksheet xmlns="${main}"><sheetData xmlns="${main}">${header}<row xmlns:z="${main}" r="2"><z:c r="A2"><z:v>1</z:v></z:c></row></sheetData></worksheet>`,
		['1', null],
	),
	{
		what: 'the strict form of the standard',
		workbook: {
			sheets: {S: `<worksheet xmlns="${strict}"><sheetData>${header}<row r="2"><c r="A2"><v>1</v></c></row></sheetData></worksheet>`},
			parts: {
				'xl/workbook.xml': `<workbook xmlns="${strict}" xmlns:q="http://purl.oclc.org/ooxml/officeDocument/relationships"><sheets><sheet name="S" sheetId="1" q:id="rId1"/></sheets></workbook>`,
				'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${packages}"><Relationship Id="rId1" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
			},
		},
		row: ['1', null],
		// It finds no sheet.
		openpyxl: null,
	},
	// The 1904 system.
	cells('1904', day1904, ['2024-01-05', null], {formats: [14], workbookPr: 'date1904="1"'}),
	cells('1904 as a word', day1904, ['2024-01-05', null], {formats: [14], workbookPr: 'date1904="true"'}),
	cells('1904 switched off', day1900, ['2024-01-05', null], {formats: [14], workbookPr: 'date1904="0"'}),
	cells('1904 and an extension with a workbookPr', day1904, ['2024-01-05', null], {
		formats: [14],
		parts: {
			'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${office}"><workbookPr date1904="1"/><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets><extLst><ext uri="{140A7094-0E35-4892-8432-C4D2E57EDEB5}" ${x15}><x15:workbookPr chartTrackingRefBase="1"/></ext></extLst></workbook>`,
		},
	}),
	cells('1900 and an extension that says 1904', day1900, ['2024-01-05', null], {
		formats: [14],
		parts: {'xl/workbook.xml': book(`<extLst><ext uri="u" ${x15}><x15:workbookPr date1904="1"/></ext></extLst>`)},
	}),
	cells('an extension with sheets of its own', '<c r="A2"><v>1</v></c>', ['1', null], {
		parts: {
			'xl/workbook.xml': book(`<extLst><ext uri="u" ${x15}><x15:sheets><x15:sheet name="T" r:id="rId1"/></x15:sheets></ext></extLst>`),
		},
	}),
	cells('a format of a conditional style with the same number', day1900, ['45296', null], {
		parts: {
			'xl/styles.xml': `<styleSheet xmlns="${main}"><numFmts count="1"><numFmt numFmtId="200" formatCode="0.00"/></numFmts><cellStyleXfs><xf numFmtId="0"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="200"/></cellXfs><dxfs count="1"><dxf><numFmt numFmtId="200" formatCode="yyyy"/></dxf></dxfs></styleSheet>`,
		},
	}),
	// Date formats.
	dated(14, '45296', '2024-01-05'),
	dated(22, '45296.4375', '2024-01-05T10:30:00'),
	dated(20, '0.4375', '10:30:00'),
	dated(47, '0.4375', '10:30:00'),
	dated(46, '1.5', '36:00:00', '1 day, 12:00:00'),
	dated('dd/mm/yyyy', '45296', '2024-01-05'),
	dated('[=0]"";dd/mm/yyyy', '45296', '2024-01-05', '45296'),
	dated('[=0]"";dd/mm/yyyy', '0', '1900-01-00', '0'),
	dated('[<1]h:mm;dd/mm/yyyy', '0.4375', '10:30:00'),
	dated('[<1]h:mm;dd/mm/yyyy', '45296', '2024-01-05'),
	dated('dd/mm/yyyy;;', '45296', '2024-01-05'),
	dated('[$-409]d-mmm-yy;@', '45296', '2024-01-05'),
	dated('[$-F800]dddd\\, mmmm dd\\, yyyy', '45296', '2024-01-05'),
	dated('[$-x-sysdate]dddd, mmmm dd, yyyy', '45296', '2024-01-05'),
	dated('[$-ja-JP-x-gannen]ggge"年"m"月"d"日"', '45296', '2024-01-05'),
	dated('[Red]yyyy-mm-dd', '45296', '2024-01-05'),
	dated('[Color 5]yyyy', '45296', '2024-01-05'),
	dated('[$-404]e/m/d', '45296', '2024-01-05'),
	dated('[h]:mm:ss', '1.5', '36:00:00', '1 day, 12:00:00'),
	dated('[mm]:ss', '1.5', '36:00:00', '1 day, 12:00:00'),
	dated('[$-409]h:mm AM/PM;@', '0.4375', '10:30:00'),
	dated('mm:ss.0', '0.4375', '10:30:00'),
	dated('yyyy"-year"', '45296', '2024-01-05'),
	dated('0.00E+00', '45296', '45296'),
	dated('#,##0 "days"', '45296', '45296'),
	dated('0.00 \\d', '45296', '45296'),
	dated('[$EUR] #,##0.00', '45296', '45296'),
	dated('General', '45296', '45296'),
	dated('General;[Red]-General', '45296', '45296'),
	dated('#,##0 kg', '45296', '45296'),
	dated('[>100]0.0;yyyy', '45296', '45296'),
	dated('@', '45296', '45296'),
	// Days that never were.
	dated(14, '0', '1900-01-00', '00:00:00'),
	dated(14, '60', '1900-02-29', '1900-02-28'),
	dated(14, '-5', '-5', '1899-12-25'),
];
