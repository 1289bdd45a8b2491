import {expect, test} from 'vitest';
import {checkSubmission} from '../../source/engine/intake/check-submission.js';
import {misplacedColumns} from '../../source/engine/intake/column-places.js';
import {missingColumns} from '../../source/engine/intake/compatible.js';
import {detectDialect} from '../../source/engine/intake/csv/dialect.js';
import {checkSignature, kindOf} from '../../source/engine/intake/file-kind.js';
import {cleanHeaders} from '../../source/engine/intake/header.js';
import {refusalOf} from '../../source/engine/intake/refusal.js';
import {withSampleDelimiter} from '../../source/engine/intake/sample-delimiter.js';
import {decodeText} from '../../source/engine/intake/text/text-decoder.js';
import {defaultReadOptions, type ReadOptions} from '../../source/model/read-options.js';
import {encodingOf} from '../../source/model/text-encodings.js';
import {fileOf, onlyPage} from './support/intake.js';

const head = (headers: readonly string[], name = 'a') => ({
	name: `${name}.csv`,
	tableNames: [name],
	headers,
	columns: cleanHeaders(headers),
});

test('windows-1252 is decoded whole as it is decoded in pieces', () => {
	expect(decodeText(Buffer.from([0x80, 0x20, 0x96, 0x20, 0x92]), 'windows-1252')).toBe('€ – ’');
});

test.each([
	['latin1', 'windows-1252'],
	['CP850', 'cp850'],
	['ibm852', 'cp852'],
	['cp1250', 'windows-1250'],
	['MacRoman', 'macintosh'],
	['cp866', 'ibm866'],
	['cp932', 'shift_jis'],
	['klingon', null],
])('the label %s means %s', (label, name) => expect(encodingOf(label)).toBe(name));

test.each<[string, string, string]>([
	['macintosh', '488e6c8f6e652c4d9f6c6c6572', 'Hélène'],
	['cp850', '48826c8a6e652c43947465204d816c6c6572', 'Hélène'],
	['windows-1250', 'a3f3649f2c476461f1736b2c44b9627261', 'Łódź'],
	['windows-874', 'cac1aad2c220e3a8b4d5', 'สมชาย'],
	['ibm866', '88a2a0ad2c8fa5e2e0aea2', 'Иван'],
])('text in %s is known by its letters', async (encoding, hex, expected) => {
	const {rows, warnings} = await onlyPage('x.csv', Buffer.concat([Buffer.from('a,b,c\n1,'), Buffer.from(hex, 'hex'), Buffer.from('\n')]));
	expect(rows[0]?.[2]).toContain(expected);
	expect(warnings[0]?.message).toContain(`the encoding ${encoding} is a guess`);
});

test('a guessed encoding is a warning with the first line it is needed on, its text, and the key to set', async () => {
	const bytes = Buffer.concat([Buffer.from('name,city\nplain,x\n'), Buffer.from('café,y\n', 'latin1')]);
	const {warnings} = await onlyPage('x.csv', bytes);
	expect(warnings).toEqual([
		{
			line: 3,
			message:
				'x.csv: the encoding windows-1252 is a guess; it is first needed on line 3, read as "café,y". If that is right, ' +
				'write read: {encoding: windows-1252} into connector.yaml; else name the encoding that the sender uses',
		},
	]);
	expect((await onlyPage('x.csv', bytes, {...defaultReadOptions, encoding: 'latin1'})).warnings).toEqual([]);
});

const as = (encoding: string): ReadOptions => ({...defaultReadOptions, encoding});
const mark = Buffer.from('\ufeff');

test.each<[string, Buffer, string, number, string]>([
	['shift_jis', Buffer.from('6b3b760a313ba3f3649f0a323b6f6b0a', 'hex'), '｣\ue258\ufffd', 2, '1;｣\ue258�'],
	['gb18030', Buffer.from('6b3b760a313b6f6b0d0a323bff780a', 'hex'), 'ok', 3, '2;�x'],
	['windows-1253', Buffer.from('6b3b760d313bff0d', 'hex'), '�', 2, '1;�'],
	['cp857', Buffer.from('6b3b760a313b8d0a323bd50a', 'hex'), 'ı', 3, '2;�'],
	['utf-16le', Buffer.from('k;v\n1;x\ud800y\n', 'utf16le'), 'x�y', 2, '1;x�y'],
	[
		'utf-8',
		Buffer.concat([Buffer.from(`k;v\n1;x\ufffdy\n${'2;x\n'.repeat(2000)}`), Buffer.from('333bff0a', 'hex')]),
		'x\ufffdy',
		2003,
		'3;�',
	],
])(
	'bytes that are not valid %s under read.encoding are a warning with the line and its text',
	async (encoding, bytes, first, line, shown) => {
		const {rows, warnings} = await onlyPage('x.csv', bytes, as(encoding));
		expect(rows[0]?.[2]).toBe(first);
		const said = encoding === 'utf-8' ? 'UTF-8' : encoding;
		const message = `bytes that are not valid ${said} were read as \ufffd, first on line ${line}: "${shown}"`;
		expect(warnings).toEqual([{line, message: expect.stringContaining(message)}]);
	},
);

test('bytes that are not of a guessed encoding are a warning of their own', async () => {
	const japanese = Buffer.from('8e5293638c928e9f3b938c8b9e82cc82dc82bf0a97e996d888ea98593b834a835e834a836982c582b70a'.repeat(100), 'hex');
	const {warnings} = await onlyPage('x.csv', Buffer.concat([Buffer.from('k;v\n'), japanese, Buffer.from('323b626164ff0a', 'hex')]));
	expect(warnings.map(({line}) => line)).toEqual([2, 202]);
});

test('a U+FFFD that is in the text itself is no warning', async () => {
	const bytes = Buffer.from('k;v\n1;x\ufffdy\n', 'utf16le');
	expect((await onlyPage('x.csv', bytes, as('utf-16le'))).warnings).toEqual([]);
});

test('a byte order mark goes before the encoding that the connector names, with a warning', async () => {
	const bytes = Buffer.concat([mark, Buffer.from('k;v\n1;Müller\n')]);
	const {rows, page, warnings} = await onlyPage('x.csv', bytes, as('windows-1252'));
	expect(page.columns).toEqual(['k', 'v']);
	expect(rows).toEqual([[2, '1', 'Müller']]);
	expect(warnings.map(({message}) => message)).toEqual([
		'x.csv: read as utf-8, whose byte order mark it begins with, and not as windows-1252, which read.encoding in connector.yaml names. ' +
			'If the sender now writes it so, leave read.encoding out',
	]);
	expect((await onlyPage('x.csv', bytes, as('utf-8'))).warnings).toEqual([]);
});

test('valid UTF-8 that is read as another encoding, because the connector names it, is a warning with both readings', async () => {
	const {rows, warnings} = await onlyPage('x.csv', Buffer.from('k;v\n0;x\n1;Müller\n'), as('windows-1252'));
	expect(rows[1]).toEqual([3, '1', 'MÃ¼ller']);
	expect(warnings).toEqual([
		{
			line: 3,
			message:
				'x.csv: read as windows-1252, which read.encoding in connector.yaml names, but all of it is valid UTF-8: line 3 was read as ' +
				'"1;MÃ¼ller", and is "1;Müller" in UTF-8. If that is right, leave read.encoding out',
		},
	]);
	expect((await onlyPage('x.csv', Buffer.from('k;v\n1;x\n'), as('windows-1252'))).warnings).toEqual([]);
	const later = Buffer.concat([Buffer.from(`k;v\n1;ü\n${'1;x\n'.repeat(100_000)}`), Buffer.from('2;ü\n', 'latin1')]);
	expect((await onlyPage('x.csv', later, as('windows-1252'))).warnings).toEqual([]);
});

test('a file with the mark of UTF-8 and bytes that are none is guessed by its letters, and read so without a warning once the key is set', async () => {
	const bytes = Buffer.concat([mark, Buffer.from('k;v\n1;x\n2;Müller\n', 'latin1')]);
	const guessed = await onlyPage('x.csv', bytes);
	expect(guessed.rows[1]).toEqual([3, '2', 'Müller']);
	expect(guessed.warnings).toMatchObject([{line: 3, message: expect.stringContaining('read as "2;Müller"')}]);
	const named = await onlyPage('x.csv', bytes, as('windows-1252'));
	expect([named.page.columns, named.rows[1], named.warnings]).toEqual([['k', 'v'], [3, '2', 'Müller'], []]);
	const late = Buffer.concat([mark, Buffer.from(`k;v\n${'1;x\n'.repeat(100_000)}2;Müller\n`, 'latin1')]);
	const lately = await onlyPage('x.csv', late, as('windows-1252'));
	expect([lately.page.columns, lately.rows.at(-1), lately.warnings]).toEqual([['k', 'v'], [100_002, '2', 'Müller'], []]);
});

test.each<[string, 'le' | 'be', boolean, readonly unknown[]]>([
	['utf-16', 'be', true, []],
	['utf-16', 'be', false, []],
	['utf-16', 'le', true, []],
	['utf-16be', 'be', false, []],
	['utf-16le', 'be', true, [expect.stringContaining('read as utf-16be')]],
	['utf-8', 'le', true, [expect.stringContaining('read as utf-16le')]],
	['windows-1252', 'be', true, [expect.stringContaining('read as utf-16be')]],
])('under read.encoding %s a text in UTF-16%s is read (with a mark: %s)', async (encoding, order, marked, expected) => {
	const bytes = Buffer.from(`${marked ? '\ufeff' : ''}k;v\n1;é\n`, 'utf16le');
	const {rows, warnings} = await onlyPage('x.csv', order === 'be' ? bytes.swap16() : bytes, as(encoding));
	expect(rows).toEqual([[2, '1', 'é']]);
	expect(warnings.map(({message}) => message)).toEqual(expected);
});

test.each([
	['utf-8', 'utf-16le', Buffer.from('k;v\n1;x\n', 'utf16le')],
	['windows-1252', 'utf-16be', Buffer.from('k;v\n1;x\n', 'utf16le').swap16()],
	['utf-16', 'utf-8', Buffer.from('k;v\n1;é\n')],
])('a text that cannot be in %s, which the connector names, is refused with what it is: %s', async (given, found, bytes) => {
	const refused = checkSubmission(fileOf(bytes), 'x.csv', {maxInputBytes: 1e6}, as(given));
	await expect(refused).rejects.toMatchObject({
		code: 'intake.encoding',
		cure: `Set read: {encoding: ${found}} in connector.yaml, or leave read.encoding out.`,
	});
});

test('an encoding of DOS that is named is read', async () => {
	const bytes = Buffer.from([0x61, 0x0a, 0x82, 0x8a, 0x0a]);
	expect((await onlyPage('x.csv', bytes, {...defaultReadOptions, encoding: 'cp850'})).rows).toEqual([[2, 'éè']]);
});

test('letters beyond the head decide the encoding, not the head alone', async () => {
	const polish = Buffer.from('9c776964 6e696361 2c A3 f3 64 9f 2c 47 64 61 f1 73 6b 0a'.replaceAll(' ', ''), 'hex');
	const bytes = Buffer.concat([Buffer.from(`a,b,c\ncaf`), Buffer.from([0xf3]), Buffer.from(`,1,2\n${'x,1,2\n'.repeat(60_000)}`), polish]);
	expect((await onlyPage('x.csv', bytes)).log).toEqual(['x.csv: read as windows-1250']);
});

const dialect = (text: string, usedNames?: readonly string[]) =>
	detectDialect(Buffer.from(text), true, 'x.csv', {delimiter: null, headerRow: null, ...(usedNames ? {usedNames} : {})}).delimiter;

test('of two delimiters that divide alike, the one that makes the columns in use is taken, else the one beside quotes, else not the comma', () => {
	const tie = 'Produkt;Preis, netto;Preis, brutto\nA;1,5;2,5\n';
	expect(dialect(tie)).toBe(';');
	expect(dialect('a,b;c,d\n1,2;3,4\n', ['b_c'])).toBe(',');
	expect(dialect('"a","b; c","d; e"\n"1","2;","3;"\n')).toBe(',');
});

test.each([
	['Preis, netto;Preis, brutto\n1,50;1,79\n2,50;2,98\n', ';'],
	['Name, Vorname;PLZ, Ort\nMeier, Ida;8000, Zürich\n', ';'],
	['Name, Vorname|Ort, Land\r\nMeier, Ida|Ulm, DE\r\n', '|'],
	['a, b, c\n1, 2, 3\n', ','],
])(
	'a delimiter with a space behind it each time in the first row is one of its texts, where another divides alike: %j',
	(text, delimiter) => {
		expect(dialect(text)).toBe(delimiter);
	},
);

test.each(['Prénom', 'Prénom'.normalize('NFD')])('a header has one column, composed or not: %j', (header) => {
	expect(cleanHeaders([header])).toEqual(['pr_nom']);
});

test('columns told apart by their place must stand as in the sample', () => {
	const sample = [head(['key', 'имя', 'тел'])];
	const names = ['key', '___', '_____duplicate_1__'];
	expect(misplacedColumns('new.csv', [head(['key', 'имя', 'тел'])], sample, names)).toBeNull();
	expect(misplacedColumns('new.csv', [head(['key', 'тел', 'имя'])], sample, names)?.toJSON()).toMatchObject({
		code: 'intake.column_places',
		message:
			'new.csv has other columns under names that the connector uses: "___" is the header "тел", but "имя" in the sample; ' +
			'"_____duplicate_1__" is the header "имя", but "тел" in the sample',
	});
	expect(misplacedColumns('new.csv', [head(['key', 'тел', 'имя'])], sample, ['key'])).toBeNull();
	expect(misplacedColumns('new.csv', [head(['key', 'тел'])], [head(['key', 'имя'])], ['___'])?.code).toBe('intake.column_places');
});

test.each<[what: string, sample: readonly string[], file: readonly string[], column: string, code: string | undefined]>([
	['the other of two has gone', ['key', 'Price €', 'Price $'], ['key', 'Price $'], 'price__', 'intake.column_places'],
	['letters that cleaning takes away differ', ['key', 'Größe'], ['key', 'Grüße'], 'gr__e', 'intake.column_places'],
	['case differs alone', ['key', 'Price €', 'Price $'], ['KEY', 'PRICE €', 'PRICE $'], 'price__', undefined],
	['the kind of a space differs alone', ['key', 'Price €', 'Price $'], ['key', 'Price\u00a0€', 'Price $'], 'price__', undefined],
	['punctuation differs alone', ['Size (cm)'], ['Size [cm]'], 'size__cm_', undefined],
	['a letter has been lost on its way', ['Größe'], ['Gr??e'], 'gr__e', undefined],
])(
	'a header that cleans to the name of another of the sample is refused, and no header that is the same: %s',
	(_, sample, file, column, code) => {
		expect(misplacedColumns('new.csv', [head(file)], [head(sample)], [column])?.code).toBe(code);
	},
);

test('a page that has lost one of two columns of a name is held against the sample', async () => {
	const [path, sample] = [fileOf('key,Price $\n1,2\n', '.csv'), fileOf('key,Price €,Price $\n1,2,3\n', '.csv')];
	const read = {...defaultReadOptions, usedNames: ['key', 'price__']};
	const {pages} = await checkSubmission(path, 'x.csv', {maxInputBytes: 1e6}, read);
	const needed = ['key', 'price__'].map((column) => ({table: null, column, by: `variable ${column}`}));
	const refused = await refusalOf(pages ?? [], {path, name: 'x.csv', maxInputBytes: 1e6, read, needed, sample});
	expect(refused?.message).toBe(
		'x.csv has other columns under names that the connector uses: "price__" is the header "Price $", but "Price €" in the sample',
	);
});

const refusal = async (text: string, columns: readonly string[], options: Partial<ReadOptions> = {}) => {
	const path = fileOf(text);
	const read = {...defaultReadOptions, usedNames: columns, ...options};
	const {pages} = await checkSubmission(path, 'x.csv', {maxInputBytes: 1e6}, read);
	const needed = columns.map((column) => ({table: null, column, by: `variable ${column}`}));
	return await refusalOf(pages ?? [], {path, name: 'x.csv', maxInputBytes: 1e6, read, needed});
};

test('a header on another line is found, and the refusal says what was read and what to set', async () => {
	const error = await refusal('Report "May\nAcme\n\n\nSku;Price\n1;2\n', ['sku', 'price']);
	expect(error?.message).toContain('the first row read is line 1: "Report "May" (delimiter ",", encoding utf-8)');
	expect(error?.cure).toBe('Line 5 has these columns: set read: {header_row: 5} in connector.yaml.');
});

test('a tab-separated file that is none is refused with its delimiter', async () => {
	const path = fileOf('k;v\n1;x\n');
	const read = {...defaultReadOptions, usedNames: ['k', 'v']};
	const {pages} = await checkSubmission(path, 'x.dat', {maxInputBytes: 1e6}, read);
	const needed = ['k', 'v'].map((column) => ({table: null, column, by: `variable ${column}`}));
	const refused = await refusalOf(pages ?? [], {path, name: 'x.dat', maxInputBytes: 1e6, read, needed});
	expect(refused?.cure).toBe('Line 1 has these columns: set read: {delimiter: ";"} in connector.yaml.');
});

test('a file without a header is refused with how to read it', async () => {
	expect((await refusal('17,ann@x.io\n18,bob@x.io\n', ['_1', '_2']))?.cure).toBe(
		'The first row looks like data: if the file has no header, set read: {header_row: none} in connector.yaml.',
	);
	expect((await refusal('17,ann@x.io\n18,bob@x.io\n', ['id', 'email']))?.cure).toContain('header_row: none, columns: [names');
});

test.each([
	['Price', 'price', 'differs in case only'],
	['sku', 'sku\u200b', 'the header "sku␣U+200B" has a character that is not seen'],
	['pre_nom', 'Prénom', 'differs in Unicode form only'],
])('the wanted column %j and the header %j: %s', (column, header, difference) => {
	expect(missingColumns('a.csv', [head(['x', header])], [{table: null, column, by: 'variable v'}])?.message).toContain(difference);
});

test.each<[string, string | Buffer, string, string]>([
	['x.json', ' <html>', 'a web page', 'Download the file again; the address may ask for a login.'],
	[
		'x.json',
		'<?xml version="1.0"?>\n<!-- a\nb --><!DOCTYPE html>',
		'a web page',
		'Download the file again; the address may ask for a login.',
	],
	[
		'x.xlsx',
		Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(26), Buffer.from('mimetypeapplication/vnd.oasis.opendocument.spreadsheet')]),
		'an OpenDocument file',
		'Save it as an .xlsx workbook.',
	],
	[
		'x.csv',
		Buffer.from('PK\u0003\u0004\u0000\u0000\u0000\u0000 [Content_Types].xml'),
		'a zip archive or a workbook',
		'Rename it to .xlsx.',
	],
])('%s that holds something else says what, and what to do', (name, content, what, cure) => {
	const error = (() => {
		try {
			checkSignature(Buffer.from(content), kindOf(name), name);
			return null;
		} catch (thrown) {
			return thrown;
		}
	})();
	expect(error).toMatchObject({code: 'intake.type', message: expect.stringContaining(`but holds ${what}`), cure});
});

test('an extension that is another name of an accepted one has its cure', () => {
	expect(() => kindOf('x.ndjson')).toThrow(expect.objectContaining({cure: 'Rename it to .jsonl: it holds one JSON object a line.'}));
});

test.each<[string, string, string]>([
	['one value', '\ufeff [\n {"a": 1, "b": 2},\n {"a": 3, "b": 4}]', 'Send it as a file named .json.'],
	['one object', '{"data": [1, 2],\n"next": null}', 'Send it as a file named .json.'],
	['no rows', '[]\n', 'Send it as a file named .json.'],
	['lines', '{"a": "x,y"}\n{"a": "z"}\n', 'Send it as a file named .jsonl: it holds one JSON object a line.'],
])('JSON that is named .csv is refused as JSON, at submission too: %s', async (_, text, cure) => {
	const refused = {code: 'intake.type', message: 'x.csv holds JSON, it seems, not a CSV', where: 'x.csv, line 1', cure};
	await expect(onlyPage('x.csv', text)).rejects.toMatchObject(refused);
	await expect(refusal(text, ['a'])).rejects.toMatchObject(refused);
	await expect(onlyPage('x.csv', Buffer.from(text, 'utf16le'), {...defaultReadOptions, encoding: 'utf-16le'})).rejects.toMatchObject(
		refused,
	);
});

test('a CSV whose cells look like JSON is one', async () => {
	for (const header of ['[Name]', '{id}', '[1]', '"{""a"":1}"']) {
		expect((await onlyPage('x.csv', `${header},b\n1,2\n`)).rows).toEqual([[2, '1', '2']]);
	}
	const lines = await onlyPage('x.csv', '{"a":1}\n{"a":2}\n', {...defaultReadOptions, headerRow: 'none', delimiter: '|'});
	expect(lines.rows.map(([, text]) => text)).toEqual(['{"a":1}', '{"a":2}']);
});

test('a row of blank cells is no row, quoted or not', async () => {
	const {rows} = await onlyPage('x.csv', 'a,b\n"",""\n" ","\n"\n1,""\n"","\\"\n\u00a0,\u3000\né,\u00a0\n"\u00a0",\u2003\n');
	expect(rows).toEqual([
		[5, '1', ''],
		[6, '', '\\'],
		[8, 'é', '\u00a0'],
	]);
});

test.each(['a,b\n1,2\n\u001a', 'a,b\n1,2\u001a\u001a', 'a,b\n1,2\r\n\u001a'])('the end mark of DOS is no text: %j', async (text) => {
	expect((await onlyPage('x.csv', text)).rows).toEqual([[2, '1', '2']]);
});

test('where two delimiters divide a file alike, the one of the sample is taken, unless the names in use say otherwise', async () => {
	const path = fileOf('a,b;c,d\n1,2;3,4\n');
	const delimiterBy = async (sample: string, name = 'x.csv', usedNames: readonly string[] = []) => {
		const read = {...defaultReadOptions, usedNames};
		const reading = await withSampleDelimiter({path, name, maxInputBytes: 1e6, read, sample: fileOf(sample, '.csv')});
		return (await checkSubmission(path, name, {maxInputBytes: 1e6}, reading)).pages?.[0]?.columns;
	};
	expect(await delimiterBy('one;two\n1;2\n')).toEqual(['a_b', 'c_d']);
	expect(await delimiterBy('one,two\n1,2\n')).toEqual(['a', 'b_c', 'd']);
	expect(await delimiterBy('one,two\n1,2\n', 'x.csv', ['a_b'])).toEqual(['a_b', 'c_d']);
	expect(await delimiterBy('one\n1\n')).toEqual(['a', 'b_c', 'd']);
	expect(await delimiterBy('\0\0broken')).toEqual(['a', 'b_c', 'd']);
});

test('three bytes with a zero among them are no half of UTF-16, as four with two of them are', async () => {
	expect((await onlyPage('x.csv', 'a\0b')).page.headers).toEqual(['a\0b']);
	expect((await onlyPage('x.csv', 'ab\0c')).page.headers).toEqual(['ab\0c']);
	expect((await onlyPage('x.csv', Buffer.from('a,b\n1,2\n', 'utf16le'))).page.headers).toEqual(['a', 'b']);
});
