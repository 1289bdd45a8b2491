import {type Counts, noCounts} from '../../../model/outcome.js';
import {newIdBytes} from '../../../platform/uuid7.js';
import type {RecordStore} from '../../../store/record-store.js';
import type {CompiledStep} from '../plan/compile-step.js';
import type {SegmentWriter} from '../results/segment.js';
import type {BulkChunk} from './bulk-chunks.js';
import type {BulkStep} from './bulk-step.js';

/**
 * Writes the chunks of a plain step that can be written as they stand: all rows become records, or all are of records that exist. How the
 * last chunk ended is tried first with the next one.
 */
export class BulkWriter {
	readonly #step: CompiledStep;
	readonly #plain: BulkStep;
	readonly #store: RecordStore;
	readonly #segments: SegmentWriter;
	#ways: readonly ((chunk: BulkChunk, next: Promise<BulkChunk | null>) => Promise<Counts | null>)[];
	#begun: BegunSegment | null = null;
	#atHand: BulkChunk | null = null;

	constructor(step: CompiledStep, plain: BulkStep, store: RecordStore, segments: SegmentWriter) {
		this.#step = step;
		this.#plain = plain;
		this.#store = store;
		this.#segments = segments;
		this.#ways = [(chunk, next) => this.#create(chunk, next), (chunk) => this.#update(chunk)];
	}

	/**
	 * Writes records and segment of a chunk that was begun; it is the caller's to commit.
	 *
	 * @param next the chunk that comes then, where it is known
	 * @returns null where the rows end in different ways: the chunk is to be given up then, and goes the general way
	 */
	async write(chunk: BulkChunk, next: Promise<BulkChunk | null>): Promise<Counts | null> {
		for (const way of this.#ways) {
			const counts = await way(chunk, next);
			if (counts === null) continue;
			this.#ways = [way, ...this.#ways.filter((other) => other !== way)];
			return counts;
		}
		return null;
	}

	/** Whether rows like those of a chunk that went the general way might be written plainly. */
	mightWrite({created, updated, errored}: Counts, rows: number): boolean {
		return created === rows || (this.#plain.updates !== null && created === 0 && errored === 0 && updated > 0);
	}

	/**
	 * why the next chunk's segment is begun here: the disk takes it while this chunk is committed, and has it by the time that one is. A segment
	 * that no commit follows counts for nothing.
	 */
	async #create(chunk: BulkChunk, next: Promise<BulkChunk | null>): Promise<Counts | null> {
		const {ids, kept} = this.#begun?.of === chunk ? this.#begun : this.#begin(chunk);
		this.#begun = null;
		this.#atHand = chunk;
		const {rows, bytes, warned} = chunk;
		const object = this.#step.object.apiName;
		const created = await this.#store.createPlainly?.({object, fields: this.#names(), rows: bytes, count: rows.length, ids});
		if (created) {
			void next.then((then) => {
				// why only while this one is at hand: a segment that is begun twice would have other ids than the records
				if (then?.plain && this.#atHand === chunk) this.#begun = this.#begin(then);
			});
		}
		await kept;
		return created ? {...noCounts, created: rows.length, warnings: warned} : null;
	}

	#begin(of: BulkChunk): BegunSegment {
		const ids = newIdBytes(of.rows.length);
		const kept = this.#segments.writeCreated(of, of.rows, ids);
		// why: it may fail before its chunk's turn, which then is told
		kept.catch(() => undefined);
		return {of, ids, kept};
	}

	async #update({chunk, first, rows, bytes, warned}: BulkChunk): Promise<Counts | null> {
		const {updates} = this.#plain;
		if (updates === null) return null;
		const fields = this.#names().flatMap((name, position) => {
			const conflict = updates[position];
			return conflict ? [{name, conflict}] : [];
		});
		const object = this.#step.object.apiName;
		const done = await this.#store.updatePlainly?.({object, fields, rows: bytes, count: rows.length});
		if (!done) return null;
		await this.#segments.writeUpdated({chunk, first}, done.lines);
		return {...noCounts, updated: done.updated, skipped: rows.length - done.updated, warnings: warned};
	}

	/** The step's fields, in the order in which a row of `plainSelect` has their values. */
	#names(): readonly string[] {
		return this.#step.mapped.map(({field}) => field.apiName);
	}
}

/** The segment of a chunk whose rows are to become records, and what makes it known that it is on disk. */
type BegunSegment = {readonly of: BulkChunk; readonly ids: Uint8Array; readonly kept: Promise<void>};
