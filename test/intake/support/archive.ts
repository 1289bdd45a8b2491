import {Uint8ArrayReader, Uint8ArrayWriter, ZipWriter} from '@zip.js/zip.js';
import JSZip from 'jszip';

/** The bytes of a zip archive. */
export async function zipOf(
	files: Readonly<Record<string, string | Uint8Array>>,
	compression: 'DEFLATE' | 'STORE' = 'DEFLATE',
): Promise<Uint8Array> {
	const zip = new JSZip();
	for (const [path, content] of Object.entries(files)) zip.file(path, content, {createFolders: false});
	return await zip.generateAsync({type: 'uint8array', compression});
}

/** The same, protected by a password. */
export async function encryptedZipOf(path: string, content: string): Promise<Uint8Array> {
	const writer = new ZipWriter(new Uint8ArrayWriter(), {useWebWorkers: false});
	await writer.add(path, new Uint8ArrayReader(Buffer.from(content)), {password: 'secret'});
	return await writer.close();
}
