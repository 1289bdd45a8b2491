import {type Counts, noCounts} from '../../model/outcome.js';
import type {RecordStore} from '../../store/record-store.js';
import type {CompiledStep} from './compile.js';
import {newIdBytes} from './ids.js';
import type {PlainStep} from './plain.js';
import type {PlainChunk} from './plain-chunks.js';
import type {SegmentWriter} from './segment.js';

/**
 * Writes the chunks of a plain step that can be written as they stand: all rows become records, or all are of records that exist. How the
 * last chunk ended is tried first with the next one.
 */
export class PlainWriter {
	readonly #step: CompiledStep;
	readonly #plain: PlainStep;
	readonly #store: RecordStore;
	readonly #segments: SegmentWriter;
	#ways: readonly ((chunk: PlainChunk) => Promise<Counts | null>)[];

	constructor(step: CompiledStep, plain: PlainStep, store: RecordStore, segments: SegmentWriter) {
		this.#step = step;
		this.#plain = plain;
		this.#store = store;
		this.#segments = segments;
		this.#ways = [(chunk) => this.#create(chunk), (chunk) => this.#update(chunk)];
	}

	/**
	 * Writes records and segment of a chunk that was begun; it is the caller's to commit.
	 *
	 * @returns null where the rows end in different ways: the chunk is to be given up then, and goes the general way
	 */
	async write(chunk: PlainChunk): Promise<Counts | null> {
		for (const way of this.#ways) {
			const counts = await way(chunk);
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

	async #create({chunk, first, rows, bytes, warned}: PlainChunk): Promise<Counts | null> {
		const ids = newIdBytes(rows.length);
		// why begun first: the disk takes the segment while the store makes the records
		const kept = this.#segments.writeCreated({chunk, first}, rows, ids);
		const object = this.#step.object.apiName;
		const [created] = await Promise.all([
			this.#store.createPlainly?.({object, fields: this.#names(), rows: bytes, count: rows.length, ids}),
			kept,
		]);
		return created ? {...noCounts, created: rows.length, warnings: warned} : null;
	}

	async #update({chunk, first, rows, bytes, warned}: PlainChunk): Promise<Counts | null> {
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
