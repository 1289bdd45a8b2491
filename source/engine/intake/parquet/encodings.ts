import type {RawValue} from './leaf-text.js';
import type {PhysicalType} from './schema-element.js';

/** The encodings of parquet.thrift, by their numbers. */
export const encoding = {
	plain: 0,
	plainDictionary: 2,
	rle: 3,
	bitPacked: 4,
	deltaBinaryPacked: 5,
	deltaLengthByteArray: 6,
	deltaByteArray: 7,
	rleDictionary: 8,
	byteStreamSplit: 9,
} as const;

export type Values = ArrayLike<RawValue>;

/**
 * Decodes `count` values.
 *
 * @throws RangeError where the bytes end early or make no sense, or the encoding is not one of this type
 */
export function decodeValues(bytes: Uint8Array, count: number, type: PhysicalType, length: number, kind: number): Values {
	switch (kind) {
		case encoding.plain:
			return plainValues(bytes, count, type, length);
		case encoding.rle:
			if (type === 'BOOLEAN') return Array.from(readHybrid(bytes.subarray(4), 1, count), Boolean);
			break;
		case encoding.deltaBinaryPacked:
			if (type === 'INT32') return Array.from(deltaIntegers(bytes, count).values, (value) => Number(BigInt.asIntN(32, value)));
			if (type === 'INT64') return deltaIntegers(bytes, count).values;
			break;
		case encoding.deltaLengthByteArray:
			if (type === 'BYTE_ARRAY') return deltaLengthBytes(bytes, count).values;
			break;
		case encoding.deltaByteArray:
			if (type === 'BYTE_ARRAY' || type === 'FIXED_LEN_BYTE_ARRAY') return deltaBytes(bytes, count);
			break;
		case encoding.byteStreamSplit:
			return plainValues(joinStreams(bytes, count, widthOf(type, length)), count, type, length);
	}
	throw new RangeError(`encoding ${kind} of ${type}`);
}

function plainValues(bytes: Uint8Array, count: number, type: PhysicalType, length: number): Values {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
	const values = (width: number, read: (at: number) => RawValue): RawValue[] => {
		if (count * width > bytes.length) throw new RangeError('a page ends early');
		return Array.from({length: count}, (_, at) => read(at * width));
	};
	switch (type) {
		case 'BOOLEAN':
			if (count > bytes.length * 8) throw new RangeError('a page ends early');
			return Array.from({length: count}, (_, at) => (((bytes[at >> 3] ?? 0) >> (at & 7)) & 1) === 1);
		case 'INT32':
			return values(4, (at) => view.getInt32(at, true));
		case 'INT64':
			return values(8, (at) => view.getBigInt64(at, true));
		case 'FLOAT':
			return values(4, (at) => view.getFloat32(at, true));
		case 'DOUBLE':
			return values(8, (at) => view.getFloat64(at, true));
		case 'BYTE_ARRAY': {
			const found: Uint8Array[] = [];
			for (let at = 0; found.length < count; ) {
				const end = at + 4 + view.getUint32(at, true);
				if (end > bytes.length) throw new RangeError('a page ends early');
				found.push(bytes.subarray(at + 4, end));
				at = end;
			}
			return found;
		}
		default: {
			const width = widthOf(type, length);
			return values(width, (at) => bytes.subarray(at, at + width));
		}
	}
}

function widthOf(type: PhysicalType, length: number): number {
	const width = {BOOLEAN: 0, INT32: 4, FLOAT: 4, INT64: 8, DOUBLE: 8, INT96: 12, BYTE_ARRAY: 0, FIXED_LEN_BYTE_ARRAY: length}[type];
	if (width < 1) throw new RangeError(`no width of ${type}`);
	return width;
}

/** Puts values together whose first bytes come first, then their second ones, and so on. */
function joinStreams(bytes: Uint8Array, count: number, width: number): Uint8Array {
	if (count * width > bytes.length) throw new RangeError('a page ends early');
	const joined = new Uint8Array(count * width);
	for (let stream = 0; stream < width; stream++) {
		for (let at = 0; at < count; at++) joined[at * width + stream] = bytes[stream * count + at] ?? 0;
	}
	return joined;
}

/** Bits that are needed for a number. */
export function bitWidth(max: number): number {
	return 32 - Math.clz32(max);
}

/** Reads runs of equal numbers and of packed ones, with the lowest bit first. @throws RangeError where they end early */
export function readHybrid(bytes: Uint8Array, width: number, count: number): Uint32Array {
	if (width > 32) throw new RangeError('numbers of more than 32 bits');
	const found = new Uint32Array(count);
	if (width === 0) return found;
	const cursor = new Cursor(bytes);
	for (let done = 0; done < count; ) {
		const header = Number(cursor.varint());
		if (header % 2 === 0) {
			const run = Math.min(header / 2, count - done);
			let value = 0;
			for (let at = 0; at < (width + 7) >> 3; at++) value += cursor.byte() * 2 ** (8 * at);
			found.fill(value, done, done + run);
			if (run === 0) throw new RangeError('an empty run');
			done += run;
			continue;
		}
		const groups = (header - 1) / 2;
		if (groups === 0) throw new RangeError('an empty run');
		// The last group may lack bytes of values that are not there.
		const run = Math.min(groups * 8, count - done);
		cursor.unpack(width, run, (value, at) => {
			found[done + at] = Number(value);
		});
		cursor.skip(groups * width - Math.ceil((run * width) / 8));
		done += run;
	}
	return found;
}

/** The old way to write levels: packed, with the highest bit first. Returns the bytes it took, too. */
export function readBitPacked(bytes: Uint8Array, width: number, count: number): {levels: Uint32Array; length: number} {
	const length = Math.ceil((count * width) / 8);
	if (length > bytes.length) throw new RangeError('levels end early');
	const levels = new Uint32Array(count);
	for (let bit = 0; bit < count * width; bit++) {
		const at = Math.floor(bit / width);
		levels[at] = ((levels[at] ?? 0) << 1) | (((bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1);
	}
	return {levels, length};
}

/** Integers as differences in blocks. Returns the bytes they took, too. */
function deltaIntegers(bytes: Uint8Array, wanted: number): {values: BigInt64Array; length: number} {
	const cursor = new Cursor(bytes);
	const blockSize = Number(cursor.varint());
	const blocks = Number(cursor.varint());
	const count = Number(cursor.varint());
	const size = blockSize / blocks;
	if (!Number.isInteger(size) || size < 8 || size % 8 !== 0 || blocks > 65_536 || count < wanted || count > wanted + blockSize)
		throw new RangeError('blocks of differences make no sense');
	const values = new BigInt64Array(count);
	let last = cursor.zigzag();
	if (count > 0) values[0] = last;
	for (let done = 1; done < count; ) {
		const least = cursor.zigzag();
		const widths = cursor.take(blocks);
		for (let block = 0; block < blocks && done < count; block++) {
			const width = widths[block] ?? 0;
			if (width > 64) throw new RangeError('differences of more than 64 bits');
			const run = Math.min(size, count - done);
			cursor.unpack(width, run, (value) => {
				last = BigInt.asIntN(64, last + least + BigInt(value));
				values[done++] = last;
			});
			cursor.skip((size * width) / 8 - Math.ceil((run * width) / 8));
		}
	}
	return {values: values.subarray(0, wanted), length: cursor.at};
}

function deltaLengthBytes(bytes: Uint8Array, count: number): {values: Uint8Array[]; length: number} {
	const lengths = deltaIntegers(bytes, count);
	const values: Uint8Array[] = [];
	let at = lengths.length;
	for (const length of lengths.values) {
		const end = at + Number(length);
		if (end < at || end > bytes.length) throw new RangeError('a page ends early');
		values.push(bytes.subarray(at, end));
		at = end;
	}
	return {values, length: at};
}

/** Bytes that begin as the value before does. What all of them take is bounded: each may repeat a long one. */
function deltaBytes(bytes: Uint8Array, count: number): Uint8Array[] {
	const prefixes = deltaIntegers(bytes, count);
	const ends = deltaLengthBytes(bytes.subarray(prefixes.length), count);
	let last: Uint8Array = new Uint8Array(0);
	let total = 0;
	return ends.values.map((end, at) => {
		const prefix = Number(prefixes.values[at] ?? 0n);
		if (prefix < 0 || prefix > last.length) throw new RangeError('a value begins like nothing');
		total += prefix;
		if (total > maxRepeatedBytes) throw new RangeError('values repeat too much');
		const value = new Uint8Array(prefix + end.length);
		value.set(last.subarray(0, prefix));
		value.set(end, prefix);
		last = value;
		return value;
	});
}

const maxRepeatedBytes = 256 * 1024 * 1024;

class Cursor {
	at = 0;

	constructor(private readonly bytes: Uint8Array) {}

	byte(): number {
		const value = this.bytes[this.at++];
		if (value === undefined) throw new RangeError('a page ends early');
		return value;
	}

	take(length: number): Uint8Array {
		if (length > this.bytes.length - this.at) throw new RangeError('a page ends early');
		this.at += length;
		return this.bytes.subarray(this.at - length, this.at);
	}

	/** Moves on, at most to the end. */
	skip(length: number): void {
		this.at = Math.min(this.bytes.length, this.at + length);
	}

	varint(): bigint {
		let [value, shift] = [0n, 0n];
		for (;;) {
			const next = this.byte();
			value |= BigInt(next & 0x7f) << shift;
			if (next < 0x80) return value;
			shift += 7n;
			if (shift > 63n) throw new RangeError('a number is too long');
		}
	}

	zigzag(): bigint {
		const value = this.varint();
		return (value >> 1n) ^ -(value & 1n);
	}

	/** Reads packed numbers, the lowest bit first, from the next whole byte on. */
	unpack(width: number, count: number, onValue: (value: number | bigint, at: number) => void): void {
		const packed = this.take(Math.ceil((width * count) / 8));
		if (width <= 24) {
			const mask = 2 ** width - 1;
			for (let at = 0, bit = 0; at < count; at++, bit += width) {
				const start = bit >> 3;
				const window =
					(packed[start] ?? 0) +
					(packed[start + 1] ?? 0) * 0x100 +
					(packed[start + 2] ?? 0) * 0x10000 +
					(packed[start + 3] ?? 0) * 0x1000000;
				onValue((window >>> (bit & 7)) & mask, at);
			}
			return;
		}
		for (let at = 0; at < count; at++) {
			let value = 0n;
			const [first, last] = [at * width, (at + 1) * width];
			for (let byte = first >> 3; byte * 8 < last; byte++) {
				const shift = byte * 8 - first;
				const bits = BigInt(packed[byte] ?? 0);
				value |= shift >= 0 ? bits << BigInt(shift) : bits >> BigInt(-shift);
			}
			onValue(BigInt.asUintN(width, value), at);
		}
	}
}
