import {deflateRawSync, gzipSync} from 'node:zlib';
import {describe, expect, test} from 'vitest';
import {SluiceError} from '../../source/model/errors.js';
import {encryptedZipOf, zipOf} from './support/archive.js';
import {intake, rowsOf} from './support/intake.js';
import {textRow, workbook} from './support/workbook.js';

type Bytes = string | Uint8Array | Promise<Uint8Array>;
/** A file nobody would wish for, and what must become of it: the rows of its pages, or an error with a code and a place. */
type Case = {what: string; name: string; bytes: () => Bytes; limit?: number} & (
	| {rows: unknown}
	| {code: string; where?: string | RegExp; says?: RegExp}
);

const oneRow = textRow(1, ['a']) + textRow(2, ['1']);
const sheet = (xml: string, options = {}) => workbook({sheets: {S: xml}, ...options});
const cut = async (bytes: Bytes, keep: number) => {
	const whole = Buffer.from((await bytes) as Uint8Array);
	return whole.subarray(0, Math.floor(whole.length * keep));
};
/** Replaces one run of bytes by another of the same length. */
const patched = async (bytes: Bytes, from: Uint8Array, to: Uint8Array) => {
	const whole = Buffer.from((await bytes) as Uint8Array);
	for (let at = whole.indexOf(from); at >= 0; at = whole.indexOf(from, at + 1)) whole.set(to, at);
	return whole;
};
const zeros = Buffer.alloc(15_000_000);
const ole = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(504)]);
const repeated = (text: string, times: number) => Buffer.from(text.repeat(times));
/** Bytes without a pattern, the same every time. */
const noise = (size: number) => {
	let state = 42;
	return Buffer.from(
		Array.from({length: size}, () => {
			state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
			return (state >> 16) & 0xff;
		}),
	);
};

const cases: readonly Case[] = [
	// Text that is not quite CSV.
	{what: '0 bytes', name: 'x.csv', bytes: () => '', code: 'intake.empty', where: 'x.csv'},
	{what: 'a mark and nothing else', name: 'x.csv', bytes: () => '\ufeff', code: 'intake.empty'},
	{what: 'line ends alone', name: 'x.csv', bytes: () => '\r\n\r\n', code: 'intake.empty', where: 'x.csv, line 1'},
	{what: 'a header alone', name: 'x.csv', bytes: () => 'a,b', rows: [[]]},
	{
		what: 'an unterminated quote',
		name: 'x.csv',
		bytes: () => 'a,b\n1,2\n3,"4\n5,6\n',
		code: 'intake.unterminated_quote',
		where: 'x.csv, line 3',
		says: /opened on line 3/,
	},
	{
		what: 'an unterminated quote in the header',
		name: 'x.csv',
		bytes: () => 'a,"b\n1,2\n',
		code: 'intake.unterminated_quote',
		where: 'x.csv, line 1',
	},
	{
		what: 'an unterminated quote before 40 MB',
		name: 'x.csv',
		bytes: () => Buffer.concat([Buffer.from('a,b\n1,"2\n'), repeated('plain,text\n', 4_000_000)]),
		code: 'intake.unterminated_quote',
		where: 'x.csv, line 2',
	},
	{
		what: 'a line of 40 MB',
		name: 'x.csv',
		bytes: () => Buffer.concat([Buffer.from('a,b\n1,'), repeated('x', 40_000_000)]),
		code: 'intake.too_wide',
		where: 'x.csv, line 2',
	},
	{what: '60,000 columns', name: 'x.csv', bytes: () => `${'a,'.repeat(60_000)}b\n1\n`, code: 'intake.too_wide', says: /60001 columns/},
	{what: 'NULs in cells', name: 'x.csv', bytes: () => 'a,b\n\0,x\0y\n', rows: [[[2, '\0', 'x\0y']]]},
	{what: 'nothing but NULs', name: 'x.csv', bytes: () => Buffer.alloc(5_000), code: 'intake.type'},
	{what: 'random bytes', name: 'x.csv', bytes: () => noise(5_000), code: 'intake.type', says: /not a text file/},
	{what: 'half a character at the end', name: 'x.csv', bytes: () => Buffer.from('a,b\nü,ö\né,€').subarray(0, -1), code: 'intake.truncated'},
	{
		what: 'UTF-16 with an odd byte at the end',
		name: 'x.csv',
		bytes: () => Buffer.from('\ufeffa,b\n1,2', 'utf16le').subarray(0, -1),
		code: 'intake.truncated',
	},
	{
		what: 'UTF-16 cut inside a pair',
		name: 'x.csv',
		bytes: () => Buffer.from('\ufeffa,b\n1,😀', 'utf16le').subarray(0, -2),
		code: 'intake.truncated',
	},
	{what: 'UTF-32', name: 'x.csv', bytes: () => Buffer.from('fffe000061000000', 'hex'), code: 'intake.encoding', says: /UTF-32LE/},
	{
		what: 'invalid UTF-8',
		name: 'x.csv',
		bytes: () => Buffer.concat([Buffer.from('a\nü'), Buffer.from([0xc3, 0x28]), Buffer.from('é\n')]),
		rows: [[[2, 'ü\ufffd(é']]],
	},
	{
		what: 'overlong and surrogate bytes',
		name: 'x.csv',
		bytes: () => Buffer.from([...Buffer.from('a\nüüü'), 0xc0, 0xaf, 0x0a]),
		rows: [[[2, 'üüü\ufffd\ufffd']]],
	},
	{
		what: 'a web page',
		name: 'x.csv',
		bytes: () => '<!DOCTYPE html><html><body>Log in</body></html>',
		code: 'intake.type',
		says: /web page/,
	},
	{what: 'only quotes', name: 'x.csv', bytes: () => '""""\n""\n', rows: [[]]},
	{
		what: 'rows of 1 to 5 cells',
		name: 'x.csv',
		bytes: () => 'a,b,c\n1\n1,2,3,4,5\n',
		rows: [
			[
				[2, '1', null, null],
				[3, '1', '2', '3'],
			],
		],
	},
	{what: 'headers that all clean to the same', name: 'x.csv', bytes: () => '%,$,€\n1,2,3\n', rows: [[[2, '1', '2', '3']]]},
	{
		what: 'a cell that is SQL',
		name: 'x.csv',
		bytes: () => '"a\'); DROP TABLE x; --",`b`\n"\'); DROP TABLE x; --",\\\'\n',
		rows: [[[2, "'); DROP TABLE x; --", "\\'"]]],
	},
	{
		what: 'rows that a header of thousands would blow up',
		name: 'x.csv',
		limit: 100_000,
		bytes: () => `${'a,'.repeat(4_000)}b\n${'1\n'.repeat(2_000)}`,
		code: 'intake.expansion',
	},
	// Names and types that contradict the content.
	{
		what: 'a workbook named .csv',
		name: 'x.csv',
		bytes: () => sheet(oneRow),
		code: 'intake.type',
		says: /holds a zip archive or a workbook/,
	},
	{what: 'a gzip named .csv', name: 'x.csv', bytes: () => gzipSync('a\n1\n'), code: 'intake.type', says: /gzip/},
	{what: 'a PDF named .csv', name: 'x.csv', bytes: () => '%PDF-1.7 ...', code: 'intake.type', says: /PDF/},
	{what: 'a CSV named .xlsx', name: 'x.xlsx', bytes: () => 'a,b\n1,2\n', code: 'intake.type', says: /is text, not an .xlsx workbook/},
	{what: 'a CSV named .gz', name: 'x.csv.gz', bytes: () => 'a,b\n1,2\n', code: 'intake.type'},
	{what: 'no extension', name: 'vendors', bytes: () => 'a\n1\n', code: 'intake.type', says: /no extension/},
	{what: 'an old workbook', name: 'x.xls', bytes: () => ole, code: 'intake.type', says: /\.xls/},
	{what: 'an old workbook named .xlsx', name: 'x.xlsx', bytes: () => ole, code: 'intake.type', says: /old \.xls format/},
	{
		what: 'a document named .xlsx',
		name: 'x.xlsx',
		bytes: () => zipOf({'[Content_Types].xml': '<Types/>', 'word/document.xml': '<w/>'}),
		code: 'intake.type',
		says: /without a workbook/,
	},
	// Archives.
	{what: 'an empty archive', name: 'x.zip', bytes: () => zipOf({}), code: 'intake.archive_layout', says: /empty/},
	{
		what: 'an archive without CSV',
		name: 'x.zip',
		bytes: () => zipOf({'a.txt': 'x', 'b.xlsx': 'y'}),
		code: 'intake.archive_layout',
		says: /only a\.txt, b\.xlsx/,
	},
	{
		what: 'an archive in an archive',
		name: 'x.zip',
		bytes: async () => zipOf({'inner.zip': await zipOf({'a.csv': 'a\n1\n'})}),
		code: 'intake.archive_layout',
		says: /only inner\.zip/,
	},
	{
		what: 'CSVs in two folders',
		name: 'x.zip',
		bytes: () => zipOf({'a/a.csv': 'a\n', 'b/b.csv': 'b\n'}),
		code: 'intake.archive_layout',
		says: /several folders: a, b/,
	},
	{what: 'a CSV two folders deep', name: 'x.zip', bytes: () => zipOf({'a/b/c.csv': 'a\n'}), code: 'intake.archive_layout', says: /a\/b\//},
	{
		what: 'a name that climbs out',
		name: 'x.zip',
		bytes: async () => patched(zipOf({'aaaa/x.csv': 'a\n1\n'}), Buffer.from('aaaa/x'), Buffer.from('../../')),
		code: 'intake.archive_layout',
	},
	{
		what: 'a name that climbs out to a CSV',
		name: 'x.zip',
		bytes: async () => patched(zipOf({'aa/x.csv': 'a\n1\n'}), Buffer.from('aa/x'), Buffer.from('../x')),
		code: 'intake.archive_layout',
		says: /outside the archive/,
	},
	{
		what: 'an absolute name',
		name: 'x.zip',
		bytes: async () => patched(zipOf({'aetc/x.csv': 'a\n1\n'}), Buffer.from('aetc/'), Buffer.from('/etc/')),
		code: 'intake.archive_layout',
		says: /outside the archive/,
	},
	{
		what: 'an encrypted archive',
		name: 'x.zip',
		bytes: () => encryptedZipOf('a.csv', 'a\n1\n'),
		code: 'intake.encrypted',
		where: 'x.zip, a.csv',
	},
	{what: 'an archive cut off', name: 'x.zip', bytes: () => cut(zipOf({'a.csv': noise(4_000)}), 0.5), code: 'intake.truncated'},
	{
		what: 'a member with another checksum',
		name: 'x.zip',
		bytes: async () => patched(zipOf({'a.csv': 'a\n1\n'}, 'STORE'), Buffer.from('a\n1\n'), Buffer.from('a\n2\n')),
		code: 'intake.corrupt',
		says: /checksum/,
	},
	{
		what: 'a member that does not inflate',
		name: 'x.zip',
		bytes: async () =>
			patched(zipOf({'a.csv': 'abcabcabcabc\n1\n'}), deflateRawSync('abcabcabcabc\n1\n').subarray(0, 4), Buffer.from('ffffffff', 'hex')),
		code: 'intake.corrupt',
	},
	{
		what: 'a bomb of zeros',
		name: 'x.zip',
		bytes: () => zipOf({'a.csv': zeros}),
		code: 'intake.expansion',
		where: 'x.zip, a.csv',
		says: /200 times/,
	},
	{
		what: 'a bomb that lies about its size',
		name: 'x.zip',
		bytes: async () => patched(zipOf({'a.csv': repeated('1,2,3\n', 2_000_000)}), uint32(12_000_000), uint32(5_000)),
		code: 'intake.expansion',
		says: /200 times/,
	},
	{
		what: 'members that are too much together',
		name: 'x.zip',
		limit: 300_000,
		bytes: () => zipOf({'a.csv': repeated('a,b\n', 200_000), 'b.csv': repeated('a,b\n', 200_000)}),
		code: 'intake.expansion',
		says: /1200000 bytes/,
	},
	{
		what: '10,001 entries',
		name: 'x.zip',
		bytes: () => zipOf(Object.fromEntries(Array.from({length: 10_001}, (_, at) => [`${at}.txt`, '']))),
		code: 'intake.expansion',
		says: /10000 entries/,
	},
	{
		what: 'a member with an unterminated quote',
		name: 'x.zip',
		bytes: () => zipOf({'a.csv': 'a\n"1\n'}),
		code: 'intake.unterminated_quote',
		where: 'a.csv, line 2',
	},
	{
		what: 'a gzip cut off',
		name: 'x.csv.gz',
		bytes: () => cut(gzipSync(noise(20_000).map((byte) => 32 + (byte % 90))), 0.5),
		code: 'intake.truncated',
	},
	{
		what: 'a gzip with damage',
		name: 'x.csv.gz',
		bytes: () => gzipSync(noise(20_000)).fill(0xee, 5_000, 9_000),
		code: 'intake.corrupt',
	},
	{
		what: 'a gzip bomb',
		name: 'x.csv.gz',
		bytes: () => gzipSync(repeated('1,2,3\n', 2_000_000)),
		code: 'intake.expansion',
		says: /200 times/,
	},
	// Workbooks.
	{
		what: 'an encrypted workbook',
		name: 'x.xlsx',
		bytes: () => Buffer.concat([ole, Buffer.from('EncryptedPackage', 'utf16le')]),
		code: 'intake.encrypted',
	},
	{what: 'a workbook of empty sheets', name: 'x.xlsx', bytes: () => sheet(''), code: 'intake.empty', says: /no sheet/},
	{what: 'a workbook cut off', name: 'x.xlsx', bytes: () => cut(sheet(oneRow), 0.6), code: 'intake.truncated'},
	{
		what: 'a sheet that is missing',
		name: 'x.xlsx',
		bytes: () => sheet(oneRow, {parts: {'xl/worksheets/sheet1.xml': null}}),
		code: 'intake.corrupt',
		says: /sheet1\.xml is missing/,
	},
	{
		what: 'a sheet whose XML stops',
		name: 'x.xlsx',
		bytes: () => sheet(`<worksheet><sheetData>${oneRow}`),
		code: 'intake.corrupt',
		says: /last element/,
	},
	{
		what: 'a billion laughs',
		name: 'x.xlsx',
		bytes: () =>
			sheet(
				`<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "${'ha'.repeat(99)}"><!ENTITY b "&a;&a;&a;">]><worksheet><sheetData><row><c t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>`,
			),
		code: 'intake.corrupt',
		says: /document type/,
	},
	{
		what: 'a file named by an entity',
		name: 'x.xlsx',
		bytes: () => sheet('<worksheet><sheetData><row><c t="inlineStr"><is><t>&xxe;</t></is></c></row></sheetData></worksheet>'),
		code: 'intake.corrupt',
		says: /&xxe;/,
	},
	{
		what: 'a workbook bomb',
		name: 'x.xlsx',
		bytes: () => sheet(`<worksheet><sheetData>${oneRow}${' '.repeat(15_000_000)}</sheetData></worksheet>`),
		code: 'intake.expansion',
		says: /200 times/,
	},
	{
		what: 'a long text shared by thousands of cells',
		name: 'x.xlsx',
		bytes: () =>
			sheet(`${textRow(1, ['a'])}${'<row><c t="s"><v>0</v></c></row>'.repeat(4_000)}`, {strings: `<si><t>${'ha'.repeat(20_000)}</t></si>`}),
		limit: 5_000_000,
		code: 'intake.expansion',
	},
	{
		what: 'a cell in column ZZZZZ',
		name: 'x.xlsx',
		bytes: () => sheet('<row r="1"><c r="ZZZZZ1"><v>1</v></c></row>'),
		code: 'intake.corrupt',
		says: /column/,
	},
	{
		what: 'a row number beyond every sheet',
		name: 'x.xlsx',
		bytes: () => sheet('<row r="99999999"><c><v>1</v></c></row>'),
		code: 'intake.corrupt',
		says: /row/,
	},
	{
		what: 'a style that is not there',
		name: 'x.xlsx',
		bytes: () => sheet(`${textRow(1, ['a'])}<row><c s="999"><v>1</v></c><c s="x"/></row>`),
		rows: [[[2, '1']]],
	},
	{
		what: 'no styles and no strings',
		name: 'x.xlsx',
		bytes: () => sheet(`${textRow(1, ['a'])}<row><c><v>1</v></c></row>`, {parts: {'xl/styles.xml': null}}),
		rows: [[[2, '1']]],
	},
	// JSON and Parquet.
	{what: 'NaN', name: 'x.json', bytes: () => '[{"a":1},\n{"a":NaN}]', code: 'intake.json', where: 'x.json, line 2'},
	{what: 'a trailing comma', name: 'x.json', bytes: () => '[{"a":1},]', code: 'intake.json', where: 'x.json, line 1'},
	{
		what: 'numbers instead of objects',
		name: 'x.json',
		bytes: () => '[1,2]',
		code: 'intake.json',
		says: /an object was expected, not "1,2]"/,
	},
	{what: 'a line that is no JSON', name: 'x.jsonl', bytes: () => '{"a":1}\noops\n', code: 'intake.json', where: 'x.jsonl, line 2'},
	{what: 'an empty array', name: 'x.json', bytes: () => '[]', code: 'intake.empty'},
	{what: 'an array cut off', name: 'x.json', bytes: () => '[{"a":1},{"a":2}', code: 'intake.truncated'},
	{what: 'an object cut off', name: 'x.jsonl', bytes: () => '{"a":1}\n{"a":"tw', code: 'intake.truncated', where: 'x.jsonl, line 2'},
	{what: 'text after the array', name: 'x.json', bytes: () => '[{"a":1}] x', code: 'intake.json'},
	{
		what: 'objects nested 50,000 deep',
		name: 'x.json',
		bytes: () => `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
		rows: [[[1, '['.repeat(50_000) + ']'.repeat(50_000)]]],
	},
	{what: 'a million brackets that never close', name: 'x.json', bytes: () => `{"a":${'['.repeat(1_000_000)}`, code: 'intake.truncated'},
	{
		what: 'keys named like the insides of JavaScript',
		name: 'x.json',
		bytes: () => '{"__proto__":"1","constructor":"2","toString":"3"}',
		rows: [[[1, '1', '2', '3']]],
	},
	{
		what: 'a key a row',
		name: 'x.jsonl',
		bytes: () => Array.from({length: 60_000}, (_, at) => `{"k${at}":1}`).join('\n'),
		code: 'intake.too_wide',
	},
	{what: 'half a pair of surrogates', name: 'x.json', bytes: () => '{"a":"\\ud83d"}', rows: [[[1, '\ufffd']]]},
	{what: 'a Parquet file cut off', name: 'x.parquet', bytes: () => 'PAR1abcdefghijkl', code: 'intake.truncated'},
	{
		what: 'a Parquet file with a footer of rubbish',
		name: 'x.parquet',
		bytes: () => Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(64, 0x19), uint32(64), Buffer.from('PAR1')]),
		code: 'intake.corrupt',
	},
	{
		what: 'an encrypted Parquet file',
		name: 'x.parquet',
		bytes: () => Buffer.concat([Buffer.from('PARE'), Buffer.alloc(8), uint32(4), Buffer.from('PARE')]),
		code: 'intake.encrypted',
	},
];

function uint32(value: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32LE(value);
	return bytes;
}

describe('every hostile file is read, or refused with its place and a cure', () => {
	test.each(cases)('$what ($name)', async ({name, bytes, limit, ...expected}) => {
		const reading = intake(name, await bytes(), undefined, limit);
		if ('rows' in expected) {
			expect((await reading).pages.map(rowsOf)).toEqual(expected.rows);
			return;
		}
		const error = await reading.then(
			() => expect.fail('it was read'),
			(thrown: unknown) => thrown,
		);
		expect(error).toBeInstanceOf(SluiceError);
		if (!(error instanceof SluiceError)) return;
		expect(`${error.code}: ${error.message}`).toContain(`${expected.code}: `);
		expect(error.where).toContain(expected.where ?? name);
		expect(error.cure).toMatch(/\.$/);
		expect(error.message).not.toMatch(/undefined|NaN bytes|\[object|node:|\/tmp/);
		if (expected.says) expect(error.message).toMatch(expected.says);
	});
});
