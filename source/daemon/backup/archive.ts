import {constants} from 'node:fs';
import {type FileHandle, mkdir, open} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {type FileEntry, Reader, ZipReader} from '@zip.js/zip.js';
import {SluiceError} from '../../model/errors.js';
import {writeNew} from '../../platform/files/new-file.js';
import {backupFormat, isBackupPath, isTableLink, type Manifest, manifestName, manifestShape} from './manifest.js';

/** A backup whose directory and manifest were read and found sound. */
export type BackupArchive = {
	/** Null in a backup of an earlier version, which holds no files of executions. */
	readonly manifest: Manifest | null;
	/** How many bytes its files have when they are taken out. */
	readonly bytes: number;
	/** Takes all of it out into a folder, which must be empty. @throws SluiceError `restore.damaged`, `file.not_written` */
	extract(folder: string): Promise<void>;
};

const largestDirectoryBytes = 512 * 1024 * 1024;
const largestManifestBytes = 64 * 1024 * 1024;
const [links, kindOfFile, regular] = [0o120000, 0o170000, 0o100000];

/**
 * Opens a backup and checks what it holds before anything of it is written (SPEC 17).
 *
 * @throws SluiceError `restore.not_a_backup`, `restore.damaged`, `restore.unsafe`, `restore.newer`
 */
export async function openBackup(path: string): Promise<BackupArchive & {close(): Promise<void>}> {
	const file = await openFile(path);
	try {
		const {size} = await file.stat();
		const reader = new ZipReader(new FileReader(file, size), {useWebWorkers: false, filenameValidation: 'tolerant'});
		const entries = await translated(path, () => reader.getEntries());
		const files = entries.filter((entry): entry is FileEntry => !entry.directory);
		const names = new Set(files.map(({filename}) => filename));
		if (!names.has('.sluice/control.db') || !names.has('sluice.yaml')) throw noBackup(path, 'it holds no workspace');
		for (const entry of entries) refuseUnsafe(path, entry);
		if (names.size !== files.length) throw unsafe(path, 'two of its files have one name');
		const manifest = await readManifest(path, files);
		if (manifest && manifest.files !== files.length - 1)
			throw damaged(path, `it holds ${files.length - 1} files, and says that it holds ${manifest.files}`);
		return {
			manifest,
			bytes: files.reduce((sum, {uncompressedSize}) => sum + uncompressedSize, 0),
			async extract(folder) {
				for (const entry of files) if (entry.filename !== manifestName) await extractOne(path, entry, join(folder, entry.filename));
			},
			close: () => file.close(),
		};
	} catch (error) {
		await file.close();
		throw error;
	}
}

async function openFile(path: string): Promise<FileHandle> {
	try {
		const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
		if ((await file.stat()).isFile()) return file;
		await file.close();
	} catch (cause) {
		const {code} = cause as NodeJS.ErrnoException;
		throw noBackup(path, code === 'ENOENT' ? 'there is no such file' : `it cannot be opened (${code})`, cause);
	}
	throw noBackup(path, 'it is no regular file');
}

/** Reads parts of an open file. */
class FileReader extends Reader<FileHandle> {
	constructor(
		private readonly file: FileHandle,
		size: number,
	) {
		super(file);
		this.size = size;
	}

	override async readUint8Array(index: number, length: number): Promise<Uint8Array> {
		if (length > largestDirectoryBytes) throw new Error('a part of it is larger than any that is written');
		const buffer = Buffer.alloc(Math.max(0, Math.min(length, this.size - index)));
		const {bytesRead} = await this.file.read(buffer, 0, buffer.length, index);
		return buffer.subarray(0, bytesRead);
	}
}

function refuseUnsafe(
	path: string,
	{
		filename,
		encrypted,
		externalFileAttributes,
		versionMadeBy,
	}: Pick<FileEntry, 'filename' | 'encrypted' | 'externalFileAttributes' | 'versionMadeBy'>,
): void {
	if (!isBackupPath(filename)) throw unsafe(path, `${JSON.stringify(filename)} is no place of a workspace`);
	const kind = (externalFileAttributes >>> 16) & kindOfFile;
	if (kind === links) throw unsafe(path, `${JSON.stringify(filename)} is a link`);
	const isUnix = versionMadeBy >> 8 === 3;
	if (isUnix && kind !== 0 && kind !== regular && !filename.endsWith('/'))
		throw unsafe(path, `${JSON.stringify(filename)} is no regular file`);
	if (encrypted) throw noBackup(path, 'it is encrypted');
}

async function readManifest(path: string, files: readonly FileEntry[]): Promise<Manifest | null> {
	const entry = files.find(({filename}) => filename === manifestName);
	if (!entry) return null;
	if (entry.uncompressedSize > largestManifestBytes) throw damaged(path, 'what it says of itself is too long');
	const parts: Uint8Array[] = [];
	await translated(path, () => contentOf(entry, (part) => void parts.push(part)));
	const text = Buffer.concat(parts).toString('utf8');
	const read = manifestShape.safeParse(parsed(text));
	if (!read.success) {
		const {format} = (parsed(text) ?? {}) as {format?: unknown};
		if (typeof format === 'number' && format > backupFormat) throw newer(path, `format ${format}`);
		throw damaged(path, 'what it says of itself cannot be read');
	}
	if (read.data.format > backupFormat) throw newer(path, `format ${read.data.format}, by Sluice ${read.data.program}`);
	const link = read.data.links.find((candidate) => !isTableLink(candidate));
	if (link) throw unsafe(path, `the link ${JSON.stringify(link.path)} leads to ${JSON.stringify(link.target)}`);
	return read.data;
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}

/** State is its owner's alone; configuration has the rights that files of this user have. */
async function extractOne(path: string, entry: FileEntry, to: string): Promise<void> {
	const isState = entry.filename.startsWith('.sluice/');
	await mkdir(dirname(to), {recursive: true, mode: isState ? 0o700 : 0o755});
	let bytes = 0;
	await writeNew(
		to,
		async (file) => {
			await translated(path, () =>
				contentOf(entry, async (part) => {
					bytes += part.length;
					if (bytes > entry.uncompressedSize) throw new Error(`${entry.filename} is longer than it says`);
					await file.write(part);
				}),
			);
		},
		{mode: isState ? 0o600 : 0o644},
	);
}

/** The content of an entry, which must have the checksum that its directory says. */
async function contentOf(entry: FileEntry, take: (part: Uint8Array) => void | Promise<void>): Promise<void> {
	await entry.getData(
		new WritableStream<Uint8Array>({
			async write(part) {
				await take(part);
			},
		}),
		{checkSignature: true, useWebWorkers: false},
	);
}

/** What the library says of an archive that it cannot read. Errors of writing pass. */
async function translated<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
	try {
		return await work();
	} catch (error) {
		if (error instanceof SluiceError || (error as NodeJS.ErrnoException).syscall !== undefined) throw error;
		const {message} = error as Error;
		if (/end of central directory|format is not recognized/i.test(message)) throw await cutOrOther(path, error);
		throw damaged(path, message, error);
	}
}

/** A zip that was cut has its beginning; anything else never was one. */
async function cutOrOther(path: string, cause: unknown): Promise<SluiceError> {
	const file = await open(path, 'r');
	try {
		const {buffer} = await file.read(Buffer.alloc(4), 0, 4, 0);
		return buffer.toString('latin1') === 'PK\u0003\u0004'
			? damaged(path, 'its end is missing', cause)
			: noBackup(path, 'it is no zip', cause);
	} finally {
		await file.close();
	}
}

function noBackup(where: string, reason: string, cause?: unknown): SluiceError {
	return new SluiceError('restore.not_a_backup', `This is no backup of a workspace: ${reason}`, {where, cause});
}

export function damaged(where: string, reason: string, cause?: unknown): SluiceError {
	return new SluiceError('restore.damaged', `The backup is damaged: ${reason}`, {where, cause});
}

function unsafe(where: string, reason: string): SluiceError {
	return new SluiceError('restore.unsafe', `The archive is not safe to unpack: ${reason}`, {where});
}

function newer(where: string, what: string): SluiceError {
	return new SluiceError('restore.newer', `A newer version of Sluice made this backup (${what})`, {where});
}
