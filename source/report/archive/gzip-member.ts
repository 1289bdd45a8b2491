import {createReadStream} from 'node:fs';
import {open} from 'node:fs/promises';
import {createGunzip} from 'node:zlib';
import {SluiceError} from '../../model/errors.js';

/** The raw deflate stream inside a `.gz` of one member, with what a zip entry must say about it. Sizes in bytes. */
export type GzipMember = {
	readonly path: string;
	readonly start: number;
	readonly compressedSize: number;
	readonly uncompressedSize: number;
	readonly crc32: number;
};

/** A size is at least and at most so many bytes. */
export type SizeBounds = {readonly atLeast: number; readonly atMost: number};

const headerSize = 10;
const trailerSize = 8;
const wrap = 2 ** 32;

/**
 * Looks at the ends of a `.gz` that the SQL engine wrote.
 *
 * @param holds bounds of what it holds, in bytes. why: the trailer tells the size modulo 4 GiB only (RFC 1952); where the bounds
 * leave more than one size open, the file is read through once to count
 * @throws SluiceError `report.damaged` when it is no whole gzip member
 */
export async function gzipMember(path: string, holds: SizeBounds): Promise<GzipMember> {
	const file = await open(path, 'r');
	try {
		const {size} = await file.stat();
		const head = Buffer.alloc(headerSize);
		const trailer = Buffer.alloc(trailerSize);
		await file.read(head, 0, headerSize, 0);
		await file.read(trailer, 0, trailerSize, Math.max(0, size - trailerSize));
		const plain = head[0] === 0x1f && head[1] === 0x8b && head[2] === 8 && head[3] === 0;
		if (size < headerSize + trailerSize || !plain)
			throw new SluiceError('report.damaged', `${path} is not a whole gzip file`, {where: path});
		return {
			path,
			start: headerSize,
			compressedSize: size - headerSize - trailerSize,
			uncompressedSize: onlySize(trailer.readUInt32LE(4), holds) ?? (await countBytes(path)),
			crc32: trailer.readUInt32LE(0),
		};
	} finally {
		await file.close();
	}
}

/** The one size within the bounds that has this remainder, or null where there are several (or none, so that they are wrong). */
export function onlySize(remainder: number, {atLeast, atMost}: SizeBounds): number | null {
	const first = remainder + Math.max(0, Math.ceil((atLeast - remainder) / wrap)) * wrap;
	return first <= atMost && first + wrap > atMost ? first : null;
}

async function countBytes(path: string): Promise<number> {
	let bytes = 0;
	for await (const chunk of createReadStream(path).pipe(createGunzip())) bytes += (chunk as Buffer).length;
	return bytes;
}
