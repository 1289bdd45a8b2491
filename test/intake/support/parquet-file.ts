/** A small writer of Parquet files: plain encoding, no compression, one page a column chunk. It writes whatever schema it is given. */

type Physical = 'BOOLEAN' | 'INT32' | 'INT64' | 'INT96' | 'FLOAT' | 'DOUBLE' | 'BYTE_ARRAY' | 'FIXED_LEN_BYTE_ARRAY';
const physicalTypes: readonly Physical[] = ['BOOLEAN', 'INT32', 'INT64', 'INT96', 'FLOAT', 'DOUBLE', 'BYTE_ARRAY', 'FIXED_LEN_BYTE_ARRAY'];
const repetitions = ['required', 'optional', 'repeated'] as const;

/** An element of the schema; `logical` is the field of the union `LogicalType` and what it holds. */
export type Element = {
	readonly name: string;
	readonly type?: Physical;
	readonly length?: number;
	readonly repetition?: (typeof repetitions)[number];
	readonly converted?: number;
	readonly scale?: number;
	readonly precision?: number;
	readonly logical?: readonly [field: number, value: Struct];
	readonly children?: readonly Element[];
};

export type Cell = null | boolean | number | bigint | string | Uint8Array;
/** The values of one leaf in one row group: cells of a flat column, or values with their levels. */
export type Chunk =
	| readonly Cell[]
	| {readonly values: readonly Cell[]; readonly definitions: readonly number[]; readonly repetitions?: readonly number[]};
export type RowGroup = {readonly rows: number; readonly chunks: readonly Chunk[]};

/** A field of a struct in Thrift's compact protocol. */
export type Field = readonly [id: number, type: 'bool' | 'i8' | 'i32' | 'i64' | 'binary' | 'list' | 'struct', value: unknown];
export type Struct = readonly Field[];
type List = {readonly of: 'i32' | 'binary' | 'struct'; readonly items: readonly unknown[]};
const typeNumbers = {bool: 1, i8: 3, i32: 5, i64: 6, binary: 8, list: 9, struct: 12};

/** The bytes of a file with these columns. */
export function parquetFile(
	columns: readonly Element[],
	groups: readonly RowGroup[],
	keyValues: Readonly<Record<string, string>> = {},
): Buffer {
	const parts: Buffer[] = [Buffer.from('PAR1')];
	let at = 4;
	const leaves = columns.flatMap((column) => leavesOf(column, [], 0, 0));
	const rowGroups: Struct[] = groups.map(({rows, chunks}) => {
		const metadata = leaves.map((leaf, index): Struct => {
			const page = pageOf(leaf, chunks[index] ?? []);
			parts.push(page.bytes);
			const offset = at;
			at += page.bytes.length;
			return [
				[2, 'i64', BigInt(offset)],
				[
					3,
					'struct',
					[
						[1, 'i32', physicalTypes.indexOf(leaf.element.type ?? 'INT32')],
						[2, 'list', {of: 'i32', items: [0, 3]}],
						[3, 'list', {of: 'binary', items: leaf.path}],
						[4, 'i32', 0],
						[5, 'i64', BigInt(page.values)],
						[6, 'i64', BigInt(page.bytes.length)],
						[7, 'i64', BigInt(page.bytes.length)],
						[9, 'i64', BigInt(offset)],
					],
				],
			];
		});
		return [
			[1, 'list', {of: 'struct', items: metadata}],
			[2, 'i64', 0n],
			[3, 'i64', BigInt(rows)],
		];
	});
	const rows = groups.reduce((sum, group) => sum + group.rows, 0);
	const schema: Struct[] = [
		[
			[4, 'binary', 'schema'],
			[5, 'i32', columns.length],
		],
		...columns.flatMap(elementsOf),
	];
	const pairs = Object.entries(keyValues).map(
		([key, value]): Struct => [
			[1, 'binary', key],
			[2, 'binary', value],
		],
	);
	const footer = struct([
		[1, 'i32', 2],
		[2, 'list', {of: 'struct', items: schema}],
		[3, 'i64', BigInt(rows)],
		[4, 'list', {of: 'struct', items: rowGroups}],
		...(pairs.length > 0 ? [[5, 'list', {of: 'struct', items: pairs}] as Field] : []),
		[6, 'binary', 'a test'],
	]);
	return withFooter(Buffer.concat(parts), footer);
}

/** A file that ends in this footer. */
export function withFooter(body: Uint8Array, footer: Uint8Array): Buffer {
	return Buffer.concat([body, footer, uint32(footer.length), Buffer.from('PAR1')]);
}

/** A file of one row group with flat columns. */
export function flatFile(columns: readonly (Element & {readonly cells: readonly Cell[]})[]): Buffer {
	const rows = Math.max(0, ...columns.map(({cells}) => cells.length));
	return parquetFile(columns, [{rows, chunks: columns.map(({cells}) => cells)}]);
}

type LeafPath = {readonly element: Element; readonly path: readonly string[]; readonly definition: number; readonly repetition: number};

function leavesOf(element: Element, above: readonly string[], definition: number, repetition: number): readonly LeafPath[] {
	const kind = element.repetition ?? 'optional';
	const leaf = {
		element,
		path: [...above, element.name],
		definition: definition + (kind === 'required' ? 0 : 1),
		repetition: repetition + (kind === 'repeated' ? 1 : 0),
	};
	return element.children ? element.children.flatMap((child) => leavesOf(child, leaf.path, leaf.definition, leaf.repetition)) : [leaf];
}

function elementsOf(element: Element): readonly Struct[] {
	const {name, type, length, converted, scale, precision, logical, children, repetition = 'optional'} = element;
	const fields: Field[] = [];
	if (type) fields.push([1, 'i32', physicalTypes.indexOf(type)]);
	if (length !== undefined) fields.push([2, 'i32', length]);
	fields.push([3, 'i32', repetitions.indexOf(repetition)], [4, 'binary', name]);
	if (children) fields.push([5, 'i32', children.length]);
	if (converted !== undefined) fields.push([6, 'i32', converted]);
	if (scale !== undefined) fields.push([7, 'i32', scale]);
	if (precision !== undefined) fields.push([8, 'i32', precision]);
	if (logical) fields.push([10, 'struct', [[logical[0], 'struct', logical[1]]]]);
	return [fields, ...(children ?? []).flatMap(elementsOf)];
}

function pageOf({element, definition, repetition}: LeafPath, chunk: Chunk): {bytes: Buffer; values: number} {
	const cells = 'definitions' in chunk ? chunk.values : chunk.filter((cell) => cell !== null);
	const definitions = 'definitions' in chunk ? chunk.definitions : chunk.map((cell) => (cell === null ? definition - 1 : definition));
	const levels = [
		...(repetition > 0 && 'definitions' in chunk ? [levelBytes(chunk.repetitions ?? [], repetition)] : []),
		...(definition > 0 ? [levelBytes(definitions, definition)] : []),
	];
	const body = Buffer.concat([...levels, plain(element, cells)]);
	const values = definitions.length;
	const header = struct([
		[1, 'i32', 0],
		[2, 'i32', body.length],
		[3, 'i32', body.length],
		[
			5,
			'struct',
			[
				[1, 'i32', values],
				[2, 'i32', 0],
				[3, 'i32', 3],
				[4, 'i32', 3],
			],
		],
	]);
	return {bytes: Buffer.concat([header, body]), values};
}

/** Levels as runs, behind their length. */
function levelBytes(levels: readonly number[], max: number): Buffer {
	const width = max > 255 ? 2 : 1;
	const runs: Buffer[] = [];
	for (let at = 0; at < levels.length; ) {
		let end = at + 1;
		while (end < levels.length && levels[end] === levels[at]) end++;
		const value = Buffer.alloc(width);
		value.writeUIntLE(levels[at] ?? 0, 0, width);
		runs.push(varint(BigInt(end - at) << 1n), value);
		at = end;
	}
	const bytes = Buffer.concat(runs);
	return Buffer.concat([uint32(bytes.length), bytes]);
}

function plain({type, length}: Element, cells: readonly Cell[]): Buffer {
	if (type === 'BOOLEAN') {
		const bytes = Buffer.alloc(Math.ceil(cells.length / 8));
		for (const [at, cell] of cells.entries()) if (cell === true) bytes[at >> 3] = (bytes[at >> 3] ?? 0) | (1 << (at & 7));
		return bytes;
	}
	return Buffer.concat(
		cells.map((cell) => {
			const number = Buffer.alloc(8);
			switch (type) {
				case 'INT32':
					number.writeInt32LE(Number(cell));
					return number.subarray(0, 4);
				case 'INT64':
					number.writeBigInt64LE(BigInt(cell as number | bigint));
					return number;
				case 'FLOAT':
					number.writeFloatLE(Number(cell));
					return number.subarray(0, 4);
				case 'DOUBLE':
					number.writeDoubleLE(Number(cell));
					return number;
				default: {
					const bytes = typeof cell === 'string' ? Buffer.from(cell) : Buffer.from(cell as Uint8Array);
					if (type === 'BYTE_ARRAY') return Buffer.concat([uint32(bytes.length), bytes]);
					if (type === 'FIXED_LEN_BYTE_ARRAY' && bytes.length !== length) throw new Error(`${bytes.length} bytes, not ${length}`);
					return bytes;
				}
			}
		}),
	);
}

/** A struct in Thrift's compact protocol. */
export function struct(fields: Struct): Buffer {
	let last = 0;
	const parts = fields.map(([id, type, value]) => {
		const number = type === 'bool' ? (value === true ? 1 : 2) : typeNumbers[type];
		const head =
			id - last < 16 ? Buffer.from([((id - last) << 4) | number]) : Buffer.concat([Buffer.from([number]), varint(BigInt(id) * 2n)]);
		last = id;
		return Buffer.concat([head, type === 'bool' ? Buffer.alloc(0) : bytesOf(type, value)]);
	});
	return Buffer.concat([...parts, Buffer.from([0])]);
}

function bytesOf(type: Exclude<Field[1], 'bool'>, value: unknown): Buffer {
	switch (type) {
		case 'i8':
			return Buffer.from([Number(value) & 255]);
		case 'i32':
		case 'i64': {
			const number = BigInt(value as number | bigint);
			return varint(number < 0n ? -number * 2n - 1n : number * 2n);
		}
		case 'binary': {
			const bytes = Buffer.from(value as string);
			return Buffer.concat([varint(BigInt(bytes.length)), bytes]);
		}
		case 'struct':
			return struct(value as Struct);
		case 'list': {
			const {of, items} = value as List;
			const head =
				items.length < 15
					? Buffer.from([(items.length << 4) | typeNumbers[of]])
					: Buffer.concat([Buffer.from([0xf0 | typeNumbers[of]]), varint(BigInt(items.length))]);
			return Buffer.concat([head, ...items.map((item) => bytesOf(of, item))]);
		}
	}
}

function varint(value: bigint): Buffer {
	const bytes: number[] = [];
	let rest = value;
	while (rest >= 0x80n) {
		bytes.push(Number(rest & 0x7fn) | 0x80);
		rest >>= 7n;
	}
	return Buffer.from([...bytes, Number(rest)]);
}

function uint32(value: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32LE(value);
	return bytes;
}
