import {join} from 'node:path';
import {SluiceError, toSluiceError} from '../../model/errors.js';
import {type DiskTrouble, diskTroubleOf} from '../../platform/disk-trouble.js';
import {failpoint} from '../../platform/failpoint.js';
import type {ExecutionStore, LiveStore} from '../../store/record-store.js';
import {openStore} from '../../store/sqlite/open-store.js';
import {openOverlay} from '../../store/sqlite/overlay.js';
import {runExport} from '../export/run-export.js';
import type {Page} from '../intake/page.js';
import type {Closing, ExecutionJob} from '../protocol.js';
import type {RunnerLink} from '../runner-link.js';
import {keepBuilt} from '../sql/store-outputs.js';
import type {SqlWorker} from '../sql/worker-session.js';
import {ArtifactBuilder} from './background-artifacts.js';
import {buildReport} from './build-artifacts.js';
import {type Ending, keepEnding, readEnding} from './ending.js';
import {firstReasons} from './first-reasons.js';
import {startJobWorker} from './job-worker.js';
import {keepPages} from './keep-pages.js';
import {prepare} from './prepare.js';
import {ExecutionProgress} from './progress.js';
import {readPages} from './read-pages.js';
import {rememberRun} from './remember-run.js';
import {discardParts, discardUnfinishedArtifacts, discardUnprepared, readPrepared, staged} from './resume-point.js';
import {keepCommitted, type LoadRun, runLoadSteps} from './run-load-steps.js';
import {Stopped, StopRequest} from './stop-request.js';

/**
 * Carries one execution through its stages (SPEC 9): intake, sql, variables, diff, load steps, report. Takes up where an earlier runner of it
 * stopped. A disk that is full or fails is no end: the execution goes back to the queue with its checkpoint. Tells the daemon how it ended;
 * never throws.
 */
export async function runExecution(job: ExecutionJob, link: RunnerLink): Promise<void> {
	const earlier = readEnding(job.folder);
	if (earlier?.reported) {
		await discardParts(job.folder);
		link.send({type: 'ended', ...earlier.ending, progress: earlier.progress});
		return;
	}
	const progress = new ExecutionProgress(job.connector, link.send);
	if (job.closing) {
		link.stop.request('cancel');
		if (job.closing.progress && readPrepared(job.folder) === null) progress.restore(job.closing.progress);
	}
	let worker: SqlWorker | null = null;
	let beside: ArtifactBuilder | null = null;
	let pages: Promise<readonly Page[]> | null = null;
	let closing: Promise<void> = Promise.resolve();
	const store = await openExecutionStore(job).catch((error: unknown) => toSluiceError(error));
	let ending: Ending;
	try {
		if (store instanceof SluiceError) throw store;
		if (readPrepared(job.folder) === null) discardUnprepared(job.folder);
		discardUnfinishedArtifacts(job.folder);
		pages = earlier ? null : pagesAhead(job, progress);
		worker = await startEngine(job, link, progress);
		if (earlier) {
			progress.restore(earlier.progress);
			if (isOver(earlier.ending)) await forget(job, store, progress);
		} else {
			beside = new ArtifactBuilder(job, progress, worker);
			const restart = async () => {
				await worker?.kill();
				worker = await startEngine(job, link, progress);
				return worker;
			};
			await runStages(job, link, progress, {worker, store, beside, pages, restart});
		}
		ending = earlier?.ending ?? {result: progress.hasWarnings() ? 'warning' : 'completed', at: null, error: null};
	} catch (error) {
		// why waited for: what is still being read tells how far it is, and nothing may be told after the end
		await pages?.catch(() => undefined);
		ending = endingOf(error, progress, job.closing);
		if (isOver(ending) && !(store instanceof SluiceError)) {
			keepEnding(job.folder, {ending, progress: progress.snapshot(), reported: false});
			await forget(job, store, progress);
		}
	} finally {
		// why not awaited: what the disk takes for it, the report can be written in
		if (!(store instanceof SluiceError)) closing = closed(store, progress);
	}
	if (isOver(ending)) {
		ending = await report(job, link, progress, {worker, beside, pages}, ending);
		if (isOver(ending) && keepEnding(job.folder, {ending, progress: progress.snapshot(), reported: true})) await discardParts(job.folder);
	}
	await closing;
	link.answerRows = null;
	await worker?.kill();
	failpoint('runner.ended.before');
	link.send({type: 'ended', ...ending, progress: progress.snapshot()});
}

/**
 * The input, read while the engine starts; null where nothing is read: an export, rows of an earlier execution, or an execution that is
 * taken up behind its intake or only closed.
 */
function pagesAhead(job: ExecutionJob, progress: ExecutionProgress): Promise<readonly Page[]> | null {
	if (job.connector.export || job.failedRowsOf || job.closing || readPrepared(job.folder)) return null;
	const pages = readPages(job, progress);
	// why: whoever needs them hears of a failure; until then it must not count as unhandled
	pages.catch(() => undefined);
	return pages;
}

async function runStages(
	job: ExecutionJob,
	{stop}: RunnerLink,
	progress: ExecutionProgress,
	at: {
		worker: SqlWorker;
		store: ExecutionStore;
		beside: ArtifactBuilder;
		pages: Promise<readonly Page[]> | null;
		/** Starts the engine anew on the tables that stand. */
		restart: () => Promise<SqlWorker>;
	},
): Promise<void> {
	const {worker, store, beside} = at;
	const {id, lease, mode} = job;
	await store.takeLease(id, lease);
	failpoint('runner.lease.taken');
	if (job.connector.export) {
		await runExport(job, worker, store, progress, stop);
		return;
	}
	const interrupt = () => void worker.kill();
	// why nothing stops what is prepared: it is only read, and what was committed of it is accounted for further on
	const work = readPrepared(job.folder) ? new StopRequest() : stop;
	const prepared = await work.during('the input', interrupt, () => prepare(job, at, progress, work));
	const live = mode === 'live' ? (store as LiveStore) : null;
	const finished = (await live?.isLoadFinished(id)) ?? false;
	const load = {
		job,
		prepared,
		store,
		progress,
		// Run again when all is written: the tables of the steps may not have been merged. Nobody can stop it any more.
		stop: finished ? new StopRequest() : stop,
		onMerged: (step: number) => beside.stepMerged(step),
	};
	await acrossCrashes(worker, at.restart, load, async (engine) => {
		await runLoadSteps({...load, worker: engine});
		if (!live || finished) return;
		failpoint('runner.finish.before');
		await rememberRun(job, prepared, engine, live);
		failpoint('runner.finish.after');
	});
}

/** So often is an engine that stopped by itself started anew during the load of one run. */
const mostRestarts = 3;

/**
 * Loads with an engine that may stop by itself. Everything it needs is on disk: kept tables, segments and checkpoints. It is started anew,
 * and the load goes on at its first chunk that was not committed. When it stops too often, the tables of what was committed are made before
 * the run fails, so that report and `rows` show it.
 */
async function acrossCrashes(
	first: SqlWorker,
	restart: () => Promise<SqlWorker>,
	load: Omit<LoadRun, 'worker'>,
	work: (worker: SqlWorker) => Promise<void>,
): Promise<void> {
	let worker = first;
	for (let restarts = 0; ; restarts++) {
		try {
			if (restarts > 0) worker = await restart();
			await work(worker);
			return;
		} catch (error) {
			if (!(error instanceof SluiceError) || error.code !== 'sql.crashed') throw error;
			if (restarts === mostRestarts) {
				await keepCommitted({...load, worker: await restart()});
				throw error;
			}
			load.progress.log('warning', load.progress.running(), `${error.message}; it is started anew, and the load goes on`);
		}
	}
}

/**
 * Dry runs get the overlay: the real file is opened read-only, and what the run would have written goes to a scratch file (SPEC 9). So do
 * exports, which write no record and read all of them as they stand at one moment.
 */
async function openExecutionStore({mode, storeFile, folder, objects, connector}: ExecutionJob): Promise<ExecutionStore> {
	if (mode === 'live' && !connector.export) return openStore(storeFile, objects, join(folder, staged));
	return openOverlay(storeFile, folder, objects);
}

/** Neither put back into the queue nor taken over by another runner: that one tells how it ends. */
function isOver({result, error}: Ending): boolean {
	return result !== 'stopped' && error?.code !== 'lease.lost';
}

/** Nobody resumes a run that failed or was cancelled: no runner of it may commit any more, and what it had half remembered goes. */
async function forget({id, mode, connector}: ExecutionJob, store: ExecutionStore, progress: ExecutionProgress): Promise<void> {
	if (mode === 'dry' || connector.export) return;
	try {
		await store.abandonChunk();
		await (store as LiveStore).forgetExecution(id);
	} catch (error) {
		progress.log('warning', null, `the checkpoints of this run could not be removed: ${toSluiceError(error).message}`);
	}
}

/**
 * How far a run's engine steps back behind its runner. Why: what is made beside the load would take as much of the cores as the load
 * itself, which everything waits for; what the runner leaves is enough for both of the engine's works.
 */
const stepsBack = 5;

async function startEngine(job: ExecutionJob, link: RunnerLink, progress: ExecutionProgress): Promise<SqlWorker> {
	const worker = await startJobWorker(job, stepsBack);
	link.send({type: 'worker', pid: worker.pid, start: worker.start});
	link.answerRows = async (request, sql) => {
		try {
			link.send({type: 'rows', request, rows: await worker.rows(sql), error: null});
		} catch (error) {
			link.send({type: 'rows', request, rows: null, error: toSluiceError(error).toJSON()});
		}
	};
	progress.engineIs(worker.engine, worker.walls);
	progress.log('info', null, wallsInWords(worker));
	return worker;
}

function wallsInWords({engine, sandbox}: SqlWorker): string {
	return `${engine} runs behind the guard ${sandbox === null ? 'alone' : `and a sandbox (${sandbox})`}`;
}

function endingOf(error: unknown, progress: ExecutionProgress, closing: Closing | null): Ending {
	if (error instanceof Stopped) {
		const stage = progress.endRunning(closing?.as ?? 'cancelled');
		if (closing?.error) return {result: closing.as, at: stage, error: closing.error};
		return {result: error.kind === 'cancel' ? 'cancelled' : 'stopped', at: error.at, error: null};
	}
	const failure = toSluiceError(error);
	const disk = diskTroubleOf(error);
	if (disk) return stoppedByDisk(failure, disk, progress);
	const stage = progress.endRunning('failed');
	progress.log('error', stage, failure.message);
	return {result: 'failed', at: stage, error: failure.toJSON()};
}

/** What is on disk stands, and is gone on from. */
function stoppedByDisk({message}: SluiceError, disk: DiskTrouble, progress: ExecutionProgress): Ending {
	const stage = progress.endRunning('cancelled');
	progress.log('warning', stage, message);
	return {result: 'stopped', at: stage, error: null, disk};
}

/** A store that cannot be closed in order is closed by the end of the process; what it committed stands. */
async function closed(store: ExecutionStore, progress: ExecutionProgress): Promise<void> {
	try {
		await store.close();
	} catch (error) {
		progress.log('warning', null, `the records could not be closed in order: ${toSluiceError(error).message}`);
	}
}

/** Stage `report`: of what the run reached. A report that cannot be built is a warning, and can be built again (SPEC 9, 12). */
async function report(
	job: ExecutionJob,
	link: RunnerLink,
	progress: ExecutionProgress,
	{worker, beside, pages}: {worker: SqlWorker | null; beside: ArtifactBuilder | null; pages: Promise<readonly Page[]> | null},
	ending: Ending,
): Promise<Ending> {
	progress.begin('report');
	try {
		const sheets = (await beside?.sheets()) ?? null;
		const running = worker && (await isAlive(worker)) ? worker : await startEngine(job, link, progress);
		if (isOver(ending) && !progress.hasOutputs() && job.connector.sql)
			await keepWhatWasBuilt(running, progress, (await pages?.catch(() => null)) ?? []);
		failpoint('runner.report.before');
		progress.reasonsAre(await firstReasons(running));
		await buildReport(job, progress, running, sheets, ending);
		failpoint('runner.report.after');
		progress.end('report');
		if (running !== worker) await running.kill();
		return ending;
	} catch (error) {
		const failure = toSluiceError(error);
		const {message} = failure;
		const disk = diskTroubleOf(error);
		const loaded = ending.result === 'completed' || ending.result === 'warning';
		if (loaded && disk) return stoppedByDisk(failure, disk, progress);
		progress.end('report', 'failed');
		if (!loaded) return ending;
		progress.warn({stage: 'report', message: `The report could not be built: ${message}`});
		return {...ending, result: 'warning'};
	}
}

/** The output tables that a script had built when it failed, and the pages as they were read (SPEC 5.3). What else it left is removed. */
async function keepWhatWasBuilt(worker: SqlWorker, progress: ExecutionProgress, pages: readonly Page[]): Promise<void> {
	const built = await keepBuilt(worker);
	const read = await keepPages(worker, pages);
	const dropped = [...built.dropped, ...read.dropped];
	if (built.kept.length > 0) progress.log('info', 'sql', `kept for inspection, as far as the SQL filled them: ${built.kept.join(', ')}`);
	if (read.kept.length > 0) progress.log('info', 'sql', `kept for inspection, as they were read: ${read.kept.join(', ')}`);
	if (dropped.length > 0) progress.log('info', 'sql', `too large to be kept for inspection: ${dropped.join(', ')}`);
}

/** A worker that was killed to stop its SQL, or that crashed, cannot build the report. */
async function isAlive(worker: SqlWorker): Promise<boolean> {
	try {
		// why not opened anew: the engine may be building sheets
		if (worker.mode === 'trusted') await worker.rows('SELECT 1');
		else await worker.open('trusted');
		return true;
	} catch {
		return false;
	}
}
