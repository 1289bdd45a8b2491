import type {ColumnBlock} from '../../model/sql-session.js';
import {type BulkChunk, cutBulkRows} from './bulk/bulk-chunks.js';
import type {BulkStep} from './bulk/bulk-step.js';
import {chunksOf, cutIntoChunks} from './chunks.js';
import {coalesce, joinBulkRows, joinRows} from './coalesce.js';
import type {ChunkRows} from './plan/chunk-input.js';
import {RangesAhead, withNext} from './read-ahead.js';
import type {RowRange} from './step-select.js';

/** Rows of one question. Why ranges: joins and sorts stay small whatever the input, and other questions to the engine get their turn in between. */
const rangeRows = 200_000;

/** Where a step's rows come from, in order, those alone that it works on. */
export type StepSource = {
	/** Columns `__row`, `__warnings` (JSON text of an array, or null), then the step's variables. */
	blocks(range: RowRange): AsyncIterable<ColumnBlock>;
	/** The same rows as `plainSelect` gives them. */
	plainRows?(plain: BulkStep, range: RowRange): AsyncIterable<Buffer>;
};

/**
 * Which way chunks go. Whoever works on them says: `plain` is set to false for a chunk that turned out to need the general way, and to
 * true when all rows of a chunk became new records, so that the next ones may too.
 */
export type ChunkPath = {plain: boolean};

type Extent = {readonly rows: number; readonly chunkSize: number; readonly afterChunk: number};

/** `next`: the chunk that comes then, if all goes well; null where it is not known. */
export type ChunkWork = {readonly plain: BulkChunk; readonly next: Promise<BulkChunk | null>} | {readonly general: ChunkRows};

/** A step's chunks one after the other, each as its way asks for. A plain chunk that sets the way to general comes again, as rows. */
export async function* chunkStream(
	source: StepSource,
	plain: BulkStep | null,
	way: ChunkPath,
	{rows, chunkSize, afterChunk}: Extent,
): AsyncGenerator<ChunkWork> {
	const chunks = chunksOf(rows, chunkSize);
	const atOnce = Math.max(1, Math.floor(rangeRows / chunkSize));
	const between = (after: number, upTo: number): RowRange => ({afterRow: after * chunkSize, upToRow: Math.min(upTo * chunkSize, rows)});
	const {plainRows: read} = source;
	const asTheyStand = plain && read ? new RangesAhead((range) => read(plain, range)) : null;
	const blocks = new RangesAhead((range) => source.blocks(range));
	try {
		for (let done = afterChunk; done < chunks; ) {
			// why at these places whatever is done: which chunks are done together must not depend on where a run was interrupted
			const end = Math.min(chunks, (Math.floor(done / atOnce) + 1) * atOnce);
			const then = end < chunks ? between(end, Math.min(chunks, end + atOnce)) : null;
			if (way.plain && plain && asTheyStand) {
				await blocks.drop();
				const plainChunks = cutBulkRows(asTheyStand.rows(between(done, end), then), plain.fields.length, chunkSize, done * chunkSize);
				for await (const {member: found, next} of withNext(coalesce(plainChunks, chunkSize, joinBulkRows))) {
					if (found.plain) yield {plain: found, next};
					else way.plain = false;
					if (!way.plain) break;
					done = found.chunk;
				}
				if (way.plain) done = end;
				if (done === end) continue;
			}
			await asTheyStand?.drop();
			const chunksOfRows = cutIntoChunks(blocks.rows(between(done, end), then), chunkSize, done * chunkSize);
			for await (const general of coalesce(chunksOfRows, chunkSize, joinRows)) yield {general};
			done = end;
		}
	} finally {
		await asTheyStand?.drop();
		await blocks.drop();
	}
}
