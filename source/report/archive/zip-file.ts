import {promisify} from 'node:util';
import {crc32, deflateRaw} from 'node:zlib';
import {SluiceError} from '../../model/errors.js';
import type {NewFile} from '../../platform/files/new-file.js';
import {unwritable, writeArtifact} from './atomic-file.js';
import type {GzipMember} from './gzip-member.js';
import {moveDeflated} from './move-deflated.js';
import {archiveEnd, entryHeader, type ZipEntry} from './zip-layout.js';

/** What can be put into a zip file. Several entries may be under way at a time; they stand in the order in which they were begun. */
export type ZipEntries = {
	/** A small text, compressed here. */
	text(name: string, content: string): Promise<void>;
	/** A compressed file of the SQL engine, taken over without compressing it again: nothing but a head is left of it. */
	splice(name: string, member: GzipMember): Promise<void>;
};

const deflated = promisify(deflateRaw);

/**
 * Writes a zip file, ZIP64 where its size asks for it, atomically (the old file stays until the new one is whole).
 *
 * why not through a zip library: what there is takes an entry through streams, one at a time. 140 MB then take 0.5 s and more, here 0.1 s, of
 * which half is the disk's; and a run is not over before its last sheet stands in the report.
 *
 * @param fill an entry that it began and did not wait for is written nevertheless, or refused with the archive
 * @returns its size in bytes
 * @throws SluiceError `report.unwritable`; `report.damaged` when a compressed file is shorter than it said
 */
export async function writeZip(target: string, fill: (entries: ZipEntries) => Promise<void>): Promise<number> {
	return await writeArtifact(target, async (file) => {
		const archive = new Archive(file, target);
		try {
			await fill(archive);
		} finally {
			await archive.settled();
		}
		await archive.end();
	});
}

class Archive implements ZipEntries {
	readonly #file: NewFile;
	readonly #target: string;
	readonly #changed = new Date();
	readonly #entries: ZipEntry[] = [];
	readonly #writing: Promise<void>[] = [];
	#end = 0;

	constructor(file: NewFile, target: string) {
		this.#file = file;
		this.#target = target;
	}

	async text(name: string, content: string): Promise<void> {
		const plain = Buffer.from(content);
		const compressed = await deflated(plain, {level: 6});
		const sizes = {compressedSize: compressed.length, uncompressedSize: plain.length};
		await this.#add({name, crc32: crc32(plain), ...sizes}, (at) => this.#file.writeAt(compressed, at));
	}

	async splice(name: string, member: GzipMember): Promise<void> {
		await this.#add({name, ...member}, async (at) => {
			await moveDeflated(member, this.#file, at);
			// why now: the disk then writes while the next entry is being made, and the last sync finds little to do
			await this.#file.datasync();
		});
	}

	/** Resolves when nothing is being written any more. @throws what the first entry failed with */
	async settled(): Promise<void> {
		const ended = await Promise.allSettled(this.#writing);
		for (const one of ended) if (one.status === 'rejected') throw one.reason;
	}

	async end(): Promise<void> {
		await this.#translated(this.#file.writeAt(archiveEnd(this.#entries, this.#end, this.#changed), this.#end));
	}

	/** Takes the entry's place at once, so that others may be written behind it meanwhile. */
	async #add(
		{name, crc32: sum, compressedSize, uncompressedSize}: Omit<ZipEntry, 'at'>,
		write: (at: number) => Promise<void>,
	): Promise<void> {
		const entry = {name, crc32: sum, compressedSize, uncompressedSize, at: this.#end};
		const header = entryHeader(entry, this.#changed);
		const content = entry.at + header.length;
		this.#end = content + compressedSize;
		this.#entries.push(entry);
		const writing = this.#translated(Promise.all([this.#file.writeAt(header, entry.at), write(content)]).then(() => undefined));
		this.#writing.push(writing);
		await writing;
	}

	async #translated(work: Promise<void>): Promise<void> {
		try {
			await work;
		} catch (error) {
			throw error instanceof SluiceError ? error : unwritable(this.#target, error);
		}
	}
}
