import {SluiceError} from '../../model/errors.js';
import type {ColumnBlock} from '../../model/sql-session.js';
import type {ChunkRows} from './plan/chunk-input.js';

/** Number of chunks that a scope of `rows` rows is cut into (SPEC 9). */
export function chunksOf(rows: number, chunkSize: number): number {
	return Math.ceil(rows / chunkSize);
}

/**
 * Cuts blocks of rows into chunks by row number: chunk k holds the rows over (k-1) x chunkSize up to k x chunkSize. Chunks without rows
 * do not appear.
 *
 * @param blocks columns `__row`, `__warnings`, then the step's variables; ordered by `__row`
 * @throws SluiceError `load.out_of_order` when a row number does not grow
 */
export async function* cutIntoChunks(blocks: AsyncIterable<ColumnBlock>, chunkSize: number, afterRow: number): AsyncGenerator<ChunkRows> {
	let parts: ColumnBlock[] = [];
	let chunk = 0;
	let last = afterRow;
	for await (const block of blocks) {
		const rows = block[0] ?? [];
		for (let from = 0; from < rows.length; ) {
			const next = Math.ceil(Number(rows[from]) / chunkSize);
			if (next !== chunk && parts.length > 0) {
				yield joined(chunk, parts);
				parts = [];
			}
			chunk = next;
			let to = from;
			for (; to < rows.length && Number(rows[to]) <= chunk * chunkSize; to++) {
				if (Number(rows[to]) <= last) throw outOfOrder(Number(rows[to]), last);
				last = Number(rows[to]);
			}
			if (to === from) throw outOfOrder(Number(rows[from]), last);
			parts.push(from === 0 && to === rows.length ? block : block.map((column) => column.slice(from, to)));
			from = to;
		}
	}
	if (parts.length > 0) yield joined(chunk, parts);
}

function joined(chunk: number, parts: readonly ColumnBlock[]): ChunkRows {
	const [first = []] = parts;
	const columns =
		parts.length === 1 ? first : first.map((column, index) => column.concat(...parts.slice(1).map((part) => part[index] ?? [])));
	const [rows = [], warnings = [], ...raw] = columns;
	return {chunk, first: chunk, rows: rows.map(Number), warnings, raw};
}

/** Rows must come in the order of their numbers: chunks are cut by them. */
export function outOfOrder(row: number, last: number): SluiceError {
	return new SluiceError('load.out_of_order', `Row ${row} came after row ${last}`, {expected: 'rows in the order of their numbers'});
}
