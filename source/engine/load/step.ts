import type {Connector} from '../../model/connector.js';
import type {ObjectDefinition} from '../../model/object.js';
import {addCounts, type Counts, noCounts} from '../../model/outcome.js';
import type {ColumnBlock} from '../../model/sql-session.js';
import type {RecordStore} from '../../store/record-store.js';
import {failpoint} from '../failpoint.js';
import type {Locale} from '../job.js';
import {asideMark} from './aside.js';
import type {ChunkRows} from './chunk-input.js';
import {chunksOf, cutIntoChunks, oneAhead} from './chunks.js';
import {compileStep} from './compile.js';
import {firesOf, type Listeners} from './events.js';
import {newId} from './ids.js';
import type {ChunkPlan} from './plan.js';
import {planRows} from './plan-rows.js';
import {encodeSegment, SegmentWriter} from './segment.js';

export type StepRequest = {
	readonly execution: string;
	readonly lease: number;
	readonly connector: Connector;
	readonly objects: readonly ObjectDefinition[];
	readonly locale: Locale;
	/** The step's number, from 1. */
	readonly step: number;
	/** The execution's folder, absolute. */
	readonly folder: string;
	/** Records, or the overlay of a dry run: nothing here knows. */
	readonly store: RecordStore;
	/** All rows of the step's scope, those that were skipped before included: chunks are cut by their numbers. */
	readonly rows: number;
	/** The rows to work on, as `stepBlocks` brings them. */
	readonly blocks: AsyncIterable<ColumnBlock>;
	/** The last chunk that an earlier runner committed; 0 for none. */
	readonly afterChunk: number;
	/** Which normal triggers listen to the step's object; events that nobody would hear are not written. */
	readonly listeners: Listeners;
	/** Asked before each chunk. */
	shouldStop(): boolean;
	/** Told after each commit. */
	onChunk(progress: StepProgress): void;
	/** For tests; the wall clock otherwise. */
	now?(): Date;
};

/** How far a step is. `counts` and `events` are of the chunks of this call alone, not of those before `afterChunk`. */
export type StepProgress = {readonly chunks: number; readonly chunksDone: number; readonly counts: Counts; readonly events: number};

/** `stopped`: `chunksDone` chunks are through, and there are rows after them. */
export type StepResult = StepProgress & {readonly state: 'completed' | 'stopped'};

/**
 * Runs one load step over its rows, chunk by chunk (SPEC 8, 9): look up, plan, write the result segment, commit.
 *
 * A chunk whose rows were all skipped before is passed over, without a commit. Rows fail alone; what throws is a store, a disk or a
 * broken promise, and leaves everything up to the last commit as it is.
 *
 * @throws SluiceError `lease.lost`, `load.segment_not_written`, `load.out_of_order`, `load.unaccounted`
 */
export async function runLoadStep(request: StepRequest): Promise<StepResult> {
	const {connector, objects, locale, store} = request;
	const {chunkSize} = connector.settings;
	const step = compileStep(connector, objects, request.step, locale);
	const fires = firesOf(step, request.listeners);
	const segments = new SegmentWriter(request.folder, step);
	await segments.prepare();
	const object = step.object.apiName;
	const chunks = chunksOf(request.rows, chunkSize);
	let done: StepProgress = {chunks, chunksDone: request.afterChunk, counts: noCounts, events: 0};
	for await (const rows of cutIntoChunks(oneAhead(request.blocks), chunkSize, request.afterChunk * chunkSize)) {
		if (request.shouldStop()) return {...done, chunksDone: Math.max(done.chunksDone, rows.chunk - 1), state: 'stopped'};
		const plan = await runChunk(rows);
		const events = done.events + plan.writes.events.length;
		done = {chunks, chunksDone: rows.chunk, counts: addCounts(done.counts, plan.counts), events};
		request.onChunk(done);
	}
	return {...done, chunksDone: chunks, state: 'completed'};

	/** What is looked up holds until the commit: the store keeps other writers out from `beginChunk` on. */
	async function runChunk(rows: ChunkRows): Promise<ChunkPlan> {
		await store.beginChunk();
		try {
			failpoint('runner.chunk.begun');
			const mark = asideMark(request.now?.() ?? new Date());
			const plan = await planRows(step, rows, store, {asideMark: mark, fires, newId});
			await segments.write(rows.chunk, encodeSegment(rows.rows, plan.results));
			failpoint('runner.segment.written');
			const {execution, lease} = request;
			failpoint('runner.commit.before');
			await store.commitChunk({execution, lease, step: step.number, chunk: rows.chunk, object, ...plan.writes, counts: plan.counts});
			failpoint('runner.commit.after');
			return plan;
		} catch (error) {
			await store.abandonChunk();
			throw error;
		}
	}
}
