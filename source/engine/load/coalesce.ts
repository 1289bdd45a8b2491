import type {BulkChunk} from './bulk/bulk-chunks.js';
import type {ChunkRows} from './plan/chunk-input.js';

/**
 * Makes one of chunks that follow each other, as long as they hold no more rows than a chunk may: a commit costs the same whatever is in it,
 * and of a million unchanged rows the few that are left lie in every chunk. Which chunks come together follows from their rows alone, so
 * that a dry run and a resumed one cut them alike.
 */
export async function* coalesce<Chunk extends {readonly rows: {readonly length: number}}>(
	chunks: AsyncIterable<Chunk>,
	chunkSize: number,
	join: (earlier: Chunk, later: Chunk) => Chunk,
): AsyncGenerator<Chunk> {
	let held: Chunk | null = null;
	for await (const chunk of chunks) {
		if (held !== null && held.rows.length + chunk.rows.length > chunkSize) {
			yield held;
			held = null;
		}
		held = held === null ? chunk : join(held, chunk);
		if (held.rows.length < chunkSize) continue;
		yield held;
		held = null;
	}
	if (held !== null) yield held;
}

export function joinRows(earlier: ChunkRows, later: ChunkRows): ChunkRows {
	return {
		chunk: later.chunk,
		first: earlier.first,
		rows: earlier.rows.concat(later.rows),
		warnings: earlier.warnings.concat(later.warnings),
		raw: earlier.raw.map((column, index) => column.concat(later.raw[index] ?? [])),
	};
}

export function joinBulkRows(earlier: BulkChunk, later: BulkChunk): BulkChunk {
	const rows = new Uint32Array(earlier.rows.length + later.rows.length);
	rows.set(earlier.rows);
	rows.set(later.rows, earlier.rows.length);
	return {
		chunk: later.chunk,
		first: earlier.first,
		rows,
		warned: earlier.warned + later.warned,
		plain: earlier.plain && later.plain,
		bytes: Buffer.concat([earlier.bytes, later.bytes]),
	};
}
