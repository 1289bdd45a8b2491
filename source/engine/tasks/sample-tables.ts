import {mkdirSync} from 'node:fs';
import {basename, join} from 'node:path';
import type {Connector} from '../../model/connector.js';
import {SluiceError} from '../../model/errors.js';
import type {NamedColumn} from '../../model/named-column.js';
import {writeWholeNow} from '../../platform/files/whole-file.js';
import {newId} from '../../platform/uuid7.js';
import {openOverlay} from '../../store/sqlite/overlay.js';
import {startJobWorker} from '../execution/job-worker.js';
import {ExecutionProgress} from '../execution/progress.js';
import {readPages} from '../execution/read-pages.js';
import {referencesOf} from '../execution/references.js';
import {transform} from '../execution/run-sql.js';
import type {ExecutionJob, ShortTask} from '../protocol.js';
import type {SyntaxNode} from '../sql/guard/syntax-tree.js';
import {namedColumns} from '../sql/named-columns.js';
import type {SqlWorker} from '../sql/worker-session.js';

/** What was read of a sample, and the columns of it that the SQL cannot do without. */
export type SampleRead = {readonly rows: number; readonly columns: readonly NamedColumn[]};

type OnSample = Extract<ShortTask, {task: 'validate' | 'infer'}>;

/**
 * Reads the sample file and runs the connector's SQL on it in a scratch folder, as a dry run would, up to the output tables; hands the
 * engine to `look`, with what was read, and ends it.
 *
 * @throws SluiceError `intake.*`, `sql.*`
 */
export async function onSample<Result>(
	task: OnSample,
	look: (worker: SqlWorker, job: ExecutionJob, read: SampleRead) => Promise<Result>,
): Promise<Result> {
	const job = sampleJob(task);
	const worker = await startJobWorker(job);
	const store = await openOverlay(job.storeFile, job.folder, job.objects);
	try {
		const progress = new ExecutionProgress(job.connector, () => {});
		const pages = await readPages(job, progress);
		const trees: SyntaxNode[] = [];
		await transform(job, pages, referencesOf(job, store), worker, progress, ({tree, isAlwaysRun}) => {
			if (tree && isAlwaysRun) trees.push(tree);
		});
		return await look(worker, job, {
			rows: pages.reduce((sum, {rows}) => sum + rows, 0),
			columns: trees.flatMap((tree) => namedColumns(tree, pages)),
		});
	} finally {
		await store.close();
		await worker.kill();
	}
}

function sampleJob(task: OnSample): ExecutionJob {
	const {connector, folder} = task;
	const sample = connector.sampleFile ?? madeSample(connector, folder, new Date().toISOString());
	return taskJob(task, {path: sample, name: basename(sample)});
}

/** A short task on a connector as the dry run that it is. */
export function taskJob(task: OnSample, input: ExecutionJob['input']): ExecutionJob {
	const {connector, folder, storeFile, objects, limits, locale} = task;
	const now = new Date().toISOString();
	return {
		task: 'execute',
		id: newId(),
		lease: 1,
		folder,
		storeFile,
		mode: 'dry',
		connector,
		objects,
		input,
		failedRowsOf: null,
		diffCheck: false,
		limits,
		locale,
		startedBy: 'validation',
		triggeredBy: 'manual',
		queuedAt: now,
		startedAt: now,
		listeners: {},
		closing: null,
		secrets: 'secrets' in task ? task.secrets : {},
	};
}

/** A scheduled run makes its own input, one column with the time, and so does its validation. */
function madeSample({apiName, type}: Connector, folder: string, now: string): string {
	if (type !== 'schedule') {
		throw new SluiceError('intake.missing', `Connector ${apiName} has no sample file`, {
			cure: 'Name one with sample_file in connector.yaml.',
		});
	}
	mkdirSync(folder, {recursive: true, mode: 0o700});
	const file = join(folder, 'schedule.csv');
	writeWholeNow(file, `schedule_trigger_time\n${now}\n`);
	return file;
}
