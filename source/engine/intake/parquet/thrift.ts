/** The types of Thrift's compact protocol, by their numbers. */
const [stop, yes, no, i8, i16, i32, i64, double, binary, list, set, map, struct] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

const maxDepth = 32;
/** Items that any description may have, however short it is. */
const freeItems = 100_000;
/** What real writers need for an item of a list, on average, is several times this. */
const minBytesAnItem = 6;

/**
 * Reads Thrift's compact protocol, in which Parquet writes its descriptions. Values are read where they are wanted and skipped elsewhere,
 * so that memory does not grow with what the bytes claim to hold.
 *
 * @throws RangeError from every method, where the bytes make no sense
 */
export class ThriftReader {
	private depth = 0;
	private items = 0;

	constructor(
		private readonly bytes: Uint8Array,
		/** The place of the next byte. */
		public at = 0,
	) {}

	/** Reads a struct. `onField` reads the value of a field that it wants, and returns false for one that is to be skipped. */
	struct(onField: (field: number, type: number) => boolean): void {
		if (++this.depth > maxDepth) throw new RangeError('nested too deep');
		let field = 0;
		for (;;) {
			const header = this.byte();
			if (header === stop) break;
			field = header >> 4 === 0 ? Number(this.integer(i64)) : field + (header >> 4);
			if (!onField(field, header & 15)) this.skip(header & 15);
		}
		this.depth--;
	}

	/** Reads a list; `onItem` must read the item. Returns the number of items. */
	list(type: number, onItem: (type: number) => void): number {
		if (type !== list && type !== set) throw new RangeError('a list was expected');
		const header = this.byte();
		const length = header >> 4 === 15 ? this.varint() : header >> 4;
		this.items += length;
		if (this.items > freeItems + this.bytes.length / minBytesAnItem) throw new RangeError('its lists are too long');
		for (let at = 0; at < length; at++) onItem(header & 15);
		return length;
	}

	/** An integer of any size. */
	integer(type: number): bigint {
		if (type === i8) return BigInt.asIntN(8, BigInt(this.byte()));
		if (type !== i16 && type !== i32 && type !== i64) throw new RangeError('an integer was expected');
		let [value, shift] = [0n, 0n];
		for (;;) {
			const next = this.byte();
			value |= BigInt(next & 0x7f) << shift;
			if (next < 0x80) return (value >> 1n) ^ -(value & 1n);
			shift += 7n;
			if (shift > 63n) throw new RangeError('a number is too long');
		}
	}

	/** An integer that counts something, or is an offset. */
	count(type: number): number {
		const value = Number(this.integer(type));
		if (value < 0 || !Number.isSafeInteger(value)) throw new RangeError('a count is negative or too large');
		return value;
	}

	/** A boolean field of a struct, whose value is in its type. */
	boolean(type: number): boolean {
		if (type !== yes && type !== no) throw new RangeError('a boolean was expected');
		return type === yes;
	}

	binary(type: number): Uint8Array {
		if (type !== binary) throw new RangeError('bytes were expected');
		return this.take(this.varint());
	}

	text(type: number): string {
		return Buffer.from(this.binary(type)).toString('utf8');
	}

	private skip(type: number): void {
		switch (type) {
			case yes:
			case no:
				return;
			case i8:
				this.take(1);
				return;
			case i16:
			case i32:
			case i64:
				this.varint();
				return;
			case double:
				this.take(8);
				return;
			case binary:
				this.take(this.varint());
				return;
			case list:
			case set:
				this.list(type, (item) => this.skipItem(item));
				return;
			case map:
				this.skipMap();
				return;
			case struct:
				this.struct(() => false);
				return;
			default:
				throw new RangeError(`unknown type ${type}`);
		}
	}

	/** A boolean in a list is a byte of its own, unlike one in a struct. */
	private skipItem(type: number): void {
		if (++this.depth > maxDepth) throw new RangeError('nested too deep');
		if (type === yes || type === no) this.take(1);
		else this.skip(type);
		this.depth--;
	}

	private skipMap(): void {
		const length = this.varint();
		if (length === 0) return;
		const types = this.byte();
		this.items += length;
		if (this.items > freeItems + this.bytes.length / minBytesAnItem) throw new RangeError('its lists are too long');
		for (let at = 0; at < length; at++) {
			this.skipItem(types >> 4);
			this.skipItem(types & 15);
		}
	}

	private byte(): number {
		const value = this.bytes[this.at++];
		if (value === undefined) throw new RangeError('ends early');
		return value;
	}

	/** A number without sign, as lengths are written. */
	private varint(): number {
		let [value, factor] = [0, 1];
		for (;;) {
			const next = this.byte();
			value += (next & 0x7f) * factor;
			if (next < 0x80) return value;
			factor *= 128;
			if (factor > 2 ** 63) throw new RangeError('a number is too long');
		}
	}

	private take(length: number): Uint8Array {
		if (length > this.bytes.length - this.at) throw new RangeError('ends early');
		this.at += length;
		return this.bytes.subarray(this.at - length, this.at);
	}
}
