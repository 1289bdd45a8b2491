import {type FileHandle, open} from 'node:fs/promises';

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const endBytes = 22;
/** An archive's comment may take 64 KiB behind its directory. */
const longestTail = endBytes + 65_535;
/** Directories beyond this are no sample; intake says more. */
const longestDirectory = 1_000_000;

/**
 * The CSV files in a zip, by its directory alone: nothing is unpacked (SPEC 4). Null for what is no plain zip; what is wrong with it,
 * intake says when it is read.
 */
export async function csvPagesOfZip(path: string): Promise<readonly string[] | null> {
	// why: a sample that may not be read is told when it is read.
	const file = await open(path).catch(() => null);
	if (file === null) return null;
	try {
		const {size} = await file.stat();
		const tail = await part(file, Math.max(0, size - longestTail), Math.min(size, longestTail));
		const end = lastIndexOf(tail, endSignature);
		if (end < 0 || end + endBytes > tail.length) return null;
		const [bytes, offset] = [tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16)];
		if (bytes > longestDirectory || offset + bytes > size) return null;
		return namesIn(await part(file, offset, bytes)).filter(isPage);
	} finally {
		await file.close();
	}
}

function isPage(name: string): boolean {
	return /\.csv$/i.test(name) && !/(^|\/)(__MACOSX\/|\._)/.test(name);
}

async function part(file: FileHandle, position: number, length: number): Promise<Buffer> {
	const buffer = Buffer.alloc(length);
	const {bytesRead} = await file.read(buffer, 0, length, position);
	return buffer.subarray(0, bytesRead);
}

function lastIndexOf(buffer: Buffer, signature: number): number {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32LE(signature);
	return buffer.lastIndexOf(bytes);
}

function namesIn(directory: Buffer): readonly string[] {
	const names: string[] = [];
	for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === entrySignature; ) {
		const [name, extra, comment] = [directory.readUInt16LE(at + 28), directory.readUInt16LE(at + 30), directory.readUInt16LE(at + 32)];
		names.push(directory.toString('utf8', at + 46, at + 46 + name));
		at += 46 + name + extra + comment;
	}
	return names;
}
