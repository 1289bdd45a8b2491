import {crc32, deflateRawSync, gzipSync} from 'node:zlib';

/** What comes to no good, by the name it would come under. */
export type HostileFile = {readonly kind: string; readonly name: string; readonly bytes: () => Buffer};

type Member = {
	readonly name: string;
	readonly content: Buffer;
	/** What the directory claims of its size. */
	readonly claims?: number;
	/** Its content is that of the member before it. */
	readonly overlaps?: boolean;
};

/** An archive, written by hand so that it may lie. `entries`: how many its end claims. */
function zip(members: readonly Member[], entries = members.length): Buffer {
	const parts: Buffer[] = [];
	const directory: Buffer[] = [];
	let [length, offset] = [0, 0];
	for (const {name, content, claims = content.length, overlaps = false} of members) {
		const packed = deflateRawSync(content, {level: 6});
		const fixed = Buffer.alloc(26);
		fixed.writeUInt16LE(20, 0);
		fixed.writeUInt16LE(0x800, 2);
		fixed.writeUInt16LE(8, 4);
		fixed.writeUInt32LE(crc32(content), 10);
		fixed.writeUInt32LE(packed.length, 14);
		fixed.writeUInt32LE(claims >>> 0, 18);
		fixed.writeUInt16LE(Buffer.byteLength(name), 22);
		if (!overlaps) {
			offset = length;
			const local = Buffer.concat([Buffer.from('PK\x03\x04'), fixed, Buffer.from(name), packed]);
			parts.push(local);
			length += local.length;
		}
		const tail = Buffer.alloc(14);
		tail.writeUInt32LE(offset, 10);
		directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), fixed, tail, Buffer.from(name));
	}
	const all = Buffer.concat(directory);
	const end = Buffer.alloc(22);
	end.write('PK\x05\x06', 'latin1');
	end.writeUInt16LE(entries & 0xffff, 8);
	end.writeUInt16LE(entries & 0xffff, 10);
	end.writeUInt32LE(all.length, 12);
	end.writeUInt32LE(length, 16);
	return Buffer.concat([...parts, all, end]);
}

const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const relations = (list: string) =>
	`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${list}</Relationships>`;
const relation = (id: string, type: string, target: string) => `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"/>`;
const row = (cells: string, more = '') => `<row r="1"${more}>${cells}</row>`;
const cell = '<c r="A1" t="str"><v>email</v></c>';

/** A workbook of one sheet, any part of which may be another text. */
function book(sheet: string, parts: Readonly<Record<string, string>> = {}): Buffer {
	const all = {
		'[Content_Types].xml': '<Types/>',
		'_rels/.rels': relations(relation('r1', 'officeDocument', 'xl/workbook.xml')),
		'xl/workbook.xml': `<workbook ${main} xmlns:r="${office}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>`,
		'xl/_rels/workbook.xml.rels': relations(
			relation('r1', 'worksheet', 'worksheets/s.xml') + relation('r2', 'sharedStrings', 's.xml') + relation('r3', 'styles', 'styles.xml'),
		),
		'xl/worksheets/s.xml':
			sheet.startsWith('<') && !sheet.startsWith('<row') ? sheet : `<worksheet ${main}><sheetData>${sheet}</sheetData></worksheet>`,
		...parts,
	};
	return zip(Object.entries(all).map(([name, text]) => ({name, content: Buffer.from(text)})));
}

/** Numbers from 0 up to `below`, the same every time. */
function chance(seed: number): (below: number) => number {
	let state = seed;
	return (below) => {
		state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
		return (state >> 8) % below;
	};
}

/** A valid file with some bytes changed, taken out or repeated. */
function mutated(valid: Buffer, seed: number): Buffer {
	const next = chance(seed);
	let bytes = Buffer.from(valid);
	for (let change = 0; change < 1 + (seed % 12); change++) {
		const at = next(bytes.length);
		const kind = next(3);
		if (kind === 0) bytes[at] = next(256);
		else if (kind === 1) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + next(9))]);
		else bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - next(40))), Buffer.alloc(1)]);
		if (bytes.length < 4) return Buffer.from('PK');
	}
	return bytes;
}

/** A Parquet file whose footer is a list of structs: its header says how many, and a byte of zero is a whole empty one. */
function parquet(structs: number): Buffer {
	const version = Buffer.from([0x15, 0x02]);
	const count: number[] = [];
	for (let rest = structs; ; rest = Math.floor(rest / 128)) {
		count.push(rest >= 128 ? (rest % 128) | 0x80 : rest);
		if (rest < 128) break;
	}
	const schema = Buffer.concat([Buffer.from([0x19, 0xfc, ...count]), Buffer.alloc(structs)]);
	const footer = Buffer.concat([version, schema, Buffer.from([0x16, 0x02, 0x19, 0x0c, 0x00])]);
	const length = Buffer.alloc(4);
	length.writeUInt32LE(footer.length);
	return Buffer.concat([Buffer.from('PAR1'), footer, length, Buffer.from('PAR1')]);
}

const validBook = () => book(`${row(cell)}<row r="2"><c r="A2" t="str"><v>a@x</v></c></row>`);
const validZip = () =>
	zip([
		{name: 'a.csv', content: Buffer.from('email\na@x\n')},
		{name: 'b.csv', content: Buffer.from('email\nb@x\n')},
	]);
const text = (value: string) => () => Buffer.from(value);
const many = (count: number, each: (index: number) => string) => Array.from({length: count}, (_, index) => each(index)).join('');
const range = (count: number) => Array.from({length: count}, (_, index) => index);

/** Files of a kind: each generator with each size. */
function kind(
	name: string,
	extension: string,
	sizes: readonly number[],
	makers: readonly ((size: number) => Buffer)[],
): readonly HostileFile[] {
	return makers.flatMap((make, nth) =>
		sizes.map((size) => ({kind: name, name: `${name}-${nth}-${size}.${extension}`.replaceAll(' ', '-'), bytes: () => make(size)})),
	);
}

/** Two hundred files that nobody would wish for, of eighteen kinds. The same every time; none is larger than some megabytes. */
export const hostileFiles: readonly HostileFile[] = [
	...kind(
		'tag',
		'xlsx',
		[1_000, 100_000, 900_000],
		[
			(size) => book(row(`<c ${'a'.repeat(size)}='${'>'.repeat(Math.min(size, 100_000))}' r="A1"/>`)),
			(size) => book(row(`<c ${'>'.repeat(size)}`)),
			(size) => book(`<worksheet ${main}><sheetData>${'<'.repeat(size)}`),
			(size) => book(`<worksheet ${main}><sheetData><!--${'-'.repeat(size)}`),
			(size) => book(`<worksheet ${main}><sheetData><![CDATA[${']'.repeat(size)}`),
			(size) => book(`${'<a>'.repeat(size)}`),
		],
	),
	...kind(
		'attribute',
		'xlsx',
		[1_000, 300_000],
		[
			(size) => book(row(`<c ${'r '.repeat(size)}/>`)),
			(size) => book(row(`<c ${'r=x '.repeat(size)}/>`)),
			(size) => book(row(cell.replace('email', '&amp;'.repeat(size)))),
			(size) => book(row(`<c r="A1" t="n"><v>${'1'.repeat(size)}x</v></c>`)),
			(size) =>
				book(row(cell), {
					'xl/styles.xml': `<styleSheet><numFmts><numFmt numFmtId="1" formatCode="${'['.repeat(size)}"/></numFmts><cellXfs><xf numFmtId="1"/></cellXfs></styleSheet>`,
				}),
		],
	),
	...kind(
		'entities',
		'xlsx',
		[1, 2],
		[
			() => book(row(cell.replace('email', '&constructor;'))),
			() => book(row(cell.replace('email', '&__proto__;'))),
			(size) => book(`<!DOCTYPE a [<!ENTITY b "${'b'.repeat(size * 9)}">]><worksheet/>`),
		],
	),
	...kind(
		'sheets',
		'xlsx',
		[1_001, 100_001, 2_000_000],
		[
			(size) =>
				book(row(cell), {
					'xl/workbook.xml': `<workbook xmlns:r="${office}"><sheets>${many(size, (at) => `<sheet name="${at}" r:id="r1"/>`)}</sheets></workbook>`,
				}),
			(size) =>
				book(row(cell), {'xl/_rels/workbook.xml.rels': relations(many(size, (at) => relation(`r${at}`, 'worksheet', 'worksheets/s.xml')))}),
		],
	),
	...kind(
		'strings',
		'xlsx',
		[10_000, 1_000_000],
		[
			(size) => book(row('<c r="A1" t="s"><v>999999999</v></c>'), {'xl/s.xml': `<sst>${'<si><t>a</t></si>'.repeat(size)}</sst>`}),
			(size) => book(row('<c r="A1" t="s"><v>0</v></c>'), {'xl/s.xml': `<sst><si>${'<r><t>aaaaaaaa</t></r>'.repeat(size)}</si></sst>`}),
			(size) => book('<row><c r="XFD1"/></row>'.repeat(size)),
			(size) => book(row(many(Math.min(size, 16_384), () => '<c t="str"><v>a</v></c>'))),
		],
	),
	...kind(
		'zip-ratio',
		'zip',
		[1_000_000, 30_000_000],
		[
			(size) => zip([{name: 'a.csv', content: Buffer.alloc(size)}]),
			(size) => zip([{name: 'a.csv', content: Buffer.alloc(size), claims: 10}]),
			(size) => zip([{name: 'a.csv', content: Buffer.from('a\n1\n'), claims: size * 100}]),
		],
	),
	...kind(
		'zip-members',
		'zip',
		[2_000, 10_001],
		[
			(size) => zip(range(size).map((at) => ({name: `${at}.csv`, content: Buffer.from('a\n')}))),
			(size) => zip(range(size).map((at) => ({name: `${at}${'n'.repeat(3_000)}.csv`, content: Buffer.from('a\n')}))),
			(size) => zip(range(size).map((at) => ({name: `${at}.csv`, content: Buffer.from('a\n1\n'), overlaps: at > 0}))),
			(size) => zip([{name: 'a.csv', content: Buffer.from('a\n')}], size),
		],
	),
	...kind(
		'zip-nested',
		'zip',
		[2, 40],
		[
			(size) => range(size).reduce((inner) => zip([{name: 'a.zip', content: inner}]), validZip()),
			(size) => range(size).reduce((inner) => zip([{name: 'a.csv', content: inner}]), validZip()),
			(size) => zip([{name: `${'../'.repeat(size)}a.csv`, content: Buffer.from('a\n')}]),
		],
	),
	...kind(
		'json-deep',
		'json',
		[10_000, 2_000_000],
		[
			(size) => Buffer.from(`${'{"a":'.repeat(size)}1${'}'.repeat(size)}`),
			(size) => Buffer.from(`[{"a":${'['.repeat(size)}${']'.repeat(size)}}]`),
			(size) => Buffer.from('['.repeat(size)),
			(size) => Buffer.from(`{"a":${'[{"b":'.repeat(size)}`),
		],
	),
	...kind(
		'json-huge',
		'json',
		[200_000, 5_000_000],
		[
			(size) => Buffer.from(`{"a":${'9'.repeat(size)}}`),
			(size) => Buffer.from(`{"a":"${'\\u0041'.repeat(size)}"}`),
			(size) => Buffer.from(`{"${'a'.repeat(size)}":1}`),
			(size) => Buffer.from(`{${many(Math.min(size, 60_000), (at) => `"k${at}":1,`)}"z":1}`),
		],
	),
	...kind(
		'gzip',
		'csv.gz',
		[1_000_000, 40_000_000],
		[
			(size) => gzipSync(Buffer.alloc(size, 'a')),
			(size) => gzipSync(Buffer.alloc(size, '\n')),
			(size) => gzipSync(gzipSync(Buffer.alloc(size))),
		],
	),
	...kind(
		'csv-line',
		'csv',
		[300_000, 8_000_000],
		[
			(size) => Buffer.alloc(size, 'a'),
			(size) => Buffer.alloc(size, '"'),
			(size) => Buffer.alloc(size, ','),
			(size) => Buffer.from(`"${'a\n'.repeat(size / 2)}`),
			(size) => Buffer.from(`a,b\n${'\r'.repeat(size)}`),
		],
	),
	...kind(
		'csv-wide',
		'csv',
		[16_384, 60_000],
		[
			(size) => Buffer.from(`${many(size, (at) => `c${at},`)}\n${many(size, (at) => `${at},`)}\n`),
			(size) => Buffer.from(`${'c,'.repeat(size)}\n`),
		],
	),
	...kind(
		'csv-encoding',
		'csv',
		[1, 2, 3],
		[
			(size) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.alloc(1_001 * size, 0xd8)]),
			(size) => Buffer.concat([Buffer.from('a,b\n'), Buffer.alloc(1_000 * size, 0xc3)]),
			(size) => Buffer.alloc(100_000 * size),
		],
	),
	...kind(
		'parquet',
		'parquet',
		[100, 100_000, 8_000_000],
		[
			parquet,
			(size) => parquet(size).subarray(0, size / 2),
			(size) => Buffer.concat([parquet(10).subarray(0, -8), Buffer.from([0xff, size & 0xff, 0xff, 0x7f]), Buffer.from('PAR1')]),
		],
	),
	...kind(
		'cut',
		'xlsx',
		range(5).map((at) => 100 + at * 200),
		[(size) => validBook().subarray(0, size)],
	),
	...kind(
		'cut',
		'zip',
		range(4).map((at) => 30 + at * 60),
		[(size) => validZip().subarray(0, size)],
	),
	...kind('empty', 'csv', [0, 1], [(size) => Buffer.alloc(size, '\n')]),
	...kind('mutated', 'xlsx', range(38), [(seed) => mutated(validBook(), seed + 1)]),
	...kind('mutated', 'zip', range(30), [(seed) => mutated(validZip(), seed + 100)]),
	...kind('mutated', 'json', range(9), [(seed) => mutated(text('[{"email":"a@x","n":[1,2,{"a":null}]}]')(), seed + 200)]),
];

/** What one of each kind is: the short form of the test. */
export function oneOfEachKind(): readonly HostileFile[] {
	const seen = new Set<string>();
	return hostileFiles.filter(({kind: of}) => !seen.has(of) && seen.add(of));
}
