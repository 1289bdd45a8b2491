import type {FileHandle} from 'node:fs/promises';
import {configure, TextReader, ZipWriter} from '@zip.js/zip.js';
import {unwritable, writeAtomically} from './atomic-file.js';
import {deflateStream, type GzipMember} from './gzip-member.js';

/** What can be put into a zip file. One entry at a time. */
export type ZipEntries = {
	/** A small text, compressed here. */
	text(name: string, content: string): Promise<void>;
	/** A compressed file of the SQL engine, taken over without compressing it again. */
	splice(name: string, member: GzipMember): Promise<void>;
};

const deflate = 8;
const bufferBytes = 1 << 22;

/**
 * Writes a zip file, ZIP64 where its size asks for it, streaming and atomically (the old file stays until the new one is whole).
 *
 * @returns its size in bytes
 * @throws SluiceError `report.unwritable`
 */
export async function writeZip(target: string, fill: (entries: ZipEntries) => Promise<void>): Promise<number> {
	// why: in pieces of 64 KiB, its own, a copy takes nearly twice the work
	configure({chunkSize: bufferBytes});
	const {bytes} = await writeAtomically(target, async (file) => {
		const zip = new ZipWriter(appendTo(file, target), {useWebWorkers: false, level: 6, extendedTimestamp: false, keepOrder: true});
		await fill({
			async text(name, content) {
				await zip.add(name, new TextReader(content));
			},
			async splice(name, member) {
				const {uncompressedSize, crc32, compressedSize: size} = member;
				const reader = {readable: deflateStream(member), size};
				await zip.add(name, reader, {passThrough: true, compressionMethod: deflate, uncompressedSize, crc32});
				// why now: the disk then writes while the next entry is being made, and the last sync finds little to do
				await file.datasync();
			},
		});
		await zip.close();
	});
	return bytes;
}

/** Writes in large pieces: a zip writer's own pieces are 64 KiB, and each write is a trip through the thread pool. */
function appendTo(file: FileHandle, target: string): WritableStream<Uint8Array> {
	let held: Uint8Array[] = [];
	let heldBytes = 0;
	const flush = async (): Promise<void> => {
		const pieces = held;
		held = [];
		heldBytes = 0;
		try {
			if (pieces.length > 0) await file.writev(pieces);
		} catch (error) {
			throw unwritable(target, error);
		}
	};
	return new WritableStream<Uint8Array>({
		async write(chunk) {
			held.push(chunk);
			heldBytes += chunk.length;
			if (heldBytes >= bufferBytes) await flush();
		},
		close: flush,
	});
}
