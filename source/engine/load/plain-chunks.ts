import {outOfOrder} from './chunks.js';

/** The rows of one chunk as lines of `plainSelect`. */
export type PlainChunk = {
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
	/** A JSON array of the rows' arrays, in UTF-8. */
	readonly values: Buffer;
};

const lineBreak = 0x0a;
const comma = 0x2c;
const one = 0x31;
const open = Buffer.from('[');
const close = 0x5d;

/**
 * Cuts lines into chunks by row number, as `cutIntoChunks` does with columns. No row is taken apart: its number and marks are read where
 * they stand, at the line's begin, and line breaks become the commas of the chunk's array.
 *
 * @param blocks whole lines each; they are written to
 * @throws SluiceError `load.out_of_order` when a row number does not grow
 */
export async function* cutLines(blocks: AsyncIterable<Buffer>, chunkSize: number, afterRow: number): AsyncGenerator<PlainChunk> {
	let parts: Buffer[] = [];
	let rows = new Uint32Array(chunkSize);
	let held = 0;
	let warned = 0;
	let plain = true;
	let chunk = 0;
	let last = afterRow;

	function taken(): PlainChunk {
		const values = Buffer.concat([open, ...parts]);
		values[values.length - 1] = close;
		const whole = {chunk, first: chunk, rows: rows.subarray(0, held), warned, plain, values};
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
			const end = block.indexOf(lineBreak, at);
			let digit = at + 1;
			let row = 0;
			for (let code = block[digit] ?? 0; code !== comma; code = block[++digit] ?? 0) row = row * 10 + code - 0x30;
			if (row <= last) throw outOfOrder(row, last);
			last = row;
			const next = Math.ceil(row / chunkSize);
			if (next !== chunk && held > 0) {
				parts.push(block.subarray(from, at));
				yield taken();
				from = at;
			}
			chunk = next;
			// Why these places: the engine writes `[17, 0, 1, ...`, a comma and a blank between members.
			if (block[digit + 2] === one) warned++;
			if (block[digit + 5] !== one) plain = false;
			rows[held++] = row;
			block[end] = comma;
			at = end + 1;
		}
		if (from < block.length) parts.push(block.subarray(from));
	}
	if (held > 0) yield taken();
}
