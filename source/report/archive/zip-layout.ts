/**
 * An entry of a zip archive, compressed by deflate. Sizes and places in bytes. `at`: where its header stands, which its content follows.
 */
export type ZipEntry = {
	readonly name: string;
	readonly at: number;
	readonly crc32: number;
	readonly compressedSize: number;
	readonly uncompressedSize: number;
};

const most16 = 0xffff;
const most32 = 0xffffffff;

/** Of the format, for entries below and over 4 GiB (APPNOTE 4.4.3). */
const version = {plain: 20, zip64: 45} as const;
const deflate = 8;
const namesAreUtf8 = 0x0800;

/** What stands before an entry's content; its sizes must be known by then. @param changed as the archive shows it, in local time */
export function entryHeader(entry: ZipEntry, changed: Date): Buffer {
	const {compressedSize, uncompressedSize} = entry;
	const large = compressedSize >= most32 || uncompressedSize >= most32;
	// why both, though one may fit: a header's extra field must have the two of them (APPNOTE 4.5.3)
	const extra = large ? zip64Extra([uncompressedSize, compressedSize]) : Buffer.alloc(0);
	const name = Buffer.from(entry.name);
	const header = Buffer.alloc(30);
	header.writeUInt32LE(0x04034b50, 0);
	common(entry, changed, large).copy(header, 4);
	if (large) header.fill(0xff, 18, 26);
	header.writeUInt16LE(name.length, 26);
	header.writeUInt16LE(extra.length, 28);
	return Buffer.concat([header, name, extra]);
}

/** The end of an archive: the list of its entries, which begins at `at`. */
export function archiveEnd(entries: readonly ZipEntry[], at: number, changed: Date): Buffer {
	const listed = Buffer.concat(entries.map((entry) => listing(entry, changed)));
	const large = entries.length >= most16 || listed.length >= most32 || at >= most32;
	const end = Buffer.alloc(22);
	end.writeUInt32LE(0x06054b50, 0);
	end.writeUInt16LE(Math.min(entries.length, most16), 8);
	end.writeUInt16LE(Math.min(entries.length, most16), 10);
	end.writeUInt32LE(Math.min(listed.length, most32), 12);
	end.writeUInt32LE(Math.min(at, most32), 16);
	return Buffer.concat([listed, large ? largeEnd(entries.length, listed.length, at) : Buffer.alloc(0), end]);
}

function listing(entry: ZipEntry, changed: Date): Buffer {
	const {at, compressedSize, uncompressedSize} = entry;
	const extra = zip64Extra([uncompressedSize, compressedSize, at].filter((figure) => figure >= most32));
	const name = Buffer.from(entry.name);
	const header = Buffer.alloc(46);
	header.writeUInt32LE(0x02014b50, 0);
	header.writeUInt16LE(version.zip64, 4);
	common(entry, changed, extra.length > 0).copy(header, 6);
	header.writeUInt16LE(name.length, 28);
	header.writeUInt16LE(extra.length, 30);
	header.writeUInt32LE(Math.min(at, most32), 42);
	return Buffer.concat([header, name, extra]);
}

/** The 22 bytes that an entry's header and its place in the list have in common. */
function common({crc32, compressedSize, uncompressedSize}: ZipEntry, changed: Date, large: boolean): Buffer {
	const fields = Buffer.alloc(22);
	fields.writeUInt16LE(large ? version.zip64 : version.plain, 0);
	fields.writeUInt16LE(namesAreUtf8, 2);
	fields.writeUInt16LE(deflate, 4);
	fields.writeUInt16LE((changed.getHours() << 11) | (changed.getMinutes() << 5) | (changed.getSeconds() >> 1), 6);
	fields.writeUInt16LE((Math.max(0, changed.getFullYear() - 1980) << 9) | ((changed.getMonth() + 1) << 5) | changed.getDate(), 8);
	fields.writeUInt32LE(crc32, 10);
	fields.writeUInt32LE(Math.min(compressedSize, most32), 14);
	fields.writeUInt32LE(Math.min(uncompressedSize, most32), 18);
	return fields;
}

/** The figures that 32 bits cannot hold, in the order of the format; nothing where there are none. */
function zip64Extra(figures: readonly number[]): Buffer {
	if (figures.length === 0) return Buffer.alloc(0);
	const extra = Buffer.alloc(4 + 8 * figures.length);
	extra.writeUInt16LE(0x0001, 0);
	extra.writeUInt16LE(8 * figures.length, 2);
	for (const [index, figure] of figures.entries()) extra.writeBigUInt64LE(BigInt(figure), 4 + 8 * index);
	return extra;
}

/** The end's figures in 64 bits, and where they stand: behind the list. */
function largeEnd(entries: number, size: number, at: number): Buffer {
	const end = Buffer.alloc(76);
	end.writeUInt32LE(0x06064b50, 0);
	end.writeBigUInt64LE(44n, 4);
	end.writeUInt16LE(version.zip64, 12);
	end.writeUInt16LE(version.zip64, 14);
	end.writeBigUInt64LE(BigInt(entries), 24);
	end.writeBigUInt64LE(BigInt(entries), 32);
	end.writeBigUInt64LE(BigInt(size), 40);
	end.writeBigUInt64LE(BigInt(at), 48);
	end.writeUInt32LE(0x07064b50, 56);
	end.writeBigUInt64LE(BigInt(at + size), 64);
	end.writeUInt32LE(1, 72);
	return end;
}
