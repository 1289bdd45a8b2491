import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import fc from 'fast-check';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {StagedRows} from '../../source/store/sqlite/bulk/staged-rows.js';
import {type Database, openForWriting} from '../../source/store/sqlite/connection.js';
import {decimalOrder} from '../../source/store/sqlite/decimal-order.js';
import {createTable} from '../../source/store/sqlite/layout.js';
import {RecordTable} from '../../source/store/sqlite/record-table.js';
import {field, object, scratchFolder} from './harness.js';

/* What SQLite reads of rows that were put before it as a database of their own. */

let scratch: ReturnType<typeof scratchFolder>;
let db: Database;
beforeEach(() => {
	scratch = scratchFolder();
	db = openForWriting(join(scratch.folder, 'sluice.db'));
});
afterEach(() => {
	db.close();
	scratch.remove();
});

type Text = string | null;

/** Rows in the engine's RowBinary, numbered from `first`. */
function rowBinary(rows: readonly (readonly Text[])[], first = 1): Buffer {
	return Buffer.concat(
		rows.flatMap((row, index) => {
			const head = Buffer.from([0, 0, 0, 0, 0, 1]);
			head.writeUInt32LE(first + index);
			return [head, ...row.flatMap(inBinary)];
		}),
	);
}

function inBinary(text: Text): readonly Buffer[] {
	if (text === null) return [Buffer.of(1)];
	const bytes = Buffer.from(text);
	const length = [bytes.length & 0x7f, (bytes.length >> 7) & 0x7f, (bytes.length >> 14) & 0x7f];
	const used = bytes.length < 0x80 ? 1 : bytes.length < 0x4000 ? 2 : 3;
	return [Buffer.from([0, ...length.slice(0, used).map((part, index) => (index === used - 1 ? part : part | 0x80))]), bytes];
}

/** A table of texts `t0`, `t1`, ... and decimals `d0`, `d1`, ... */
function tableOf(texts: number, decimals: number) {
	const named = (letter: string, count: number) => Array.from({length: count}, (_, index) => `${letter}${index}`);
	const fields = [...named('t', texts), ...named('d', decimals)];
	const things = object('things', [
		field('code', 'text', {identifier: true}),
		...fields.map((name) => field(name, name.startsWith('d') ? 'decimal' : 'longtext')),
	]);
	db.exec(createTable('main', things));
	return {table: new RecordTable(db, things, []), fields};
}

function staged(table: RecordTable, fields: readonly string[], rows: Buffer, at = new StagedRows(db, scratch.folder)) {
	const done = at.stage(table, fields, rows);
	const found = done ? (db.prepare('SELECT * FROM staged.rows ORDER BY _place').raw().all() as unknown[][]) : [];
	const check = done ? db.pragma('staged.integrity_check', {simple: true}) : null;
	at.release();
	return {done, found, check};
}

const anyText: fc.Arbitrary<Text> = fc.option(
	fc.oneof(
		{weight: 10, arbitrary: fc.string({unit: 'grapheme', maxLength: 12})},
		{weight: 2, arbitrary: fc.constantFrom('', 'x'.repeat(57), 'x'.repeat(58), 'é'.repeat(63), 'y'.repeat(127), 'y'.repeat(128))},
		{weight: 1, arbitrary: fc.integer({min: 8180, max: 21_000}).map((length) => 'z'.repeat(length))},
	),
);
const anyDecimal: fc.Arbitrary<Text> = fc.option(
	fc.oneof(
		fc.constantFrom('0', '-0.5', '0.50', '100', '1.0', '9', '12.5', '-12.50', '1234567890.1', `${'7'.repeat(60)}.${'3'.repeat(70)}`),
		fc.tuple(fc.integer(), fc.nat(99)).map(([whole, part]) => `${whole}.${part}`),
	),
);
const anyTable = fc
	.record({
		// why these: from 125 columns on the head of a record has a size of two bytes
		texts: fc.constantFrom(1, 3, 124, 125, 126),
		decimals: fc.constantFrom(0, 1, 2),
	})
	.chain(({texts, decimals}) =>
		fc.record({
			texts: fc.constant(texts),
			decimals: fc.constant(decimals),
			rows: fc.array(
				fc.tuple(
					fc.array(texts > 3 ? fc.option(fc.string({maxLength: 5})) : anyText, {minLength: texts, maxLength: texts}),
					fc.array(anyDecimal, {minLength: decimals, maxLength: decimals}),
				),
				{minLength: 1, maxLength: 12},
			),
		}),
	);

test('are the rows, value by value, in a database that is whole', () => {
	fc.assert(
		fc.property(anyTable, fc.constantFrom(1, 70_000, 4_000_000_000), ({texts, decimals, rows}, first) => {
			db.exec('DROP TABLE IF EXISTS record_things');
			const {table, fields} = tableOf(texts, decimals);
			const all = rows.map(([some, numbers]): Text[] => [...some, ...numbers]);
			const expected = rows.map(([some, numbers], place) => [
				place,
				first + place,
				...some,
				...numbers.flatMap((number) => [number, number === null ? null : decimalOrder(number)]),
			]);
			const {found, check} = staged(table, fields, rowBinary(all, first));
			expect(found).toEqual(expected);
			expect(check).toBe('ok');
		}),
		{numRuns: process.env.SLUICE_LONG ? 2000 : 60, endOnFailure: true},
	);
});

test('may be many more than a page holds', () => {
	const {table, fields} = tableOf(2, 1);
	const rows = Array.from({length: 40_000}, (_, index) => [`name ${index}`, index % 7 === 0 ? null : 'é'.repeat(index % 40), `${index}.5`]);
	const {found, check} = staged(table, fields, rowBinary(rows));
	expect(check).toBe('ok');
	expect(found).toHaveLength(rows.length);
	expect(found.every(([place, , name], index) => place === index && name === `name ${index}`)).toBe(true);
	expect(found.at(-1)).toEqual([39_999, 40_000, 'name 39999', 'é'.repeat(39), '39999.5', 'c000539999.5']);
});

test('are those of the chunk at hand, whatever was staged before', () => {
	const {table, fields} = tableOf(1, 0);
	const rows = new StagedRows(db, scratch.folder);
	const many = Array.from({length: 5000}, (_, index) => [`earlier ${index}`.repeat(20)]);
	expect(staged(table, fields, rowBinary(many), rows).found).toHaveLength(5000);
	expect(staged(table, fields, rowBinary([['later']]), rows).found).toEqual([[0, 1, 'later']]);
});

test('are refused where one is longer than a page, and those after them are staged', () => {
	const {table, fields} = tableOf(1, 0);
	const rows = new StagedRows(db, scratch.folder);
	expect(staged(table, fields, rowBinary([['a'], ['x'.repeat(70_000)]]), rows).done).toBe(false);
	expect(staged(table, fields, rowBinary([['x'.repeat(65_400)]]), rows).found).toEqual([[0, 1, 'x'.repeat(65_400)]]);
});

test('leave no file behind, and can be read inside a transaction and let go of after its end', () => {
	const {table, fields} = tableOf(1, 0);
	const rows = new StagedRows(db, scratch.folder);
	const bytes = rowBinary([['a'], ['b']]);
	db.exec('BEGIN IMMEDIATE');
	expect(rows.stage(table, fields, bytes)).toBe(true);
	expect(rows.stage(table, fields, bytes)).toBe(true);
	expect(readdirSync(scratch.folder).filter((name) => name.startsWith('rows-'))).toEqual([]);
	expect(db.prepare('SELECT count(*) FROM staged.rows').pluck().get()).toBe(2);
	db.exec('ROLLBACK');
	rows.release();
	expect(() => db.prepare('SELECT 1 FROM staged.rows')).toThrow('no such table');
});

test('are refused with the reason where there is no folder for them', () => {
	const {table, fields} = tableOf(1, 0);
	const rows = new StagedRows(db, join(scratch.folder, 'sluice.db', 'staged'));
	expect(() => rows.stage(table, fields, rowBinary([['a']]))).toThrow(expect.objectContaining({code: 'store.io'}));
	expect(() => rows.release()).not.toThrow();
});
