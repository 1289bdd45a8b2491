import {SluiceError} from '../../model/errors.js';
import {type NewFile, writeNew} from '../../platform/files/new-file.js';

type Row = readonly (string | null)[];

/**
 * Writes rows of text to a new CSV file: NULL is a blank cell, the empty text a quoted one.
 *
 * @throws SluiceError `intake.too_large` when the rows are more than an input may hold
 */
export async function writeCsv(
	to: string,
	columns: readonly string[],
	rows: AsyncIterable<Row>,
	{look, atMost}: {look(row: Row): void; atMost: number},
): Promise<void> {
	let [text, bytes] = [lineOf(columns), 0];
	const flush = async (file: NewFile): Promise<void> => {
		bytes += Buffer.byteLength(text);
		if (bytes > atMost) {
			throw new SluiceError('intake.too_large', `The source gives more than ${atMost} bytes`, {expected: 'limits.max_input_bytes at most'});
		}
		await file.write(text);
		text = '';
	};
	await writeNew(to, async (file) => {
		for await (const row of rows) {
			look(row);
			text += lineOf(row);
			if (text.length > 1 << 20) await flush(file);
		}
		await flush(file);
	});
}

function lineOf(cells: Row): string {
	return `${cells.map((cell) => (cell === null ? '' : cellOf(cell))).join(',')}\n`;
}

/** Quoted where it holds anything that could be taken for a delimiter: the reader detects which one a file has. */
function cellOf(text: string): string {
	if (text !== '' && !/[",\r\n;|\t]/.test(text)) return text;
	return `"${text.replaceAll('"', '""')}"`;
}
