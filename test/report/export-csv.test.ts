import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {encodeFile, textEncoder} from '../../source/engine/export/encode-csv.js';
import {writeExportFile} from '../../source/engine/export/write-file.js';
import {decodeText} from '../../source/engine/intake/text/text-decoder.js';
import {type CsvFormat, defaultCsvFormat, writableEncodingOf} from '../../source/model/csv-format.js';
import type {FieldType} from '../../source/model/field-type.js';
import {encodingNames} from '../../source/model/text-encodings.js';
import {keep, keptRun} from './kept-run.js';

/* CSV exports for spreadsheets and older systems (SPEC 11): every byte of the file. */

const run = keptRun();

const text = 'Nullable(String)';
const columns = {__row: 'UInt64', code: text, whole: 'Nullable(Int64)', price: text, half: 'Float64', tags: 'Array(String)'};
const fieldTypes: Readonly<Record<string, FieldType | null>> = {
	code: 'text',
	whole: 'integer',
	price: 'money',
	half: null,
	tags: 'dynamic_tags',
};
const rows = [
	[1, '1.5; "é"\nÀ|b\tc', '12', '1234.50', 0.5, ['1.5', 'x']],
	[2, 'B', null, '-0.01', 2, []],
];

async function exported(csv: Partial<CsvFormat>, held: readonly (readonly unknown[])[] = rows): Promise<Buffer> {
	await keep(run.session, 'sql:things', columns, held);
	const path = await writeExportFile({
		session: run.session,
		folder: run.folder,
		format: 'csv',
		csv: {...defaultCsvFormat, ...csv},
		table: 'things',
		columns: Object.entries(columns)
			.slice(1)
			.map(([name, type]) => {
				const fieldType = fieldTypes[name];
				return {
					name,
					type,
					field: fieldType
						? {apiName: name, name, type: fieldType, multiple: name === 'tags', required: false, unique: false, options: []}
						: null,
				};
			}) as unknown as Parameters<typeof writeExportFile>[0]['columns'],
		rows: held.length,
		threads: 2,
		timezone: 'UTC',
	});
	return readFileSync(path);
}

const asIs = '"code","whole","price","half","tags"\n"1.5; ""é""\nÀ|b\tc",12,"1234.50",0.5,"[""1.5"",""x""]"\n"B",,"-0.01",2,\n';

test('without options a CSV has commas, points, LF, and UTF-8 without a mark', async () => {
	expect((await exported({})).toString()).toBe(asIs);
});

test('for a European Excel: semicolons, a mark, decimal commas, CRLF; texts, lists and line breaks within cells stay', async () => {
	const bytes = await exported({delimiter: ';', bom: true, decimal: ',', lineEnd: 'crlf'});
	expect(bytes.toString()).toBe(
		'\ufeff"code";"whole";"price";"half";"tags"\r\n"1.5; ""é""\nÀ|b\tc";12;"1234,50";"0,5";"[""1.5"",""x""]"\r\n"B";;"-0,01";"2";\r\n',
	);
});

test('between commas a number with a decimal comma is quoted', async () => {
	expect((await exported({decimal: ','})).toString()).toBe(
		asIs.replace('1234.50', '1234,50').replace('-0.01', '-0,01').replace(',0.5,', ',"0,5",').replace(',2,\n', ',"2",\n'),
	);
});

test('tabs and UTF-16', async () => {
	expect(await exported({delimiter: '\t', bom: true, encoding: 'utf-16le'})).toEqual(
		Buffer.from(
			'\ufeff"code"\t"whole"\t"price"\t"half"\t"tags"\n"1.5; ""é""\nÀ|b\tc"\t12\t"1234.50"\t0.5\t"[""1.5"",""x""]"\n"B"\t\t"-0.01"\t2\t\n',
			'utf16le',
		),
	);
});

test('an encoding of one byte holds what it can', async () => {
	expect(await exported({encoding: 'iso-8859-1'})).toEqual(Buffer.from(asIs, 'latin1'));
});

test.each([
	['windows-1252', 'ł', 'U+0142'],
	['iso-8859-1', '€', 'U+20AC'],
	['us-ascii', 'é', 'U+00E9'],
	['cp437', '😀', 'U+1F600'],
	['shift_jis', '¥', 'U+00A5'],
])('%s does not hold %s: an error with its row and column, and no file', async (encoding, character, code) => {
	const held = [
		[1, 'plain', null, null, 1, []],
		[2, `a${character}b`, null, null, 1, []],
		[3, character, null, null, 1, []],
	];
	await expect(exported({encoding}, held)).rejects.toMatchObject({
		code: 'export.encoding',
		message: `"${character}" (${code}) in the column "code" cannot be written in ${encoding}`,
		where: 'row 2, column "code"',
		cure: expect.stringContaining('encoding: utf-8, bom: true'),
	});
	expect(readdirSync(run.folder)).toEqual([]);
});

test('bytes that are no text are an error as well', async () => {
	await keep(run.session, 'sql:bytes', {__row: 'UInt64', raw: text}, []);
	await run.session.execute("INSERT INTO run.`sql:bytes` SELECT 1, unhex('ff41')");
	const request = {session: run.session, folder: run.folder, format: 'csv', table: 'bytes', rows: 1, threads: 1, timezone: 'UTC'} as const;
	const written = writeExportFile({...request, csv: {...defaultCsvFormat, bom: true}, columns: [{name: 'raw', type: text, field: null}]});
	await expect(written).rejects.toMatchObject({code: 'export.encoding', where: 'row 1, column "raw"'});
});

test('without rows the header has the same form', async () => {
	expect((await exported({delimiter: ';', bom: true, lineEnd: 'crlf'}, [])).toString()).toBe(
		'\ufeff"code";"whole";"price";"half";"tags"\r\n',
	);
});

const writable = encodingNames.filter((name) => writableEncodingOf(name) !== null);

test('every encoding but those of escapes can be written', () => {
	expect(encodingNames.filter((name) => !writable.includes(name))).toEqual(['iso-2022-jp']);
});

test.each(writable)('what %s writes is read again as it was, or refused', (label) => {
	const name = writableEncodingOf(label) ?? '';
	const letters = [...'aZ09~ äöüßñçÀł–€’αΩЖяЇאبกあ漢字한글Şğ½°¦│█'].concat('\u00a0', '\u{1f600}');
	const held = letters.filter((letter) => {
		try {
			return decodeText(textEncoder(name)(letter), label) === letter;
		} catch (error) {
			expect(error).toMatchObject({name: 'Unencodable', character: letter});
			return false;
		}
	});
	const refused = letters.filter((letter) => !held.includes(letter));
	for (const letter of refused) expect(() => textEncoder(name)(letter)).toThrow();
	expect(held).toContain('a');
	expect(decodeText(textEncoder(name)(held.join('')), label)).toBe(held.join(''));
});

test('a character that two pieces of the file share is one character', async () => {
	const written: Buffer[] = [];
	const file = {write: async (bytes: Uint8Array | string) => void written.push(Buffer.from(bytes as Uint8Array))};
	const whole = `a${'é'.repeat(1 << 20)}`;
	writeFileSync(`${run.folder}/in.csv`, whole);
	await encodeFile(`${run.folder}/in.csv`, file, {bom: false, encoding: 'windows-1252'});
	expect(Buffer.concat(written).equals(Buffer.from(whole, 'latin1'))).toBe(true);
});
