import {gzipSync} from 'node:zlib';
import {expect, test} from 'vitest';
import {checkSubmission} from '../../source/engine/intake/check-submission.js';
import type {NeededColumn} from '../../source/engine/intake/compatible.js';
import {proposeRead, withProposal} from '../../source/engine/intake/propose-read.js';
import {refusalOf} from '../../source/engine/intake/refusal.js';
import {defaultReadOptions, type ReadOptions} from '../../source/model/read-options.js';
import {zipOf} from './support/archive.js';
import {fileOf, onlyPage} from './support/intake.js';
import {textRow, workbook} from './support/workbook.js';

/* Where a file is not what the first row says: what `infer` proposes, and what a refusal names. */

const propose = (name: string, bytes: string | Uint8Array, read: Partial<ReadOptions> = {}) =>
	proposeRead(fileOf(bytes), name, 1e7, {...defaultReadOptions, ...read});

const bank =
	'Konto;DE12 3456\nVon "Mai;01.05.2025\nSaldo;1.234,56;EUR\n\nDatum;Empf\u00e4nger;Zweck;Betrag\n02.05.2025;M\u00fcller, Hans;Miete;-12,50\n03.05.2025;Shop;"a\nb";7,00\n';

test('a bank export: the row of the names, whatever the rows above hold', async () => {
	expect(await propose('bank.csv', bank)).toEqual({
		header_row: 5,
		notes: ['header_row: line 5 of bank.csv holds the names "Datum", "Empf\u00e4nger", "Zweck", "Betrag"'],
	});
	expect(await propose('bank.csv.gz', gzipSync(bank))).toMatchObject({header_row: 5});
});

test('an encoding that is a guess, with the line that shows whether it is right', async () => {
	const proposal = await propose('bank.csv', Buffer.from(bank, 'latin1'));
	expect(proposal).toMatchObject({header_row: 5, encoding: 'windows-1252'});
	expect(proposal.notes[1]).toBe(
		'encoding: a guess by the letters of the file; it is first needed on line 5 of bank.csv, read as "Datum;Empf\u00e4nger;Zweck;Betrag"',
	);
	expect(
		await propose('x.csv', Buffer.concat([Buffer.from(`a,b\n${'1,2\n'.repeat(80_000)}`), Buffer.from('3,\u00e4rger\n', 'latin1')])),
	).toMatchObject({
		encoding: 'windows-1252',
	});
});

test('a delimiter only where two divide the rows alike', async () => {
	expect(await propose('x.csv', 'Produkt;Preis, netto;Preis, brutto\nA;1,5;2,5\n')).toEqual({
		delimiter: ';',
		notes: ['delimiter: "," divides the rows of x.csv as well; ";" was taken'],
	});
	expect(await propose('x.csv', 'a;b\n1;2,5\n3;4\n')).toEqual({notes: []});
	expect(await propose('x.csv', 'one\ntwo\nthree\n')).toEqual({notes: []});
	expect(await propose('x.tsv', 'a;b\tc\n1;2\t3\n')).toEqual({notes: []});
});

test('what the connector says already is not proposed, and what it names goes before what rows look like', async () => {
	expect(await propose('bank.csv', bank, {headerRow: 5, delimiter: ';'})).toEqual({notes: []});
	const text = 'a,b,c\nx,y,z\nname,city,zip\np,q,r\n';
	expect(await propose('x.csv', text)).toEqual({notes: []});
	expect(await propose('x.csv', text, {usedNames: ['name', 'city']})).toMatchObject({header_row: 3});
	expect(await propose('x.csv', text, {usedNames: ['a', 'name', 'city']})).toMatchObject({header_row: 3});
	expect(await propose('x.csv', text, {usedNames: ['a', 'b']})).toEqual({notes: []});
});

const titled = (title: number, ...rows: readonly (readonly string[])[]) =>
	textRow(
		1,
		Array.from({length: title}, (_, at) => `Title ${at}`),
	) + rows.map((cells, at) => textRow(at + 3, cells)).join('');
const goods = [
	['sku', 'name', 'price'],
	['A', 'one', '1.50'],
	['B', 'two', '2.00'],
] as const;

test('a workbook: one row that leads to the header of every sheet, or a note that there is none', async () => {
	expect(await propose('x.xlsx', await workbook({sheets: {Goods: titled(1, ...goods)}}))).toEqual({
		header_row: 3,
		notes: ['header_row: row 3 of sheet Goods holds the names "sku", "name", "price"'],
	});
	const low = goods.map((cells, at) => textRow(at + 5, cells)).join('');
	expect(await propose('x.xlsx', await workbook({sheets: {Goods: titled(1, ...goods), Low: low}}))).toMatchObject({header_row: 3});
	const plain = goods.map((cells, at) => textRow(at + 1, cells)).join('');
	expect(await propose('x.xlsx', await workbook({sheets: {Goods: titled(1, ...goods), Plain: plain}}))).toEqual({
		notes: ['header_row is one for all pages, and no number leads to the headers of all of them (Goods: 3)'],
	});
});

test('a zip: the keys hold for all members', async () => {
	const member = (text: string) => `Export\n\n${text}`;
	const files = {'a.csv': member('sku,price\nA,1.5\nB,2.5\n'), 'b.csv': member('id,name,at\n1,x,2024-01-01\n2,y,2024-01-02\n')};
	expect(await propose('x.zip', await zipOf(files))).toMatchObject({header_row: 3});
});

test('a file read as proposed has the columns and rows under its header', async () => {
	const bytes = Buffer.from(bank, 'latin1');
	const {page, rows} = await onlyPage('bank.csv', bytes, withProposal(defaultReadOptions, await propose('bank.csv', bytes)));
	expect(page.headers).toEqual(['Datum', 'Empf\u00e4nger', 'Zweck', 'Betrag']);
	expect(rows).toEqual([
		[6, '02.05.2025', 'M\u00fcller, Hans', 'Miete', '-12,50'],
		[7, '03.05.2025', 'Shop', 'a\nb', '7,00'],
	]);
	const headless = 'Ann,ann@x.io,1.5\nBob,bob@x.io,2.5\nCid,cid@x.io,3.5\nDan,dan@x.io,4.5\n';
	const proposal = await propose('x.csv', headless);
	expect(proposal.header_row).toBe('none');
	expect((await onlyPage('x.csv', headless, withProposal(defaultReadOptions, proposal))).rows).toHaveLength(4);
});

async function refusal(name: string, bytes: string | Uint8Array, needed: readonly NeededColumn[], options: Partial<ReadOptions> = {}) {
	const path = fileOf(bytes);
	const read = {...defaultReadOptions, usedNames: needed.map(({column}) => column), ...options};
	const {pages} = await checkSubmission(path, name, {maxInputBytes: 1e7}, read);
	return await refusalOf(pages ?? [], {path, name, maxInputBytes: 1e7, read, needed});
}
const needs = (table: string | null, ...columns: readonly string[]): readonly NeededColumn[] =>
	columns.map((column) => ({table, column, by: `variable ${column}`}));

test('the refusal of a workbook says which row was read and which to set', async () => {
	const bytes = await workbook({sheets: {Goods: titled(2, ...goods)}});
	const error = await refusal('x.xlsx', bytes, needs(null, 'sku', 'price'));
	expect(error?.message).toContain('the first row read of sheet Goods is row 1: "Title 0", "Title 1"');
	expect(error?.cure).toBe('Row 3 of sheet Goods has these columns: set read: {header_row: 3} in connector.yaml.');
	expect(await refusal('x.xlsx', bytes, needs(null, 'sku', 'price'), {headerRow: 3})).toBeNull();
});

test('where one row cannot be the header of all sheets, the one that is wanted is named', async () => {
	const plain = goods.map((cells, at) => textRow(at + 1, cells)).join('');
	const bytes = await workbook({sheets: {Goods: titled(2, ...goods), Plain: plain}});
	expect((await refusal('x.xlsx', bytes, needs('goods', 'sku', 'price')))?.cure).toBe(
		'Row 3 of sheet Goods has these columns; read.header_row is one for all pages, and no number leads to the headers of all of them: ' +
			'set read: {sheet: "Goods", header_row: 3} in connector.yaml.',
	);
});

test('the refusal of a zip names the member, its line, and the line to set', async () => {
	const bytes = await zipOf({'a.csv': 'Export\nsku,price\nA,1\n', 'b.csv': 'Export\nid,name\n1,x\n'});
	const error = await refusal('x.zip', bytes, [...needs('a', 'sku', 'price'), ...needs('b', 'id')]);
	expect(error?.message).toContain('the first row read of a.csv is line 1: "Export"');
	expect(error?.message).toContain('the first row read of b.csv is line 1: "Export"');
	expect(error?.cure).toBe('Line 2 of a.csv and line 2 of b.csv have these columns: set read: {header_row: 2} in connector.yaml.');
});

test('columns that no row has are refused with the row that was read alone', async () => {
	const error = await refusal('x.xlsx', await workbook({sheets: {Goods: titled(1, ...goods)}}), needs(null, 'colour'));
	expect(error?.message).toContain('the first row read of sheet Goods is row 1: "Title 0"');
	expect(error?.cure).toBe('Rename the columns in the file, or in the SQL and the variables.');
});

test('with SQL, a file whose other row has the columns of the sample that the SQL names is refused with that row, and no other file is', async () => {
	const sample = fileOf('sku,price\nA,1\n', '.csv');
	const read = {...defaultReadOptions, usedNames: ['SELECT', 'sku', 'price', 'AS', 'name', 'FROM', 'input']};
	const refused = async (text: string) => {
		const path = fileOf(text);
		const {pages} = await checkSubmission(path, 'new.csv', {maxInputBytes: 1e6}, read);
		return await refusalOf(pages ?? [], {path, name: 'new.csv', maxInputBytes: 1e6, read, needed: [], sample});
	};
	const error = await refused('Export of May\n\nsku,price\nA,1\n');
	expect(error).toMatchObject({
		code: 'intake.incompatible',
		cure: 'Line 3 has these columns: set read: {header_row: 3} in connector.yaml.',
	});
	expect(error?.message).toContain('new.csv lacks 2 columns: "sku", named by the SQL; "price", named by the SQL');
	expect(await refused('sku,price\nA,1\n')).toBeNull();
	expect(await refused('sku,cost\nA,1\n')).toBeNull();
});
