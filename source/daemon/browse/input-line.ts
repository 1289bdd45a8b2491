import {createReadStream} from 'node:fs';
import {createInterface} from 'node:readline';

const readable = /\.(csv|tsv|dat|jsonl)$/i;

/** The text of a line of a plain input file, lines counted from 1; null for archives, workbooks, UTF-16, and lines that are not there. */
export async function inputLine(file: string, line: number): Promise<string | null> {
	if (!readable.test(file)) return null;
	const stream = createReadStream(file, {highWaterMark: 1 << 20});
	const lines = createInterface({input: stream, crlfDelay: Number.POSITIVE_INFINITY});
	try {
		let number = 0;
		for await (const text of lines) {
			if (++number === 1 && text.includes('\0')) return null;
			if (number === line) return number === 1 ? text.replace(/^\uFEFF/, '') : text;
		}
		return null;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
		throw error;
	} finally {
		stream.destroy();
	}
}
