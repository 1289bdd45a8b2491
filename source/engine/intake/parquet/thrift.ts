/** A value of Thrift's compact protocol; structs by field number. Integers are bigint. */
export type Thrift = bigint | boolean | Uint8Array | readonly Thrift[] | ThriftStruct;
export type ThriftStruct = ReadonlyMap<number, Thrift>;

const maxDepth = 32;

/** Reads one struct in Thrift's compact protocol, in which Parquet writes its footer. @throws RangeError where the bytes make no sense */
export function readThrift(bytes: Uint8Array): ThriftStruct {
	let at = 0;

	function byte(): number {
		const value = bytes[at++];
		if (value === undefined) throw new RangeError('ends early');
		return value;
	}

	function varint(): bigint {
		let [value, shift] = [0n, 0n];
		for (;;) {
			const next = byte();
			value |= BigInt(next & 0x7f) << shift;
			if (next < 0x80) return value;
			shift += 7n;
			if (shift > 70n) throw new RangeError('a number is too long');
		}
	}

	function zigzag(): bigint {
		const value = varint();
		return (value >> 1n) ^ -(value & 1n);
	}

	function take(length: number): Uint8Array {
		if (length > bytes.length - at) throw new RangeError('ends early');
		at += length;
		return bytes.subarray(at - length, at);
	}

	function value(type: number, depth: number): Thrift {
		switch (type) {
			case 1:
			case 2:
				return type === 1;
			case 3:
				return BigInt(byte());
			case 4:
			case 5:
			case 6:
				return zigzag();
			case 7:
				return take(8);
			case 8:
				return take(Number(varint()));
			case 9:
			case 10:
				return list(depth);
			case 12:
				return struct(depth);
			default:
				throw new RangeError(`unknown type ${type}`);
		}
	}

	function list(depth: number): Thrift[] {
		const header = byte();
		const length = header >> 4 === 15 ? Number(varint()) : header >> 4;
		if (length > bytes.length) throw new RangeError('a list is too long');
		const type = header & 15;
		// A boolean in a list is a byte of its own, unlike one in a struct.
		return Array.from({length}, () => (type === 1 || type === 2 ? byte() === 1 : value(type, depth + 1)));
	}

	function struct(depth: number): ThriftStruct {
		if (depth > maxDepth) throw new RangeError('nested too deep');
		const fields = new Map<number, Thrift>();
		let field = 0;
		for (;;) {
			const header = byte();
			if (header === 0) return fields;
			field = header >> 4 === 0 ? Number(zigzag()) : field + (header >> 4);
			fields.set(field, value(header & 15, depth + 1));
		}
	}

	return struct(0);
}
