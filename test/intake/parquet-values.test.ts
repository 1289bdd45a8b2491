import fc from 'fast-check';
import {expect, test} from 'vitest';
import {onlyPage} from './support/intake.js';
import {type Cell, type Element, flatFile} from './support/parquet-file.js';

type Column = Omit<Element, 'name'> & {readonly cells: readonly Cell[]};

/** The text of a column, by both readers: the engine's, and the one for files that the engine does not read right. */
async function bothTexts(column: Column): Promise<readonly (string | null)[]> {
	const byEngine = await textsOf(column, 'engine');
	expect(await textsOf(column, 'own')).toEqual(byEngine);
	return byEngine;
}

async function textsOf(column: Column, reader: 'engine' | 'own'): Promise<readonly (string | null)[]> {
	const columns = [{name: 'x', ...column}];
	// A column without a name is one that the engine cannot read.
	if (reader === 'own') columns.push({name: '', type: 'INT32', cells: column.cells.map(() => 1)});
	const {page, rows} = await onlyPage('x.parquet', flatFile(columns));
	expect(page.format.kind).toBe(reader === 'own' ? 'csv' : 'parquet');
	return rows.map(([, text]) => text ?? null);
}

/** Two's complement, the highest byte first. */
function bigEndian(value: bigint, length: number): Buffer {
	return Buffer.from(
		BigInt.asUintN(length * 8, value)
			.toString(16)
			.padStart(length * 2, '0'),
		'hex',
	);
}

/** A decimal by its bytes, digit by digit. */
function decimalOf(bytes: Uint8Array, scale: number): string {
	let value = 0n;
	for (const byte of bytes) value = value * 256n + BigInt(byte);
	if ((bytes[0] ?? 0) > 127) value -= 256n ** BigInt(bytes.length);
	const digits = String(value < 0n ? -value : value);
	const padded = digits.length > scale ? digits : '0'.repeat(scale + 1 - digits.length) + digits;
	const point = padded.length - scale;
	return (value < 0n ? '-' : '') + (scale === 0 ? padded : `${padded.slice(0, point)}.${padded.slice(point)}`);
}

const day = 86_400;

const kinds: readonly {readonly what: string; readonly column: Column; readonly texts: readonly (string | null)[]}[] = [
	{what: 'booleans', column: {type: 'BOOLEAN', cells: [true, null, false]}, texts: ['true', null, 'false']},
	{what: 'whole numbers of 64 bits', column: {type: 'INT64', cells: [9007199254740993n, -1n]}, texts: ['9007199254740993', '-1']},
	{what: 'whole numbers without sign', column: {type: 'INT32', converted: 13, cells: [-1, 1]}, texts: ['4294967295', '1']},
	{what: 'whole numbers of 64 bits without sign', column: {type: 'INT64', converted: 14, cells: [-1n]}, texts: ['18446744073709551615']},
	{what: 'whole numbers of 8 bits', column: {type: 'INT32', converted: 15, cells: [-128, 127]}, texts: ['-128', '127']},
	{
		what: 'doubles without exponent',
		column: {type: 'DOUBLE', cells: [1e-5, 1.5e-7, 1e21, 1.7976931348623157e308, -2.5e-9, 0.1, 1e20, 5e-324, 0, 12.5]},
		texts: [
			'0.00001',
			'0.00000015',
			`1${'0'.repeat(21)}`,
			`17976931348623157${'0'.repeat(292)}`,
			'-0.0000000025',
			'0.1',
			`1${'0'.repeat(20)}`,
			`0.${'0'.repeat(323)}5`,
			'0',
			'12.5',
		],
	},
	{
		what: 'doubles that are no numbers',
		column: {type: 'DOUBLE', cells: [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0]},
		texts: ['nan', 'inf', '-inf', '-0'],
	},
	{
		what: 'floats with their own digits',
		column: {type: 'FLOAT', cells: [0.1, 1e-7, 3.4028234663852886e38, 16777216, 1e21, -1.17549435e-38]},
		texts: ['0.1', '0.0000001', `34028235${'0'.repeat(31)}`, '16777216', `1${'0'.repeat(21)}`, `-0.${'0'.repeat(37)}11754944`],
	},
	{
		what: 'floats of half size',
		column: {
			type: 'FIXED_LEN_BYTE_ARRAY',
			length: 2,
			logical: [15, []],
			cells: [Buffer.from([0, 0x3c]), Buffer.from([0, 0xc1]), Buffer.from([0, 0x7c]), Buffer.from([0x27, 0x49])],
		},
		texts: ['1', '-2.5', 'inf', '10.3046875'],
	},
	{
		what: 'texts',
		column: {type: 'BYTE_ARRAY', converted: 0, cells: ['', 'a,"b"\n', null, '\\N', 'é']},
		texts: ['', 'a,"b"\n', null, '\\N', 'é'],
	},
	{what: 'texts of JSON', column: {type: 'BYTE_ARRAY', converted: 19, cells: ['{"a": 1}', '[1]', 'x']}, texts: ['{"a": 1}', '[1]', 'x']},
	{
		what: 'arrays of a fixed length with their zero bytes',
		column: {type: 'FIXED_LEN_BYTE_ARRAY', length: 4, cells: ['A\0\0\0', '\0B\0\0', null, 'ABCD']},
		texts: ['A\0\0\0', '\0B\0\0', null, 'ABCD'],
	},
	{
		what: 'identifiers',
		column: {type: 'FIXED_LEN_BYTE_ARRAY', length: 16, logical: [14, []], cells: [Buffer.from('00112233445566778899aabbccddeeff', 'hex')]},
		texts: ['00112233-4455-6677-8899-aabbccddeeff'],
	},
	{
		what: 'days of any year',
		column: {type: 'INT32', converted: 6, cells: [0, -1, 2932896, -719162, 120529, 120530, -25567, -25568, 19782, 2932897, -719529]},
		texts: [
			'1970-01-01',
			'1969-12-31',
			'9999-12-31',
			'0001-01-01',
			'2299-12-31',
			'2300-01-01',
			'1900-01-01',
			'1899-12-31',
			'2024-02-29',
			'10000-01-01',
			'-0001-12-31',
		],
	},
	{
		what: 'times of milliseconds',
		column: {type: 'INT32', converted: 7, cells: [36_000_000, 86_399_999, 0, 1, 86_400_000]},
		texts: ['10:00:00', '23:59:59.999', '00:00:00', '00:00:00.001', '24:00:00'],
	},
	{what: 'times of microseconds', column: {type: 'INT64', converted: 8, cells: [45_296_000_001n]}, texts: ['12:34:56.000001']},
	{
		what: 'times of nanoseconds',
		column: {
			type: 'INT64',
			logical: [
				7,
				[
					[1, 'bool', false],
					[2, 'struct', [[3, 'struct', []]]],
				],
			],
			cells: [45_296_000_000_001n, null],
		},
		texts: ['12:34:56.000000001', null],
	},
	{
		what: 'instants of milliseconds',
		column: {type: 'INT64', converted: 9, cells: [1_704_450_600_250n, -1n, BigInt(day * 2932896) * 1000n, 9_223_372_036_854_775_807n]},
		texts: ['2024-01-05T10:30:00.250Z', '1969-12-31T23:59:59.999Z', '9999-12-31T00:00:00.000Z', '292278994-08-17T07:12:55.807Z'],
	},
	{
		what: 'moments of microseconds without a zone',
		column: {
			type: 'INT64',
			logical: [
				8,
				[
					[1, 'bool', false],
					[2, 'struct', [[2, 'struct', []]]],
				],
			],
			cells: [1n, -62_135_596_800_000_000n, 253_402_300_799_999_999n, 253_402_300_800_000_000n, -62_135_596_800_000_001n],
		},
		texts: [
			'1970-01-01T00:00:00.000001',
			'0001-01-01T00:00:00.000000',
			'9999-12-31T23:59:59.999999',
			'10000-01-01T00:00:00.000000',
			'0000-12-31T23:59:59.999999',
		],
	},
	{
		what: 'instants of nanoseconds',
		column: {
			type: 'INT64',
			logical: [
				8,
				[
					[1, 'bool', true],
					[2, 'struct', [[3, 'struct', []]]],
				],
			],
			cells: [-1n, 9_223_372_036_854_775_807n, -9_223_372_036_854_775_808n],
		},
		texts: ['1969-12-31T23:59:59.999999999Z', '2262-04-11T23:47:16.854775807Z', '1677-09-21T00:12:43.145224192Z'],
	},
	{
		what: 'moments of 96 bits',
		column: {type: 'INT96', cells: [int96(2440588, 1n), int96(1721426, 0n), int96(5373484, 86_399_999_999_999n), null]},
		texts: ['1970-01-01T00:00:00.000000001', '0001-01-01T00:00:00.000000000', '9999-12-31T23:59:59.999999999', null],
	},
];

function int96(julianDay: number, nanoseconds: bigint): Buffer {
	const bytes = Buffer.alloc(12);
	bytes.writeBigInt64LE(nanoseconds);
	bytes.writeInt32LE(julianDay, 8);
	return bytes;
}

test.each(kinds)('both readers show $what alike, and NULL', async ({column, texts}) => {
	expect(await bothTexts({...column, cells: [null, ...column.cells, null]})).toEqual([null, ...texts, null]);
});

test('a decimal in more bytes than it needs keeps its value and its scale', async () => {
	const cells = [1250n, -375n, 1950010200n, 1n, 0n].map((value) => bigEndian(value, 16));
	const column: Column = {type: 'FIXED_LEN_BYTE_ARRAY', length: 16, converted: 5, precision: 12, scale: 2, cells};
	expect(await bothTexts(column)).toEqual(['12.50', '-3.75', '19500102.00', '0.01', '0.00']);
});

test.each(Array.from({length: 32}, (_, at) => at + 1))('decimals in %i bytes are exact, with both readers', async (length) => {
	const digits = Math.floor(Math.log10(2) * (8 * length - 1));
	const edge = 256n ** BigInt(length) / 2n;
	for (const scale of new Set([0, 2, digits])) {
		const sampled = fc.sample(fc.bigInt(-edge, edge - 1n), {numRuns: 40, seed: length});
		const limit = 10n ** BigInt(digits);
		const values = [0n, 1n, -1n, limit - 1n, 1n - limit, ...sampled.map((value) => value % limit)];
		const cells = [null, ...values.map((value) => bigEndian(value, length))];
		const column: Column = {type: 'FIXED_LEN_BYTE_ARRAY', length, converted: 5, precision: digits, scale, cells};
		expect(await bothTexts(column)).toEqual(cells.map((cell) => cell && decimalOf(cell, scale)));
	}
});

test.each([2, 9])('decimals of few digits are exact in an array of every length, scale %i', async (scale) => {
	for (let length = 4; length <= 32; length++) {
		const cells = [0n, 1n, -1n, 999_999_999n, -999_999_999n].map((value) => bigEndian(value, length));
		const column: Column = {type: 'FIXED_LEN_BYTE_ARRAY', length, converted: 5, precision: 9, scale, cells};
		expect(await bothTexts(column), `${length} bytes`).toEqual(cells.map((cell) => decimalOf(cell, scale)));
	}
});

test('decimals in integers, in arrays of any length, and of more digits than the engine has are exact', async () => {
	const shapes: readonly {readonly column: Omit<Column, 'cells'>; readonly values: readonly bigint[]; readonly bytes?: number}[] = [
		{column: {type: 'INT32', precision: 4, scale: 2}, values: [1250n, -375n, 0n, 9999n]},
		{column: {type: 'INT32', precision: 9, scale: 9}, values: [1n, -999_999_999n]},
		{column: {type: 'INT64', precision: 12, scale: 2}, values: [1250n, -375n, 999_999_999_999n]},
		{column: {type: 'INT64', precision: 18, scale: 18}, values: [1n, -999_999_999_999_999_999n]},
		{column: {type: 'BYTE_ARRAY', precision: 12, scale: 2}, values: [1250n, -375n, 0n], bytes: 3},
		{column: {type: 'BYTE_ARRAY', precision: 76, scale: 4}, values: [10n ** 76n - 1n, 1n - 10n ** 76n], bytes: 40},
		{column: {type: 'FIXED_LEN_BYTE_ARRAY', length: 40, precision: 12, scale: 2}, values: [1250n, -375n], bytes: 40},
		{column: {type: 'FIXED_LEN_BYTE_ARRAY', length: 50, precision: 118, scale: 20}, values: [10n ** 118n - 1n, -1n], bytes: 50},
	];
	for (const {column, values, bytes} of shapes) {
		const isInteger = bytes === undefined;
		const arrays = values.map((value) => bigEndian(value, bytes ?? 8));
		const cells = isInteger ? values : arrays;
		const texts = await textsOf({...column, converted: 5, cells}, 'own');
		expect(texts).toEqual(arrays.map((array) => decimalOf(array, column.scale ?? 0)));
		if (isInteger) expect(await textsOf({...column, converted: 5, cells}, 'engine')).toEqual(texts);
	}
});
