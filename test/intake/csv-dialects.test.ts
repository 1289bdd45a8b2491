import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {CsvScanner} from '../../source/engine/intake/csv/csv-scanner.js';
import {cleanHeaders} from '../../source/engine/intake/header.js';
import type {Delimiter} from '../../source/model/read-options.js';
import {type Cell, onlyPage} from './support/intake.js';
import {readPlainly} from './support/oracle.js';

const runs = process.env.SLUICE_LONG ? 5_000 : 150;

type Dialect = {delimiter: Delimiter; eol: string; encoding: Encoding; quoteAll: boolean; lastEol: boolean};
type Encoding = 'utf8' | 'utf8 with mark' | 'utf16le with mark' | 'utf16be with mark';

const dialects: fc.Arbitrary<Dialect> = fc.record({
	delimiter: fc.constantFrom<Delimiter>(',', ';', '\t', '|'),
	eol: fc.constantFrom('\n', '\r\n', '\r'),
	encoding: fc.constantFrom<Encoding>('utf8', 'utf8 with mark', 'utf16le with mark', 'utf16be with mark'),
	quoteAll: fc.boolean(),
	lastEol: fc.boolean(),
});

const cells: fc.Arbitrary<Cell> = fc.oneof(
	fc.constant(null),
	fc.constantFrom(
		'',
		'\\N',
		'NULL',
		' ',
		'"',
		'""',
		'  lead',
		'trail  ',
		"'",
		'\\',
		'0012',
		'1e5',
		'a\nb',
		'a\r\nb',
		',',
		';',
		'|',
		'\t',
		'\u001f',
		'=1+1',
		'é',
		'😀',
		'\u00a0',
		'\ufeff',
	),
	fc.string({unit: 'binary', maxLength: 12}),
);

/** Two columns and more: with one, nothing says what the delimiter is. The first cell of a row is never blank, so no row is. */
const tables: fc.Arbitrary<{headers: string[]; rows: Cell[][]}> = fc.integer({min: 2, max: 6}).chain((width) =>
	fc.record({
		headers: fc.constant(Array.from({length: width}, (_, at) => `Column ${at}`)),
		rows: fc.array(
			fc
				.tuple(fc.constantFrom('x', '1', 'ü'), fc.array(cells, {minLength: width - 1, maxLength: width - 1}))
				.map(([first, rest]) => [first, ...rest]),
			{minLength: 1, maxLength: 8},
		),
	}),
);

function write({headers, rows}: {headers: string[]; rows: Cell[][]}, {delimiter, eol, quoteAll, lastEol}: Dialect): string {
	const quoted = (cell: Cell) => {
		if (cell === null) return '';
		if (!quoteAll && cell !== '' && !/[",;|\t\r\n]/.test(cell)) return cell;
		return `"${cell.replaceAll('"', '""')}"`;
	};
	return [headers, ...rows].map((row) => row.map(quoted).join(delimiter)).join(eol) + (lastEol ? eol : '');
}

function encode(text: string, encoding: Encoding): Buffer {
	if (encoding === 'utf8') return Buffer.from(text);
	if (encoding === 'utf8 with mark') return Buffer.from(`\ufeff${text}`);
	const wide = Buffer.from(`\ufeff${text}`, 'utf16le');
	return encoding === 'utf16le with mark' ? wide : wide.swap16();
}

describe('a table written in any dialect reads back equal', () => {
	test('cells, headers and lines', async () => {
		await fc.assert(
			fc.asyncProperty(tables, dialects, async (table, dialect) => {
				const text = write(table, dialect);
				const {page, rows} = await onlyPage('x.csv', encode(text, dialect.encoding));
				const plain = readPlainly(text, dialect.delimiter);
				expect(page.columns).toEqual(cleanHeaders(table.headers));
				expect(rows.map(([, ...row]) => row)).toEqual(table.rows);
				expect(rows).toEqual(plain.rows);
			}),
			{numRuns: runs},
		);
	});
});

/** Characters that mean something to a scanner, in any order: most of it is no CSV anybody would write. */
const noise = fc
	.array(fc.constantFrom('a', '"', '"', ',', ',', '\n', '\r', '\r\n', ' ', '\t', 'é', '\\N', '""', 'bc'), {maxLength: 40})
	.map((parts) => `h1,h2,h3\n${parts.join('')}`);

function scan(pieces: Iterable<Uint8Array>): {out: string; surplus: number[]} | string {
	const surplus: number[] = [];
	const scanner = new CsvScanner({name: 'x.csv', delimiter: ',', onHeader: () => {}, onSurplus: (line) => surplus.push(line)});
	let out = '';
	try {
		for (const piece of pieces) for (const part of scanner.write(piece)) out += Buffer.from(part).toString('latin1');
		for (const part of scanner.end()) out += Buffer.from(part).toString('latin1');
	} catch (error) {
		return String(error);
	}
	return {out, surplus};
}

test('where the pieces are cut makes no difference, byte by byte included', () => {
	fc.assert(
		fc.property(noise, fc.array(fc.integer({min: 1, max: 9}), {minLength: 1, maxLength: 60}), (text, sizes) => {
			const bytes = Buffer.from(text);
			const pieces: Uint8Array[] = [];
			for (let [at, turn] = [0, 0]; at < bytes.length; turn++) {
				const size = sizes[turn % sizes.length] ?? 1;
				pieces.push(bytes.subarray(at, at + size));
				at += size;
			}
			const whole = scan([bytes]);
			expect(scan(pieces)).toEqual(whole);
			expect(scan(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(whole);
		}),
		{numRuns: runs * 10},
	);
});

test('any text reads as a plain reader reads it, unless a quote stays open', async () => {
	await fc.assert(
		fc.asyncProperty(noise, async (text) => {
			const scanned = scan([Buffer.from(text)]);
			if (typeof scanned === 'string') expect(scanned).toContain('never closed');
			else expect((await onlyPage('x.csv', text)).rows).toEqual(readPlainly(text, ',').rows);
		}),
		{numRuns: runs},
	);
});
