import {createHash} from 'node:crypto';
import {expect, test} from 'vitest';
import {checkSubmission} from '../../source/engine/intake/check-submission.js';
import {pageSelect} from '../../source/engine/intake/page-select.js';
import type {SluiceError} from '../../source/model/errors.js';
import {engine, fileOf, intake, onlyPage, rowsOf} from './support/intake.js';
import {type Element, flatFile, parquetFile, struct, withFooter} from './support/parquet-file.js';

async function refusal(bytes: Uint8Array): Promise<SluiceError> {
	return await intake('x.parquet', bytes).then(
		() => {
			throw new Error('the file was read');
		},
		(error: SluiceError) => error,
	);
}

test('rows of many row groups keep the order of the file in ten readings, whatever the number of threads', async () => {
	const sizes = [200_000, 150_000, 150_000, 10, 1, 40_000];
	let next = 0;
	const groups = sizes.map((rows) => ({rows, chunks: [Array.from({length: rows}, () => next++)]}));
	const {pages} = await intake('x.parquet', parquetFile([{name: 'n', type: 'INT32'}], groups));
	const [page] = pages;
	if (!page) throw new Error('no page');
	const expected = createHash('sha256');
	for (let at = 0; at < next; at++) expected.update(`${at + 1},${at}\n`);
	const wanted = expected.digest('hex');
	for (let run = 0; run < 10; run++) {
		const rows = engine().query(
			`SELECT toString(_line) AS l, n FROM (${pageSelect(page)}) SETTINGS max_threads = ${run < 5 ? 1 : 4}`,
			'TSV',
		);
		expect(createHash('sha256').update(rows.replaceAll('\t', ',')).digest('hex')).toBe(wanted);
	}
});

test('columns whose cleaned names meet keep their own values', async () => {
	const cells = (value: string) => ({type: 'BYTE_ARRAY', converted: 0, cells: [value]}) as const;
	const {page, rows} = await onlyPage(
		'x.parquet',
		flatFile([
			{name: 'Order ID', ...cells('a')},
			{name: 'order_id', ...cells('b')},
			{name: 'ID', ...cells('c')},
			{name: 'id', ...cells('d')},
			{name: 'c`1\'"\\', ...cells('e')},
			{name: 'parquet', ...cells('f')},
		]),
	);
	expect(page.columns).toEqual(['order_id', 'order_id__duplicate_1__', 'id', 'id__duplicate_1__', 'c_1___', 'parquet']);
	expect(rows).toEqual([[1, 'a', 'b', 'c', 'd', 'e', 'f']]);
	expect(page.format.kind).toBe('parquet');
});

test('columns keep their values whatever their names are, required or optional', async () => {
	const columns = [
		{name: 'theText', type: 'DOUBLE', cells: [1e-9, 0.5]},
		{name: 'theDays', type: 'INT32', converted: 6, cells: [2_932_896, 1]},
		{name: 'theUnits', type: 'INT64', converted: 9, cells: [-62_198_755_200_001n, 1n]},
		{
			name: 'theYear',
			type: 'FIXED_LEN_BYTE_ARRAY',
			length: 2,
			converted: 5,
			precision: 4,
			scale: 2,
			cells: [Buffer.of(0xff, 0xff), Buffer.of(0, 150)],
		},
	] as const;
	for (const repetition of ['required', 'optional'] as const) {
		const {page, rows} = await onlyPage('x.parquet', flatFile(columns.map((column) => ({...column, repetition}))));
		expect(page.format.kind).toBe('parquet');
		expect(rows).toEqual([
			[1, '0.000000001', '9999-12-31', '-0002-12-31T23:59:59.999Z', '-0.01'],
			[2, '0.5', '1970-01-02', '1970-01-01T00:00:00.001Z', '1.50'],
		]);
	}
});

test.each([
	{what: 'the same name twice', names: ['a', 'a'], columns: ['a', 'a__duplicate_1__']},
	{what: 'an empty name', names: ['a', ''], columns: ['a', '_1']},
	{what: 'the name that the engine gives to the number of a row', names: ['a', '_row_number'], columns: ['a', '_row_number']},
	{what: 'the name that the engine gives to the path', names: ['_path', '_line'], columns: ['_path', '_line__duplicate_1__']},
	{what: 'a point in a name', names: ['a.b', 'a'], columns: ['a_b', 'a']},
])('columns with $what are read', async ({names, columns}) => {
	const {page, rows} = await onlyPage('x.parquet', flatFile(names.map((name, at) => ({name, type: 'INT32', cells: [at, null]}))));
	expect(page.headers).toEqual(names);
	expect(page.columns).toEqual(columns);
	expect(rows).toEqual([
		[1, '0', '1'],
		[2, null, null],
	]);
});

test('a column of a type that is newer than this reader shows its plain values', async () => {
	const unknown: Pick<Element, 'logical'> = {logical: [40, []]};
	const {rows} = await onlyPage(
		'x.parquet',
		flatFile([
			{name: 'n', type: 'INT64', ...unknown, cells: [7n]},
			{name: 'b', type: 'BYTE_ARRAY', ...unknown, cells: [Buffer.from([1, 255])]},
			{name: 'geometry', type: 'BYTE_ARRAY', logical: [17, []], cells: [Buffer.from('0101', 'hex')]},
		]),
	);
	expect(rows).toEqual([[1, '7', '01FF', '0101']]);
});

test('a duration is a duration of ISO 8601', async () => {
	const bytes = Buffer.alloc(12);
	bytes.writeUInt32LE(14, 0);
	bytes.writeUInt32LE(3, 4);
	bytes.writeUInt32LE(4_005, 8);
	const {rows} = await onlyPage(
		'x.parquet',
		flatFile([{name: 'd', type: 'FIXED_LEN_BYTE_ARRAY', length: 12, converted: 21, cells: [bytes, Buffer.alloc(12)]}]),
	);
	expect(rows).toEqual([
		[1, 'P14M3DT4.005S'],
		[2, 'PT0S'],
	]);
});

const listOf = (name: string, element: Element): Element => ({
	name,
	converted: 3,
	children: [{name: 'list', repetition: 'repeated', children: [{...element, name: 'element'}]}],
});

test('NULL lists, maps and structs are NULL, and empty ones are not', async () => {
	const columns: readonly Element[] = [
		listOf('list', {name: '', type: 'INT32'}),
		{
			name: 'map',
			converted: 1,
			children: [
				{
					name: 'key_value',
					repetition: 'repeated',
					children: [
						{name: 'key', type: 'BYTE_ARRAY', converted: 0, repetition: 'required'},
						{name: 'value', type: 'INT32'},
					],
				},
			],
		},
		{
			name: 'pair',
			children: [
				{name: 'a', type: 'INT32'},
				{name: 'b', type: 'BYTE_ARRAY', converted: 0},
			],
		},
		{name: 'bare', type: 'INT32', repetition: 'repeated'},
	];
	// Rows: NULL, empty, one with a NULL inside, two values.
	const {rows, page} = await onlyPage(
		'x.parquet',
		parquetFile(columns, [
			{
				rows: 4,
				chunks: [
					{values: [1, 2], definitions: [0, 1, 2, 3, 3], repetitions: [0, 0, 0, 0, 1]},
					{values: ['x', 'y', 'z'], definitions: [0, 1, 2, 2, 2], repetitions: [0, 0, 0, 0, 1]},
					{values: [5, 6], definitions: [0, 1, 2, 3, 3].map((level) => level), repetitions: [0, 0, 0, 0, 1]},
					{values: [1], definitions: [0, 1, 1, 2]},
					{values: ['q"'], definitions: [0, 1, 1, 2]},
					{values: [1, 2, 3], definitions: [0, 1, 0, 1, 1], repetitions: [0, 0, 0, 0, 1]},
				],
			},
		]),
	);
	expect(page.format.kind).toBe('csv');
	expect(rows).toEqual([
		[1, null, null, null, '[]'],
		[2, '[]', '{}', '{"a":null,"b":null}', '[1]'],
		[3, '[null]', '{"x":null}', '{"a":null,"b":null}', '[]'],
		[4, '[1,2]', '{"y":5,"z":6}', '{"a":1,"b":"q\\""}', '[2,3]'],
	]);
});

test('values inside lists are as exact as values of columns', async () => {
	const list = (name: string, element: Omit<Element, 'name'>) => listOf(name, {name: '', ...element});
	const one = (value: bigint | number | Uint8Array) => ({values: [value], definitions: [3], repetitions: [0]});
	const {rows} = await onlyPage(
		'x.parquet',
		parquetFile(
			[
				list('moment', {type: 'INT64', converted: 9}),
				list('day', {type: 'INT32', converted: 6}),
				list('decimal', {type: 'FIXED_LEN_BYTE_ARRAY', length: 16, converted: 5, precision: 12, scale: 2}),
				list('double', {type: 'DOUBLE'}),
				list('nan', {type: 'DOUBLE'}),
				list('long', {type: 'INT64'}),
			],
			[
				{
					rows: 1,
					chunks: [
						one(1_704_450_600_250n),
						one(2932896),
						one(Buffer.from('000000000000000000000000000004e2', 'hex')),
						one(1e-7),
						one(Number.NaN),
						one(9007199254740993n),
					],
				},
			],
		),
	);
	expect(rows).toEqual([[1, '["2024-01-05T10:30:00.250Z"]', '["9999-12-31"]', '[12.50]', '[0.0000001]', '["nan"]', '[9007199254740993]']]);
});

test('a struct of lists of structs is put together as it was', async () => {
	const columns: readonly Element[] = [
		{
			name: 'order',
			children: [
				{name: 'id', type: 'INT32', repetition: 'required'},
				{
					name: 'lines',
					converted: 3,
					children: [
						{
							name: 'array',
							repetition: 'repeated',
							children: [{name: 'sku', type: 'BYTE_ARRAY', converted: 0}],
						},
					],
				},
			],
		},
	];
	const {rows} = await onlyPage(
		'x.parquet',
		parquetFile(columns, [
			{
				rows: 3,
				chunks: [
					{values: [1, 2], definitions: [1, 0, 1]},
					{values: ['a', 'b'], definitions: [4, 3, 4, 0, 2], repetitions: [0, 1, 1, 0, 0]},
				],
			},
		]),
	);
	expect(rows).toEqual([
		[1, '{"id":1,"lines":[{"sku":"a"},{"sku":null},{"sku":"b"}]}'],
		[2, null],
		[3, '{"id":2,"lines":[]}'],
	]);
});

test('a column whose type its values cannot have is refused with its name and a cure', async () => {
	const error = await refusal(flatFile([{name: 'Due day', type: 'INT64', converted: 6, cells: [1n]}]));
	expect(error.code).toBe('intake.parquet_type');
	expect(error.message).toBe('x.parquet: the column "Due day" says that it is of the type date, but holds INT64');
	expect(error.cure).toBe('Leave the column out, or write it as text.');
});

test('a footer of millions of empty structs is refused without filling the memory', async () => {
	const count = 30_000_000;
	const length = [0x80 | (count & 127), 0x80 | ((count >> 7) & 127), 0x80 | ((count >> 14) & 127), count >> 21];
	for (const field of [2, 4, 5]) {
		const list = Buffer.concat([Buffer.from([(field << 4) | 9, 0xfc, ...length]), Buffer.alloc(count + 1)]);
		const path = fileOf(withFooter(Buffer.from('PAR1'), list));
		const before = process.memoryUsage().heapUsed;
		await expect(checkSubmission(path, 'x.parquet', {maxInputBytes: 500_000_000})).rejects.toMatchObject({code: 'intake.corrupt'});
		expect(process.memoryUsage().heapUsed - before).toBeLessThan(200_000_000);
	}
});

test('a footer that nests for ever, or whose schema is no tree, is refused', async () => {
	const nested = withFooter(Buffer.from('PAR1'), Buffer.alloc(10_000, 0x1c));
	expect((await refusal(nested)).code).toBe('intake.corrupt');
	const root = (children: number) =>
		[
			[4, 'binary', 'root'],
			[5, 'i32', children],
		] as const;
	const noTree = struct([
		[2, 'list', {of: 'struct', items: [root(3), root(1)]}],
		[3, 'i64', 0n],
		[4, 'list', {of: 'struct', items: []}],
	]);
	expect((await refusal(withFooter(Buffer.from('PAR1'), noTree))).code).toBe('intake.corrupt');
});

test('values that are damaged fail with the column and the row', async () => {
	const bytes = flatFile([
		{name: 'a', type: 'INT32', cells: [1, 2]},
		{name: '', type: 'BYTE_ARRAY', cells: ['abc', 'def']},
	]);
	const at = bytes.indexOf('abc') - 4;
	bytes.writeUInt32LE(0xffffff, at);
	const error = await refusal(bytes);
	expect(error.code).toBe('intake.corrupt');
	expect(error.message).toContain('x.parquet is damaged: the column "" cannot be read');
	expect(error.message).not.toContain('/');
});

test('a file without rows has its columns', async () => {
	const {page, rows} = await onlyPage('x.parquet', parquetFile([{name: 'a', type: 'INT32'}], []));
	expect(page.columns).toEqual(['a']);
	expect(rows).toEqual([]);
	expect(rowsOf(page)).toEqual([]);
});
