import type {IncomingField, Raw, Sought} from './incoming.js';

/** The rows of one chunk, column by column; rows are meant by their index in it, from 0. */
export type ChunkRows = {
	/** Number of the chunk, from 1; of the last one, where several are done together. */
	readonly chunk: number;
	/** Number of the first of those. */
	readonly first: number;
	/** Row numbers within the scope. */
	readonly rows: readonly number[];
	/** Warnings that the rows come with, as the JSON text of an array, or null. */
	readonly warnings: Raw;
	/** The step's variables, in the order of its columns. */
	readonly raw: readonly Raw[];
};

/** All that is known of a chunk before its rows are decided one by one. */
export type ChunkInput = ChunkRows & {
	/** In the order of `step.mapped`. Related records are ids, but for relations to the object itself: those are still as given. */
	readonly incoming: readonly IncomingField[];
	/** In the order of `step.rules`. */
	readonly sought: readonly Sought[];
	/** The options that fields have, by position. */
	readonly options: ReadonlyMap<number, ReadonlySet<string>>;
	/** What a record that is pushed aside gets behind its identifier: ` (archived 2026-11-20T14:22:05Z)`. */
	readonly asideMark: string;
	/** Which records' events somebody listens to. */
	readonly fires: {readonly created: boolean; readonly updated: boolean};
	/** A new UUID. */
	newId(): string;
	/** The ids that rows gave to records they created, kept while the chunk is planned again: related records are asked for by them. */
	readonly idsGiven: (string | undefined)[];
};
