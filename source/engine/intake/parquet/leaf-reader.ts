import {readSync} from 'node:fs';
import {crc32} from 'node:zlib';
import {decompress} from './decompress.js';
import {bitWidth, decodeValues, encoding, readBitPacked, readHybrid, type Values} from './encodings.js';
import type {ColumnChunk} from './footer.js';
import type {RawValue} from './leaf-text.js';
import {type PageHeader, readPageHeader} from './page-header.js';
import type {SchemaLeaf} from './schema.js';

/** A page header is some dozen bytes, unless statistics hold long texts. */
const headerBytes = [256, 16 * 1024, 16 * 1024 * 1024];
/** A page is held in memory as it is read, and a few bytes can say that millions of values are NULL. */
const [maxPageBytes, maxPageValues] = [256 * 1024 * 1024, 16 * 1024 * 1024];

/**
 * Reads the values of one leaf with their levels, page by page: memory is that of a page and of a dictionary.
 *
 * @throws RangeError from every method, where the bytes make no sense
 */
export class LeafReader<Value> {
	/** The levels of the next value. */
	definition = 0;
	repetition = 0;
	private at = 0;
	private count = 0;
	private valueAt = 0;
	private left = 0;
	private offset = 0;
	private codec = 0;
	private definitions: Uint32Array | null = null;
	private repetitions: Uint32Array | null = null;
	private dictionary: readonly Value[] = [];
	private indices: Uint32Array | null = null;
	private values: Values = [];

	constructor(
		private readonly file: number,
		private readonly leaf: SchemaLeaf,
		private readonly show: (value: RawValue) => Value,
	) {}

	/** Goes on with the chunk of the next row group. */
	begin({start, values, codec}: ColumnChunk): void {
		if (this.left > 0 || this.at < this.count) throw new RangeError('a row group has more values than rows');
		this.left = values;
		this.offset = start;
		this.codec = codec;
		this.dictionary = [];
		this.count = 0;
		this.at = 0;
		this.load();
	}

	/** Whether all values of the row group are read. */
	get isDone(): boolean {
		return this.left === 0 && this.at >= this.count;
	}

	/** The next value, which must be there: its definition level is that of the leaf. */
	take(): Value {
		const at = this.valueAt++;
		const {indices, dictionary} = this;
		let value: Value;
		if (indices) {
			const index = indices[at] ?? dictionary.length;
			if (index >= dictionary.length) throw new RangeError('a value is not in its dictionary');
			value = dictionary[index] as Value;
		} else {
			if (at >= this.values.length) throw new RangeError('a value is missing');
			value = this.show(this.values[at] as RawValue);
		}
		this.next();
		return value;
	}

	/** Passes over a level without a value. */
	pass(): void {
		if (this.at >= this.count) throw new RangeError('a row group ends early');
		this.next();
	}

	private next(): void {
		this.at++;
		this.load();
	}

	/** Makes the levels of the next value known, with the next page where this one is used up. */
	private load(): void {
		while (this.at >= this.count && this.left > 0) this.page();
		if (this.at >= this.count) {
			this.definition = -1;
			this.repetition = -1;
			return;
		}
		this.definition = this.definitions ? (this.definitions[this.at] ?? 0) : this.leaf.definition;
		this.repetition = this.repetitions ? (this.repetitions[this.at] ?? 0) : 0;
	}

	private page(): void {
		const {header, length} = this.header();
		this.offset += length;
		if (header.compressedBytes > maxPageBytes || header.expandedBytes > maxPageBytes) throw new RangeError('a page is too large');
		const body = this.bytes(this.offset, header.compressedBytes);
		if (body.length < header.compressedBytes) throw new RangeError('a page ends early');
		this.offset += header.compressedBytes;
		if (header.checksum !== null && crc32(body) !== header.checksum) throw new RangeError('a page does not have its checksum');
		if (header.kind === 'dictionary') {
			const bytes = decompress(body, this.codec, header.expandedBytes);
			if (header.values > bytes.length * 8) throw new RangeError('a dictionary ends early');
			const values = decodeValues(bytes, header.values, this.leaf.physical, this.leaf.length, encoding.plain);
			this.dictionary = Array.from(values, this.show);
		} else if (header.kind !== 'other') this.data(header, body);
	}

	private header(): {header: PageHeader; length: number} {
		for (const size of headerBytes) {
			const bytes = this.bytes(this.offset, size);
			try {
				return readPageHeader(bytes);
			} catch (error) {
				if (bytes.length < size || size === headerBytes.at(-1)) throw error;
			}
		}
		throw new RangeError('a page has no header');
	}

	private data(header: PageHeader, body: Uint8Array): void {
		const {values} = header;
		if (values > maxPageValues) throw new RangeError('a page has too many values');
		if (values > this.left) throw new RangeError('a column has more values than it says');
		const {definition, repetitions: repetition} = this.leaf;
		let rest: Uint8Array;
		this.definitions = null;
		this.repetitions = null;
		if (header.kind === 'data_v2') {
			const {definitionBytes, repetitionBytes} = header;
			const levels = definitionBytes + repetitionBytes;
			if (levels > body.length || levels > header.expandedBytes) throw new RangeError('levels end early');
			if (repetition > 0) this.repetitions = readHybrid(body.subarray(0, repetitionBytes), bitWidth(repetition), values);
			if (definition > 0) this.definitions = readHybrid(body.subarray(repetitionBytes, levels), bitWidth(definition), values);
			rest = body.subarray(levels);
			if (header.isCompressed) rest = decompress(rest, this.codec, header.expandedBytes - levels);
		} else {
			rest = decompress(body, this.codec, header.expandedBytes);
			const levels = (max: number, kind: number): Uint32Array | null => {
				if (max === 0) return null;
				const found = readLevels(rest, max, values, kind);
				rest = found.rest;
				return found.levels;
			};
			this.repetitions = levels(repetition, header.levelEncodings[1]);
			this.definitions = levels(definition, header.levelEncodings[0]);
		}
		this.decode(rest, header, this.definitions ? countOf(this.definitions, definition) : values);
		this.at = 0;
		this.valueAt = 0;
		this.count = values;
		this.left -= values;
	}

	private decode(bytes: Uint8Array, {encoding: kind}: PageHeader, count: number): void {
		this.indices = null;
		this.values = [];
		if (count === 0) return;
		if (kind === encoding.plainDictionary || kind === encoding.rleDictionary) {
			this.indices = readHybrid(bytes.subarray(1), bytes[0] ?? 0, count);
		} else this.values = decodeValues(bytes, count, this.leaf.physical, this.leaf.length, kind);
	}

	private bytes(at: number, length: number): Uint8Array {
		const bytes = Buffer.allocUnsafeSlow(length);
		let done = 0;
		while (done < length) {
			const read = readSync(this.file, bytes, done, length - done, at + done);
			if (read === 0) break;
			done += read;
		}
		return bytes.subarray(0, done);
	}
}

function readLevels(bytes: Uint8Array, max: number, count: number, kind: number): {levels: Uint32Array; rest: Uint8Array} {
	const width = bitWidth(max);
	if (kind === encoding.bitPacked) {
		const {levels, length} = readBitPacked(bytes, width, count);
		return {levels, rest: bytes.subarray(length)};
	}
	if (kind !== encoding.rle || bytes.length < 4) throw new RangeError(`encoding ${kind} of levels`);
	const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(0, true);
	if (length > bytes.length - 4) throw new RangeError('levels end early');
	return {levels: readHybrid(bytes.subarray(4, 4 + length), width, count), rest: bytes.subarray(4 + length)};
}

function countOf(levels: Uint32Array, wanted: number): number {
	let count = 0;
	for (const level of levels) if (level === wanted) count++;
	return count;
}
