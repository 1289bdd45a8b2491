import {openRegular} from './open-regular.js';
import type {SourceFile} from './source-files.js';

/** The end record of a zip archive is 22 bytes and a comment of at most 65,535. */
const zipTailBytes = 22 + 65_535;
const shortTailBytes = 256;
/** Of a text with a header: longer than most headers, so that a file of a header alone is told from one with rows. */
const rowsTailBytes = 8_192;

/**
 * Whether a file ends as complete files of its kind do: a text with a row and the end of its line, an archive or workbook with its directory. A file that
 * cannot be read counts as complete: what reads it says the reason.
 */
export async function looksComplete({path, name, sizeBytes, identity}: SourceFile): Promise<boolean> {
	const extension = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
	const endsIn = Object.hasOwn(ends, extension) ? ends[extension] : undefined;
	if (endsIn === undefined) return true;
	const bytes = Math.min(sizeBytes, tailBytes[extension] ?? shortTailBytes);
	try {
		const handle = await openRegular(path, identity);
		try {
			const {buffer, bytesRead} = await handle.read(Buffer.alloc(bytes), 0, bytes, sizeBytes - bytes);
			return endsIn(buffer.subarray(0, bytesRead), bytes === sizeBytes);
		} finally {
			await handle.close();
		}
	} catch {
		return true;
	}
}

const tailBytes: Readonly<Record<string, number>> = {
	csv: rowsTailBytes,
	tsv: rowsTailBytes,
	dat: rowsTailBytes,
	zip: zipTailBytes,
	xlsx: zipTailBytes,
};

/** The last line of a text is ended, in UTF-16 as well. */
const withLineEnd = (tail: Buffer): boolean => /[\r\n]\0?$/.test(tail.toString('latin1'));
/** Its writer may still work out the rows of a text that has a header alone. */
const withRows = (tail: Buffer, isWhole: boolean): boolean =>
	withLineEnd(tail) && (!isWhole || /[\r\n].*[^\r\n\0]/s.test(tail.toString('latin1')));
const withDirectory = (tail: Buffer): boolean => tail.includes(Buffer.from('PK\x05\x06', 'latin1'));

const ends: Readonly<Record<string, (tail: Buffer, isWhole: boolean) => boolean>> = {
	csv: withRows,
	tsv: withRows,
	dat: withRows,
	jsonl: withLineEnd,
	json: (tail) => /[\]}]\s*$/.test(tail.toString('utf8')),
	zip: withDirectory,
	xlsx: withDirectory,
	parquet: (tail) => tail.subarray(-4).toString('latin1') === 'PAR1',
};
