import {ThriftReader} from './thrift.js';

/** The header of a page of values. Lengths of levels are 0 where the page says them itself. */
export type PageHeader = {
	kind: 'data' | 'data_v2' | 'dictionary' | 'other';
	values: number;
	encoding: number;
	/** Bytes behind the header, and what they expand to. */
	compressedBytes: number;
	expandedBytes: number;
	definitionBytes: number;
	repetitionBytes: number;
	isCompressed: boolean;
	/** The CRC-32 of the bytes behind the header, where it is written. */
	checksum: number | null;
	/** How the levels of a page of version 1 are written. */
	levelEncodings: readonly [definition: number, repetition: number];
};

/** Reads a page header that begins at the first byte. @throws RangeError where the bytes make no sense or end early */
export function readPageHeader(bytes: Uint8Array): {header: PageHeader; length: number} {
	const reader = new ThriftReader(bytes);
	let [definition, repetition] = [3, 3];
	const header: PageHeader = {
		kind: 'other',
		values: 0,
		encoding: 0,
		compressedBytes: 0,
		expandedBytes: 0,
		definitionBytes: 0,
		repetitionBytes: 0,
		isCompressed: true,
		checksum: null,
		levelEncodings: [3, 3],
	};
	reader.struct((field, type) => {
		switch (field) {
			case 1:
				header.kind = ({0: 'data', 2: 'dictionary', 3: 'data_v2'} as const)[reader.count(type)] ?? 'other';
				return true;
			case 2:
				header.expandedBytes = reader.count(type);
				return true;
			case 3:
				header.compressedBytes = reader.count(type);
				return true;
			case 4:
				header.checksum = Number(BigInt.asUintN(32, reader.integer(type)));
				return true;
			case 5:
			case 7:
				reader.struct((inner, innerType) => {
					if (inner === 1) header.values = reader.count(innerType);
					else if (inner === 2) header.encoding = reader.count(innerType);
					else if (inner === 3 && field === 5) definition = reader.count(innerType);
					else if (inner === 4 && field === 5) repetition = reader.count(innerType);
					else return false;
					return true;
				});
				return true;
			case 8:
				reader.struct((inner, innerType) => {
					if (inner === 1) header.values = reader.count(innerType);
					else if (inner === 4) header.encoding = reader.count(innerType);
					else if (inner === 5) header.definitionBytes = reader.count(innerType);
					else if (inner === 6) header.repetitionBytes = reader.count(innerType);
					else if (inner === 7) header.isCompressed = reader.boolean(innerType);
					else return false;
					return true;
				});
				return true;
			default:
				return false;
		}
	});
	return {header: {...header, levelEncodings: [definition, repetition]}, length: reader.at};
}
