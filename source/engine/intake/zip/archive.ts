import {type FileHandle, open} from 'node:fs/promises';
import {crc32} from 'node:zlib';
import {
	configure,
	ERR_ENCRYPTED_CENTRAL_DIRECTORY,
	ERR_EOCDR_LOCATOR_ZIP64_NOT_FOUND,
	ERR_EOCDR_NOT_FOUND,
	ERR_SPLIT_ZIP_FILE,
	Reader,
	ZipReader,
} from '@zip.js/zip.js';
import {SluiceError} from '../../../model/errors.js';
import {maxDirectoryBytes, maxEntries} from '../bounds.js';
import {type Bytes, fileBytes, inflated} from '../bytes.js';
import type {ExpansionBudget} from '../expansion-budget.js';

/** A file inside an archive, as its directory declares it. `offset` is that of its local header. */
export type Entry = {
	readonly name: string;
	readonly folder: boolean;
	readonly encrypted: boolean;
	readonly compressed: number;
	readonly expanded: number;
	readonly method: number;
	readonly checksum: number;
	readonly offset: number;
};

/** A zip archive whose directory has been read and whose entries have not. */
export type Archive = {readonly path: string; readonly name: string; readonly entries: readonly Entry[]};

const [stored, deflated] = [0, 8];
const localHeaderBytes = 30;

class FileReader extends Reader<FileHandle> {
	constructor(
		private readonly file: FileHandle,
		private readonly name: string,
		size: number,
	) {
		super(file);
		this.size = size;
	}

	/** The one long read is that of the directory, whose length stands in the file and may be anything. */
	override async readUint8Array(index: number, length: number): Promise<Uint8Array> {
		if (length > maxDirectoryBytes) {
			throw new SluiceError('intake.expansion', `The directory of ${this.name} has ${length} bytes`, {
				where: this.name,
				expected: `at most ${maxDirectoryBytes}`,
			});
		}
		const buffer = Buffer.alloc(Math.max(0, Math.min(length, this.size - index)));
		const {bytesRead} = await this.file.read(buffer, 0, buffer.length, index);
		return buffer.subarray(0, bytesRead);
	}
}

/**
 * Reads the directory of a zip archive, nothing of its content.
 *
 * @throws SluiceError `intake.truncated` where the directory is missing, `intake.corrupt`, `intake.encrypted`, `intake.expansion` for
 * too many entries
 */
export async function openArchive(path: string, name: string): Promise<Archive> {
	configure({useWebWorkers: false});
	const file = await open(path, 'r');
	try {
		const {size} = await file.stat();
		const reader = new ZipReader(new FileReader(file, name, size), {filenameValidation: 'tolerant'});
		const entries: Entry[] = [];
		for await (const entry of reader.getEntriesGenerator()) {
			if (entries.length === maxEntries) {
				throw new SluiceError('intake.expansion', `${name} holds more than ${maxEntries} entries`, {
					where: name,
					expected: `at most ${maxEntries}`,
				});
			}
			entries.push({
				name: entry.filename,
				folder: entry.directory,
				encrypted: entry.encrypted,
				compressed: entry.compressedSize,
				expanded: entry.uncompressedSize,
				method: entry.compressionMethod,
				checksum: entry.signature ?? 0,
				offset: entry.offset,
			});
		}
		return {path, name, entries};
	} catch (error) {
		throw archiveError(error, name);
	} finally {
		await file.close();
	}
}

function archiveError(error: unknown, name: string): unknown {
	if (error instanceof SluiceError || !(error instanceof Error) || 'syscall' in error) return error;
	switch (error.message) {
		case ERR_EOCDR_NOT_FOUND:
		case ERR_EOCDR_LOCATOR_ZIP64_NOT_FOUND:
			return new SluiceError('intake.truncated', `${name} is cut off: the archive's directory, which stands at its end, is missing`, {
				where: name,
			});
		case ERR_SPLIT_ZIP_FILE:
			return new SluiceError('intake.type', `${name} is one part of an archive in several files`, {
				where: name,
				cure: 'Send one whole archive.',
			});
		case ERR_ENCRYPTED_CENTRAL_DIRECTORY:
			return new SluiceError('intake.encrypted', `${name} is encrypted`, {where: name});
		default:
			return new SluiceError('intake.corrupt', `${name} is damaged: ${error.message}`, {where: name, cause: error});
	}
}

/**
 * The content of an entry, expanded within the budget and checked against its size and checksum as it comes.
 *
 * @throws SluiceError `intake.encrypted`, `intake.type` for a compression method other than deflate; while reading also `intake.expansion`,
 * `intake.corrupt`, `intake.truncated`
 */
export async function entryBytes(
	{path, name: archive}: Archive,
	entry: Entry,
	budget: ExpansionBudget,
	onRead?: (bytes: number) => void,
): Promise<Bytes> {
	const name = `${archive}, ${entry.name}`;
	if (entry.encrypted) throw new SluiceError('intake.encrypted', `${entry.name} in ${archive} is encrypted`, {where: name});
	if (entry.method !== stored && entry.method !== deflated) {
		throw new SluiceError('intake.type', `${entry.name} in ${archive} is compressed by a method that is not read (${entry.method})`, {
			where: name,
			expected: 'deflate',
			cure: 'Make the archive again with the standard compression.',
		});
	}
	const start = await contentStart(path, entry, name);
	const range = {start, end: start + entry.compressed};
	const count = () => budget.counter(entry.name, entry.compressed);
	const bytes =
		entry.method === stored || entry.compressed === 0
			? fileBytes(path, name, onRead, range)
			: inflated({path, name, kind: 'deflate', range, count, ...(onRead ? {onRead} : {})});
	return {name: entry.name, open: () => checked(bytes, entry, name)};
}

/** The local header's name and extra field may differ in length from the directory's, so they are read where they stand. */
async function contentStart(path: string, entry: Entry, name: string): Promise<number> {
	const file = await open(path, 'r');
	try {
		const header = Buffer.alloc(localHeaderBytes);
		const {bytesRead} = await file.read(header, 0, localHeaderBytes, entry.offset);
		if (bytesRead < localHeaderBytes || header.readUInt32LE(0) !== 0x04034b50) {
			throw new SluiceError('intake.corrupt', `${name} is damaged: it does not begin where the archive says`, {where: name});
		}
		return entry.offset + localHeaderBytes + header.readUInt16LE(26) + header.readUInt16LE(28);
	} finally {
		await file.close();
	}
}

async function* checked(bytes: Bytes, entry: Entry, name: string): AsyncGenerator<Uint8Array, void> {
	let [length, sum] = [0, 0];
	for await (const chunk of bytes.open()) {
		length += chunk.length;
		sum = crc32(chunk, sum);
		yield chunk;
	}
	if (length < entry.expanded)
		throw new SluiceError('intake.truncated', `${name} is cut off: ${length} bytes of ${entry.expanded}`, {where: name});
	if (length > entry.expanded || sum >>> 0 !== entry.checksum >>> 0) {
		throw new SluiceError('intake.corrupt', `${name} is damaged: its checksum does not fit`, {where: name});
	}
}
