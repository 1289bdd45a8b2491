import {SluiceError} from '../../model/errors.js';
import {addCounts, type Counts, noCounts} from '../../model/outcome.js';
import {own} from '../../model/own.js';
import {failpoint} from '../../platform/failpoint.js';
import type {Checkpoint, RecordStore} from '../../store/record-store.js';
import {chunksOf} from '../load/chunks.js';
import {damagedResults} from '../load/results/damaged-results.js';
import {keepRelatedNames} from '../load/results/related-names.js';
import {countSkippedBefore, StepTable} from '../load/results/step-table.js';
import {runLoadStep} from '../load/step.js';
import type {StepRows} from '../load/step-select.js';
import {stepSource} from '../load/step-source.js';
import {wouldFire} from '../load/would-fire.js';
import type {ExecutionJob} from '../protocol.js';
import type {SqlWorker} from '../sql/worker-session.js';
import type {ExecutionProgress} from './progress.js';
import type {Prepared} from './resume-point.js';
import {Stopped, type StopRequest} from './stop-request.js';

export type LoadRun = {
	readonly job: ExecutionJob;
	readonly prepared: Prepared;
	readonly worker: SqlWorker;
	readonly store: RecordStore;
	readonly progress: ExecutionProgress;
	readonly stop: StopRequest;
	/** Told when a step's table stands. */
	readonly onMerged: (step: number) => void;
};

/**
 * The load steps, strictly one after the other, each from its first uncommitted chunk (SPEC 8, 9). Whatever ends a step early, the rows
 * that were committed are in its table.
 *
 * @throws Stopped at a chunk boundary; SluiceError `load.*`, `store.*`, `lease.lost`
 */
export async function runLoadSteps(run: LoadRun): Promise<void> {
	const checkpoints = await run.store.checkpoints(run.job.id);
	for (const [index] of run.job.connector.loadSteps.entries()) {
		const step = index + 1;
		await runStep(
			run,
			step,
			checkpoints.filter((checkpoint) => checkpoint.step === step),
		);
	}
}

async function runStep(
	{job, prepared, worker, store, progress, stop, onMerged}: LoadRun,
	step: number,
	committed: readonly Checkpoint[],
): Promise<void> {
	const {connector} = job;
	const {scope, object} = connector.loadSteps[step - 1] ?? {scope: '', object: ''};
	const stage = `load:${step}` as const;
	const rows = prepared.scopes.find((candidate) => candidate.scope === scope)?.rows ?? 0;
	const of: StepRows = {connector, step, diff: prepared.diff};
	const {chunkSize} = connector.settings;
	const chunks = chunksOf(rows, chunkSize);
	const afterChunk = committed.at(-1)?.chunk ?? 0;
	const before = committed.reduce<Counts>((sum, {counts}) => addCounts(sum, counts), noCounts);
	const at = (done: number) => `${stage}, chunk ${done} of ${chunks}`;
	if (afterChunk === 0) stop.check(at(0));
	progress.loaded(stage, chunks, afterChunk, before);
	progress.begin(stage);
	const table = new StepTable(worker, job.folder, of);
	await table.begin();
	const keepNames = () => keepRelatedNames(worker, store, {connector, objects: job.objects, step});
	const skippedBefore = countSkippedBefore(worker, of);
	skippedBefore.catch(() => undefined);
	let reached = afterChunk;
	let counts = before;
	try {
		if (afterChunk < chunks) stop.check(at(afterChunk));
		const result = await runLoadStep({
			execution: job.id,
			lease: job.lease,
			connector,
			objects: job.objects,
			locale: job.locale,
			step,
			folder: job.folder,
			store,
			rows,
			source: stepSource(worker, of),
			afterChunk,
			listeners: own(job.listeners, object) ?? {created: false, updated: false},
			shouldStop: () => stop.kind !== null,
			onChunk: (done) => {
				reached = done.chunksDone;
				counts = addCounts(before, done.counts);
				table.follow(reached);
				progress.loaded(stage, chunks, reached, counts);
				if (job.mode === 'live') refuseTooManyErrors(job, counts, at(reached));
			},
		});
		if (result.state === 'stopped' && stop.kind) throw new Stopped(stop.kind, at(result.chunksDone));
		reached = chunks;
	} catch (error) {
		await keepWhatWasCommitted(table, reached, keepNames);
		throw error;
	}
	failpoint('runner.merge.before');
	const all = addCounts(counts, await skippedBefore);
	await mergeWhole({store, job}, table, step, chunks, rows);
	await keepNames();
	failpoint('runner.merge.after');
	onMerged(step);
	progress.loaded(stage, chunks, chunks, all);
	if (job.mode === 'dry') progress.wouldFire(stage, await wouldFire(worker, of, job.automations ?? []));
	const accounted = all.created + all.updated + all.skipped + all.errored;
	if (accounted !== rows) throw new SluiceError('internal', `${stage} accounts for ${accounted} rows of ${rows}`, {where: stage});
	progress.end(stage, 'completed', rows);
}

/**
 * Makes the step's table, which must hold every row of its scope: the results of committed chunks are in their segments alone.
 *
 * @throws SluiceError `load.results_damaged` when a segment is missing or cut; the table then holds what could be read
 */
async function mergeWhole(
	{store, job}: Pick<LoadRun, 'store' | 'job'>,
	table: StepTable,
	step: number,
	chunks: number,
	rows: number,
): Promise<void> {
	let failure: unknown = null;
	try {
		await table.take(chunks);
		await table.finish();
		if ((await table.rows()) === rows) return;
	} catch (error) {
		if (!(error instanceof SluiceError) || error.code !== 'sql.failed') throw error;
		failure = error;
	}
	const committed = (await store.checkpoints(job.id)).filter((checkpoint) => checkpoint.step === step);
	const damaged = await table.damaged(committed);
	if (damaged.length === 0 && failure !== null) throw failure;
	await table.takeAllBut(damaged, chunks);
	throw damagedResults(`load:${step}`, damaged, failure);
}

/** The table of the step that was under way, from what was committed of it. Its own failure must not hide the first one. */
export async function keepCommitted({job, prepared, worker, store, progress}: LoadRun): Promise<void> {
	const step = Number(/^load:(\d+)$/.exec(progress.running() ?? '')?.[1] ?? 0);
	if (step === 0) return;
	const table = new StepTable(worker, job.folder, {connector: job.connector, step, diff: prepared.diff});
	try {
		const chunk = (await store.checkpoints(job.id)).filter((checkpoint) => checkpoint.step === step).at(-1)?.chunk ?? 0;
		await table.begin();
		await keepWhatWasCommitted(table, chunk, () => keepRelatedNames(worker, store, {connector: job.connector, objects: job.objects, step}));
	} catch {
		// The engine may be what failed. The report is built from what there is.
	}
}

/** The table of a step that ended early, so that report and `rows` show what was committed. Its own failure must not hide the first one. */
async function keepWhatWasCommitted(table: StepTable, upToChunk: number, keepNames: () => Promise<void>): Promise<void> {
	try {
		await table.take(upToChunk);
		await table.finish();
		await keepNames();
	} catch {
		// why: the engine may be what failed; the segments stay, and the report is built from what there is
	}
}

/** `stop_after`: a live run that goes this wrong stops at its chunk (SPEC 2.2). */
function refuseTooManyErrors({connector}: ExecutionJob, counts: Counts, at: string): void {
	const {stopAfter} = connector.settings;
	if (!stopAfter) return;
	const done = counts.created + counts.updated + counts.skipped + counts.errored;
	const percent = done === 0 ? 0 : (counts.errored / done) * 100;
	const tooMany = stopAfter.errors !== null && counts.errored >= stopAfter.errors;
	const tooGreat = stopAfter.percent !== null && percent >= stopAfter.percent;
	if (!tooMany && !tooGreat) return;
	throw new SluiceError('load.stop_after', `${counts.errored} of ${done} rows errored, more than stop_after allows`, {
		where: at,
		expected: [
			stopAfter.errors === null ? '' : `fewer than ${stopAfter.errors} errors`,
			stopAfter.percent === null ? '' : `under ${stopAfter.percent} %`,
		]
			.filter(Boolean)
			.join(', '),
	});
}
