import {basename} from 'node:path';
import type {ReadOptions} from '../../model/read-options.js';
import {firstRow} from './csv/read-csv.js';
import {rawPages} from './raw-pages.js';

type Asked = {
	/** Absolute path of the file that is read, and the name it came with. */
	readonly path: string;
	readonly name: string;
	readonly maxInputBytes: number;
	readonly read: ReadOptions;
	/** Absolute path of the connector's sample file; null or absent where it has none. */
	readonly sample?: string | null;
};

/** How a file is read, with the delimiter of its connector's sample, which decides where two divide the file alike (SPEC 4). */
export async function withSampleDelimiter({path, name, maxInputBytes, read, sample = null}: Asked): Promise<ReadOptions> {
	if (sample === null || sample === path || read.delimiter !== null) return read;
	if (![name, basename(sample)].every((file) => /\.(csv|tsv|dat|csv\.gz|zip)$/i.test(file))) return read;
	try {
		const [page] = await rawPages(sample, basename(sample), maxInputBytes, read);
		const row = page?.kind === 'text' ? firstRow(page, page.name, read) : null;
		// One column is divided by nothing.
		return row === null || row.headers.length < 2 ? read : {...read, sampleDelimiter: row.delimiter};
	} catch {
		// A sample that cannot be read is told by `validate`.
		return read;
	}
}
