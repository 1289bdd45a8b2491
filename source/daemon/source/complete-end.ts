import {openRegular} from './open-regular.js';
import type {SourceFile} from './source-files.js';

/** The end record of a zip archive is 22 bytes and a comment of at most 65,535. */
const zipTailBytes = 22 + 65_535;
const shortTailBytes = 256;

/**
 * Whether a file ends as complete files of its kind do: a text with the end of a line, an archive or workbook with its directory. A file that
 * cannot be read counts as complete: what reads it says the reason.
 */
export async function looksComplete({path, name, sizeBytes, identity}: SourceFile): Promise<boolean> {
	const extension = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
	const endsIn = Object.hasOwn(ends, extension) ? ends[extension] : undefined;
	if (endsIn === undefined) return true;
	const bytes = Math.min(sizeBytes, extension === 'zip' || extension === 'xlsx' ? zipTailBytes : shortTailBytes);
	try {
		const handle = await openRegular(path, identity);
		try {
			const {buffer, bytesRead} = await handle.read(Buffer.alloc(bytes), 0, bytes, sizeBytes - bytes);
			return endsIn(buffer.subarray(0, bytesRead));
		} finally {
			await handle.close();
		}
	} catch {
		return true;
	}
}

/** The last line of a text is ended, in UTF-16 as well. */
const withLineEnd = (tail: Buffer): boolean => /[\r\n]\0?$/.test(tail.toString('latin1'));
const withDirectory = (tail: Buffer): boolean => tail.includes(Buffer.from('PK\x05\x06', 'latin1'));

const ends: Readonly<Record<string, (tail: Buffer) => boolean>> = {
	csv: withLineEnd,
	tsv: withLineEnd,
	dat: withLineEnd,
	jsonl: withLineEnd,
	json: (tail) => /[\]}]\s*$/.test(tail.toString('utf8')),
	zip: withDirectory,
	xlsx: withDirectory,
	parquet: (tail) => tail.subarray(-4).toString('latin1') === 'PAR1',
};
