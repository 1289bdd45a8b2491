import {randomBytes} from 'node:crypto';
import {closeSync, mkdtempSync, openSync, readdirSync, readFileSync, readSync, rmSync, statSync, writeFileSync, writeSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {Reader, ZipReader} from '@zip.js/zip.js';
import fc from 'fast-check';
import JSZip from 'jszip';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {writeWhole} from '../../source/platform/files/whole-file.js';
import {gzipMember, onlySize} from '../../source/report/archive/gzip-member.js';
import {writeZip} from '../../source/report/archive/zip-file.js';
import {archiveEnd, entryHeader, type ZipEntry} from '../../source/report/archive/zip-layout.js';
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

test('entries that are written at the same time stand whole beside each other, however large', async () => {
	const contents = [0, 1, 2].map((n) => randomBytes(5_000_000 + n));
	const bytes = await writeZip(join(folder, 'a.zip'), async (entries) => {
		await Promise.all([
			...contents.map(async (content, n) => {
				writeFileSync(join(folder, `${n}.gz`), gzipSync(content, {level: 1}));
				await entries.splice(`${n}.bin`, await gzipMember(join(folder, `${n}.gz`), {atLeast: 0, atMost: 1e9}));
			}),
			entries.text('small.txt', 'x'),
		]);
	});
	expect(bytes).toBe(statSync(join(folder, 'a.zip')).size);
	const archive = await JSZip.loadAsync(readFileSync(join(folder, 'a.zip')), {checkCRC32: true});
	for (const [n, content] of contents.entries())
		expect(content.equals((await archive.file(`${n}.bin`)?.async('nodebuffer')) ?? Buffer.alloc(0))).toBe(true);
	expect(Object.keys(archive.files).sort()).toEqual(['0.bin', '1.bin', '2.bin', 'small.txt']);
});

test('a compressed file that is shorter than it was refuses the archive, and leaves none', async () => {
	writeFileSync(join(folder, 'a.gz'), gzipSync(randomBytes(1000)));
	const member = await gzipMember(join(folder, 'a.gz'), {atLeast: 0, atMost: 1e9});
	writeFileSync(join(folder, 'a.gz'), gzipSync('x'));
	await expect(writeZip(join(folder, 'a.zip'), (entries) => entries.splice('a.txt', member))).rejects.toMatchObject({
		code: 'report.damaged',
	});
	expect(readdirSync(folder)).toEqual(['a.gz']);
});

test.runIf(process.env.SLUICE_LONG)(
	'sizes and places over 4 GiB, and more entries than 16 bits count, are listed as they are',
	async () => {
		const changed = new Date(2026, 4, 17, 13, 30, 42);
		const entry = {name: 'é', crc32: 0xfedcba98, compressedSize: 6_000_000_000, uncompressedSize: 70_000_000_000};
		const small = {name: 'small', crc32: 1, compressedSize: 3, uncompressedSize: 4};
		const behind = entryHeader({...entry, at: 0}, changed).length + entry.compressedSize;
		const entries: ZipEntry[] = [{...entry, at: 0}, ...Array.from({length: 70_000}, (_, n) => ({...small, name: `${n}`, at: behind + n}))];
		const path = join(folder, 'large.zip');
		const file = openSync(path, 'w');
		// what lies between stays a hole in the file: only what the archive says of it is read
		for (const one of entries.slice(0, 2)) writeSync(file, entryHeader(one, changed), 0, null, one.at);
		writeSync(file, archiveEnd(entries, behind + 70_000 * 50, changed), 0, null, behind + 70_000 * 50);
		closeSync(file);
		const listed = await new ZipReader(new OnDisk(path)).getEntries();
		expect(listed).toHaveLength(70_001);
		const [large, first, last] = [listed[0], listed[1], listed.at(-1)].map((found) => ({
			...{name: found?.filename, at: found?.offset, crc32: found?.signature},
			...{compressedSize: found?.compressedSize, uncompressedSize: found?.uncompressedSize},
		}));
		expect(large).toEqual({...entry, at: 0});
		expect(first).toEqual({...small, name: '0', at: behind});
		expect(last).toEqual({...small, name: '69999', at: behind + 69_999});
		expect(listed[0]?.lastModDate).toEqual(changed);
	},
);

/** A file of any size, as zip.js reads one. */
class OnDisk extends Reader<string> {
	readonly #path: string;

	constructor(path: string) {
		super(path);
		this.#path = path;
		this.size = statSync(path).size;
	}

	override async readUint8Array(from: number, length: number): Promise<Uint8Array> {
		const file = openSync(this.#path, 'r');
		const bytes = Buffer.alloc(Math.min(length, this.size - from));
		readSync(file, bytes, 0, bytes.length, from);
		closeSync(file);
		return bytes;
	}
}

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
		writeWhole(target, async (file) => {
			await file.write('half');
			expect(readFileSync(target, 'utf8')).toBe('old');
			throw new Error('stopped');
		}),
	).rejects.toThrow('stopped');
	expect(readdirSync(folder)).toEqual(['out.txt']);
	expect(readFileSync(target, 'utf8')).toBe('old');
	expect(await writeWhole(target, async (file) => await file.write('new one'))).toMatchObject({bytes: 7});
	expect(readFileSync(target, 'utf8')).toBe('new one');
});
