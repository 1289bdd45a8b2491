import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import fc from 'fast-check';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {textLine} from '../../source/engine/intake/line/text-line.js';
import {inputLine} from '../../source/engine/tasks/input-line.js';
import {defaultLimits} from '../../source/model/limits.js';
import {defaultReadOptions} from '../../source/model/read-options.js';
import {zipOf} from './support/archive.js';
import {onlyPage} from './support/intake.js';
import {textRow, workbook} from './support/workbook.js';

let folder: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'sluice-line-'));
});

afterEach(() => rmSync(folder, {recursive: true, force: true}));

async function lineOf(name: string, bytes: string | Uint8Array, line: number) {
	const path = join(folder, name);
	writeFileSync(path, bytes);
	return await inputLine({task: 'line', folder, input: {path, name}, read: defaultReadOptions, line, limits: defaultLimits});
}

const one = (page: string, text: string) => ({texts: [{page, text}], note: null});

test('a line of plain text is shown whatever its encoding, with what follows as long as a quote is open', async () => {
	const text = 'a,b\r\nÄ,1\r\n"two\r\nlines ""x""",2\r\n5" pipe,3\r\nlast,4';
	for (const [name, bytes] of [
		['a.csv', Buffer.from(text)],
		['b.csv', Buffer.from(`\uFEFF${text}`, 'utf16le')],
		['c.csv', Buffer.from(text, 'latin1')],
		['d.csv.gz', gzipSync(text)],
	] as const) {
		expect(await lineOf(name, bytes, 2)).toEqual(one(name, 'Ä,1'));
		expect(await lineOf(name, bytes, 3)).toEqual(one(name, '"two\r\nlines ""x""",2'));
		expect(await lineOf(name, bytes, 5)).toEqual(one(name, '5" pipe,3'));
		expect(await lineOf(name, bytes, 6)).toEqual(one(name, 'last,4'));
		expect(await lineOf(name, bytes, 7)).toEqual({texts: [], note: `${name} has no line 7 that holds anything`});
	}
});

test('of an archive the member that has the line is shown; where several have it all are, and it is said', async () => {
	const zip = await zipOf({'b.csv': 'x\n1\n2\n3\n', 'a.csv': 'y\nten\n', '__MACOSX/._a.csv': 'no\nno\nno\n'});
	expect(await lineOf('in.zip', zip, 4)).toEqual(one('b.csv', '3'));
	expect(await lineOf('in.zip', zip, 2)).toEqual({
		texts: [
			{page: 'a.csv', text: 'ten'},
			{page: 'b.csv', text: '1'},
		],
		note: '2 pages of in.zip have a line 2, and the row does not tell of which it is',
	});
});

test('of a workbook the row of the sheet is shown, its cells as they are read', async () => {
	const strings = '<si><t>name</t></si><si><t>Ann, "the" first</t></si>';
	const rows =
		'<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="5"><c r="A5" t="s"><v>1</v></c><c r="C5" s="1"><v>45000</v></c><c r="D5"><v>0.10</v></c></row>';
	const bytes = await workbook({sheets: {People: rows, Other: textRow(1, ['x'])}, strings, formats: ['yyyy-mm-dd']});
	expect(await lineOf('in.xlsx', bytes, 5)).toEqual(one('People', '"Ann, ""the"" first",,2023-03-15,0.10'));
	expect(await lineOf('in.xlsx', bytes, 4)).toMatchObject({texts: []});
});

test('a cell of a workbook that is read as blank is shown as what it holds, and hidden sheets are not looked into', async () => {
	const rows = `${textRow(1, ['a', 'b'])}<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="e"><v>#N/A</v></c></row>`;
	const sheets = ['Seen', 'Kept'].map(
		(name, at) => `<sheet name="${name}" sheetId="${at + 1}" state="${at === 0 ? 'visible' : 'hidden'}" r:id="rId${at + 1}"/>`,
	);
	const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
	const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
	const xml = `<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${sheets.join('')}</sheets></workbook>`;
	const bytes = await workbook({sheets: {Seen: rows, Kept: rows}, parts: {'xl/workbook.xml': xml}});
	expect(await lineOf('in.xlsx', bytes, 2)).toEqual(one('Seen', '1,#N/A'));
});

test('of JSON the object that begins there is shown; several that begin on one line cannot be told apart', async () => {
	expect(await lineOf('in.json', '[\n{"a": 1},\n{"a":\n 2}\n]', 3)).toEqual(one('in.json', '{"a":\n 2}'));
	expect(await lineOf('in.jsonl', '{"a": 1}\n\n{"a": 2}\n', 3)).toEqual(one('in.jsonl', '{"a": 2}'));
	expect(await lineOf('in.json', '[{"a": 1}, {"a": 2}]', 1)).toEqual({
		texts: [],
		note: 'Several objects of in.json begin on line 1: the line does not tell which of them it is',
	});
});

test('a line of any length is cut with a mark, and what is no file of its name is refused', async () => {
	const {texts} = await lineOf('long.csv', `a\n${'é'.repeat(300_000)}\nb\n`, 2);
	expect(texts[0]?.text).toBe(`${'é'.repeat(64_000)}…`);
	await expect(lineOf('in.zip', 'no archive at all', 2)).rejects.toMatchObject({code: 'intake.type'});
});

test('law: the line shown for a row holds the cells of that row, in pieces of any size', async () => {
	const cell = fc.string({unit: fc.constantFrom('a', 'é', '"', ',', '\n', '\r', ' ', '7'), maxLength: 6});
	const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
	await fc.assert(
		fc.asyncProperty(
			fc.array(fc.tuple(cell, cell), {minLength: 1, maxLength: 8}),
			fc.constantFrom('\n', '\r\n', '\r'),
			fc.integer({min: 1, max: 9}),
			async (rows, end, size) => {
				const text = ['a,b', ...rows.map((cells) => cells.map(quoted).join(','))].join(end) + end;
				const bytes = Buffer.from(text);
				const source = {
					name: 'in.csv',
					async *open() {
						for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
					},
				};
				const {rows: read} = await onlyPage('in.csv', text);
				for (const [line, ...cells] of read) {
					const shown = await textLine(source, line, null);
					expect(shown).toBe(cells.map((value) => quoted(value ?? '')).join(','));
				}
			},
		),
		{numRuns: 40},
	);
});
