import type {Connector} from '../../model/connector.js';
import type {ObjectDefinition} from '../../model/object.js';
import {addCounts, type Counts, noCounts} from '../../model/outcome.js';
import {failpoint} from '../../platform/failpoint.js';
import {newId} from '../../platform/uuid7.js';
import type {ChunkCommit, RecordStore} from '../../store/record-store.js';
import type {Locale} from '../protocol.js';
import type {BulkChunk} from './bulk/bulk-chunks.js';
import {bulkStep} from './bulk/bulk-step.js';
import {BulkWriter} from './bulk/bulk-writer.js';
import {type ChunkPath, chunkStream, type StepSource} from './chunk-stream.js';
import {chunksOf} from './chunks.js';
import type {ChunkRows} from './plan/chunk-input.js';
import {compileStep} from './plan/compile-step.js';
import {firesOf, type Listeners} from './plan/events.js';
import {planRows} from './plan/plan-rows.js';
import {asideMark} from './plan/rename-archived.js';
import {encodeSegment, SegmentWriter} from './results/segment.js';

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
	/** The rows to work on. */
	readonly source: StepSource;
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
 * A chunk whose rows were all skipped before is passed over, without a commit; chunks with few rows left are done together, as one. Rows
 * fail alone; what throws is a store, a disk or a
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
	const plain = store.createPlainly ? bulkStep(step, fires) : null;
	const writer = plain && new BulkWriter(step, plain, store, segments);
	const way: ChunkPath = {plain: plain !== null};
	let done: StepProgress = {chunks, chunksDone: request.afterChunk, counts: noCounts, events: 0};
	const extent = {rows: request.rows, chunkSize, afterChunk: request.afterChunk};
	for await (const work of chunkStream(request.source, plain, way, extent)) {
		const {chunk, first} = 'plain' in work ? work.plain : work.general;
		if (request.shouldStop()) return {...done, chunksDone: Math.max(done.chunksDone, first - 1), state: 'stopped'};
		const {counts, events} = 'plain' in work ? await runPlain(work.plain, work.next) : await runGeneral(work.general);
		if (events === null) continue;
		done = {chunks, chunksDone: chunk, counts: addCounts(done.counts, counts), events: done.events + events};
		request.onChunk(done);
	}
	return {...done, chunksDone: chunks, state: 'completed'};

	async function runGeneral(rows: ChunkRows): Promise<ChunkEnd> {
		return inChunk(async () => {
			const mark = asideMark(request.now?.() ?? new Date());
			const {results, counts, writes} = await planRows(step, rows, store, {asideMark: mark, fires, newId});
			await segments.write(rows, encodeSegment(rows.rows, results));
			await commit(rows.chunk, {...writes, counts});
			way.plain = writer?.mightWrite(counts, rows.rows.length) ?? false;
			return {counts, events: writes.events.length};
		});
	}

	/** All rows of the chunk end in the same way, or nothing of it is written: it comes again, the general way. */
	async function runPlain(rows: BulkChunk, next: Promise<BulkChunk | null>): Promise<ChunkEnd> {
		return inChunk(async () => {
			const counts = (await writer?.write(rows, next)) ?? null;
			if (counts === null) {
				way.plain = false;
				await store.abandonChunk();
				return {counts: noCounts, events: null};
			}
			await commit(rows.chunk, {fields: [], pushAsides: [], creates: [], updates: [], options: [], events: [], counts});
			return {counts, events: 0};
		});
	}

	/** What is looked up holds until the commit: the store keeps other writers out from `beginChunk` on. */
	async function inChunk<Result>(work: () => Promise<Result>): Promise<Result> {
		await store.beginChunk();
		try {
			failpoint('runner.chunk.begun');
			return await work();
		} catch (error) {
			await store.abandonChunk();
			throw error;
		}
	}

	async function commit(chunk: number, writes: Omit<ChunkCommit, 'execution' | 'lease' | 'step' | 'chunk' | 'object'>): Promise<void> {
		failpoint('runner.segment.written');
		const {execution, lease} = request;
		failpoint('runner.commit.before');
		await store.commitChunk({execution, lease, step: step.number, chunk, object, ...writes});
		failpoint('runner.commit.after');
	}
}

/** `events` is null where nothing was committed. */
type ChunkEnd = {readonly counts: Counts; readonly events: number | null};
