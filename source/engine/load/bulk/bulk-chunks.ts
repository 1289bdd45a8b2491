import {rowEnd, rowMarks, rowNumber} from '../../../model/plain-row.js';
import {outOfOrder} from '../chunks.js';

/** The rows of one chunk as `plainSelect` gives them. */
export type BulkChunk = {
	/** Number of the chunk, from 1; of the last one, where several are done together. */
	readonly chunk: number;
	/** Number of the first of those. */
	readonly first: number;
	/** Row numbers within the scope. */
	readonly rows: Uint32Array;
	/** How many of them carry warnings. */
	readonly warned: number;
	/** Whether all of them may become records as they stand. */
	readonly plain: boolean;
	/** The rows, one behind the other (`model/plain-row`). */
	readonly bytes: Buffer;
};

/**
 * Cuts rows into chunks by their number, as `cutIntoChunks` does with columns. No row is taken apart: its number and marks are read where
 * they stand, at its begin.
 *
 * @param blocks whole rows each, of so many `fields`
 * @throws SluiceError `load.out_of_order` when a row number does not grow
 */
export async function* cutBulkRows(
	blocks: AsyncIterable<Buffer>,
	fields: number,
	chunkSize: number,
	afterRow: number,
): AsyncGenerator<BulkChunk> {
	let parts: Buffer[] = [];
	let rows = new Uint32Array(chunkSize);
	let held = 0;
	let warned = 0;
	let plain = true;
	let chunk = 0;
	let last = afterRow;

	function taken(): BulkChunk {
		// why not always joined: half of the chunks lie in one block, and each buffer less is memory that need not be collected
		const [alone] = parts;
		const bytes = alone && parts.length === 1 ? alone : Buffer.concat(parts);
		const whole = {chunk, first: chunk, rows: rows.subarray(0, held), warned, plain, bytes};
		parts = [];
		rows = new Uint32Array(chunkSize);
		held = 0;
		warned = 0;
		plain = true;
		return whole;
	}

	for await (const block of blocks) {
		let from = 0;
		for (let at = 0; at < block.length; ) {
			const row = rowNumber(block, at);
			if (row <= last) throw outOfOrder(row, last);
			last = row;
			const next = Math.ceil(row / chunkSize);
			if (next !== chunk && held > 0) {
				parts.push(block.subarray(from, at));
				yield taken();
				from = at;
			}
			chunk = next;
			if (block[at + rowMarks.warned] === 1) warned++;
			if (block[at + rowMarks.plain] !== 1) plain = false;
			rows[held++] = row;
			at = rowEnd(block, at, fields);
		}
		if (from < block.length) parts.push(block.subarray(from));
	}
	if (held > 0) yield taken();
}
