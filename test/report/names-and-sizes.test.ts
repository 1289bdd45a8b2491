import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import fc from 'fast-check';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {writeAtomically} from '../../source/report/archive/atomic-file.js';
import {gzipMember, onlySize} from '../../source/report/archive/gzip-member.js';
import {writeZip} from '../../source/report/archive/zip-file.js';
import {columnLetters} from '../../source/report/workbook/sheet-frame.js';
import {sheetNamer} from '../../source/report/workbook/sheet-names.js';
import {members} from './open-workbook.js';

let folder = '';
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'sluice-files-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

test('columns are lettered as Excel letters them', () => {
	expect([1, 26, 27, 52, 53, 702, 703, 16_384].map(columnLetters)).toEqual(['A', 'Z', 'AA', 'AZ', 'BA', 'ZZ', 'AAA', 'XFD']);
});

test('a sheet name is the title where it may be, and the scope is cut with its bracket kept', () => {
	const named = sheetNamer();
	expect(named('SQL Output (vendors)')).toBe('SQL Output (vendors)');
	expect(named('SQL Output (a_very_long_name_of_a_scope)')).toBe('SQL Output (a_very_long_name_…)');
	expect(named('SQL Output (a_very_long_name_of_a_scope)', 2)).toBe('SQL Output (a_very_long_n…) (2)');
	expect(named('SQL Output (A_VERY_LONG_NAME_OF_ANOTHER)')).toBe('SQL Output (A_VERY_LONG_NAM…)~2');
	expect(named('History')).toBe('History~2');
	expect(named("'a/b'")).toBe('_a_b_');
});

test('any titles get names that Excel accepts, each its own', () => {
	const title = fc.oneof(
		fc.string({maxLength: 50, unit: 'binary'}),
		fc.constantFrom('SQL Output (a)', 'sql output (A)', 'History', "'", '', '[x]:*?/\\'),
		fc.string({maxLength: 40, unit: fc.constantFrom('😀', 'a', 'A', ')')}),
	);
	fc.assert(
		fc.property(fc.array(fc.tuple(title, fc.integer({min: 1, max: 3})), {maxLength: 40}), (titles) => {
			const named = sheetNamer();
			const names = titles.map(([text, part]) => named(text, part));
			expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length);
			for (const name of names) {
				expect(name.length).toBeGreaterThan(0);
				expect(name.length).toBeLessThanOrEqual(31);
				expect(name).not.toMatch(/[\\/?*[\]:\p{Cc}]|^'|'$/u);
				expect(name.toLowerCase()).not.toBe('history');
				expect(Buffer.from(name).toString()).toBe(name);
			}
		}),
	);
});

test('a size is taken from the remainder only where the bounds leave one', () => {
	const gib4 = 2 ** 32;
	expect(onlySize(5, {atLeast: 0, atMost: 100})).toBe(5);
	expect(onlySize(5, {atLeast: gib4, atMost: 2 * gib4})).toBe(gib4 + 5);
	expect(onlySize(5, {atLeast: 0, atMost: gib4 + 5})).toBeNull();
	expect(onlySize(5, {atLeast: 0, atMost: Number.POSITIVE_INFINITY})).toBeNull();
	expect(onlySize(500, {atLeast: 0, atMost: 100})).toBeNull();
});

test('a gzip file becomes a zip entry without being compressed again, its size counted where the bounds do not tell', async () => {
	const content = 'a line\n'.repeat(100_000);
	writeFileSync(join(folder, 'a.gz'), gzipSync(content));
	const member = await gzipMember(join(folder, 'a.gz'), {atLeast: 0, atMost: Number.POSITIVE_INFINITY});
	expect(member.uncompressedSize).toBe(content.length);
	expect(await gzipMember(join(folder, 'a.gz'), {atLeast: 0, atMost: 1e9})).toEqual(member);
	const bytes = await writeZip(join(folder, 'a.zip'), async (entries) => {
		await entries.splice('big.txt', member);
		await entries.text('small.txt', 'é');
	});
	expect(bytes).toBe(readFileSync(join(folder, 'a.zip')).length);
	expect(await members(join(folder, 'a.zip'))).toEqual(
		new Map([
			['big.txt', content],
			['small.txt', 'é'],
		]),
	);
});

test('what is no whole gzip file is refused', async () => {
	writeFileSync(join(folder, 'a.gz'), gzipSync('x').subarray(0, 10));
	await expect(gzipMember(join(folder, 'a.gz'), {atLeast: 0, atMost: 10})).rejects.toMatchObject({code: 'report.damaged'});
	writeFileSync(join(folder, 'b.gz'), 'not compressed at all, but long enough');
	await expect(gzipMember(join(folder, 'b.gz'), {atLeast: 0, atMost: 10})).rejects.toMatchObject({code: 'report.damaged'});
});

test('a file appears whole or not at all, and replaces the old one only when it is', async () => {
	const target = join(folder, 'out.txt');
	writeFileSync(target, 'old');
	await expect(
		writeAtomically(target, async (file) => {
			await file.write('half');
			expect(readFileSync(target, 'utf8')).toBe('old');
			throw new Error('stopped');
		}),
	).rejects.toThrow('stopped');
	expect(readdirSync(folder)).toEqual(['out.txt']);
	expect(readFileSync(target, 'utf8')).toBe('old');
	expect(await writeAtomically(target, async (file) => await file.write('new one'))).toMatchObject({bytes: 7});
	expect(readFileSync(target, 'utf8')).toBe('new one');
});
