import {closeSync, openSync, readSync} from 'node:fs';

/** What the head of a program or shared library says about the files that it is loaded with. */
export type ElfFile = {
	/** Architecture and word size; files of different ones are never loaded together. */
	readonly machine: string;
	/** The dynamic loader, absolute; null for a library. */
	readonly interpreter: string | null;
	/** The names of the libraries it needs, such as `libc.so.6`. */
	readonly needed: readonly string[];
	/** Where it wants them to be looked for first, `$ORIGIN` included. */
	readonly runPath: readonly string[];
};

type Segment = {readonly type: number; readonly offset: number; readonly address: number; readonly size: number};

const headerBytes = 64;
const segmentEntryBytes = 56;
const dynamicEntryBytes = 16;
const segmentTypes = {load: 1, dynamic: 2, interpreter: 3} as const;
const dynamicTags = {needed: 1, stringTable: 5, stringTableBytes: 10, rpath: 15, runPath: 29} as const;

/** Reads a 64-bit little-endian ELF file; null for any other. Only the few parts that are asked for are read. */
export function readElf(path: string): ElfFile | null {
	const file = openSync(path, 'r');
	try {
		const read = (offset: number, size: number) => {
			const bytes = Buffer.alloc(size);
			return bytes.subarray(0, readSync(file, bytes, 0, size, offset));
		};
		const header = read(0, headerBytes);
		const isElf64 = header.length === headerBytes && header.toString('latin1', 0, 4) === '\u007FELF' && header[4] === 2 && header[5] === 1;
		if (!isElf64) return null;
		const segments = segmentsOf(read(Number(header.readBigUInt64LE(32)), header.readUInt16LE(56) * segmentEntryBytes));
		const part = (type: number) => segments.find((segment) => segment.type === type);
		const interpreter = part(segmentTypes.interpreter);
		const dynamic = part(segmentTypes.dynamic);
		return {
			machine: `${header.readUInt16LE(18)}`,
			interpreter: interpreter === undefined ? null : textAt(read(interpreter.offset, interpreter.size), 0),
			...librariesOf(dynamic && read(dynamic.offset, dynamic.size), segments, read),
		};
	} finally {
		closeSync(file);
	}
}

function segmentsOf(table: Buffer): readonly Segment[] {
	const count = Math.floor(table.length / segmentEntryBytes);
	return Array.from({length: count}, (_, index) => {
		const at = index * segmentEntryBytes;
		const number = (offset: number) => Number(table.readBigUInt64LE(at + offset));
		return {type: table.readUInt32LE(at), offset: number(8), address: number(16), size: number(32)};
	});
}

function librariesOf(dynamic: Buffer | undefined, segments: readonly Segment[], read: (offset: number, size: number) => Buffer) {
	const entries = dynamic === undefined ? [] : entriesOf(dynamic);
	const entryOf = (tag: number) => entries.find((entry) => entry.tag === tag)?.value;
	const address = entryOf(dynamicTags.stringTable);
	const size = entryOf(dynamicTags.stringTableBytes);
	const home = segments.find(
		(segment) =>
			segment.type === segmentTypes.load && address !== undefined && address >= segment.address && address < segment.address + segment.size,
	);
	if (address === undefined || size === undefined || home === undefined) return {needed: [], runPath: []};
	const strings = read(address - home.address + home.offset, size);
	const path = entryOf(dynamicTags.runPath) ?? entryOf(dynamicTags.rpath);
	return {
		needed: entries.filter(({tag}) => tag === dynamicTags.needed).map(({value}) => textAt(strings, value)),
		runPath: path === undefined ? [] : textAt(strings, path).split(':'),
	};
}

function entriesOf(dynamic: Buffer): readonly {readonly tag: number; readonly value: number}[] {
	const count = Math.floor(dynamic.length / dynamicEntryBytes);
	return Array.from({length: count}, (_, index) => ({
		tag: Number(dynamic.readBigUInt64LE(index * dynamicEntryBytes)),
		value: Number(dynamic.readBigUInt64LE(index * dynamicEntryBytes + 8)),
	}));
}

function textAt(bytes: Buffer, start: number): string {
	const end = bytes.indexOf(0, start);
	return bytes.toString('utf8', start, end === -1 ? bytes.length : end);
}
