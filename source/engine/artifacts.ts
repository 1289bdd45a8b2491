import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {objectsOf} from '../model/connector.js';
import type {Execution} from '../model/execution.js';
import {writeSqlOutput} from '../report/sql-output.js';
import {writeReport} from '../report/workbook.js';
import type {ExecutionJob, FromRunner} from './job.js';
import type {ExecutionProgress} from './progress.js';
import type {SqlWorker} from './sql/worker-session.js';

const sqlOutputPath = (folder: string) => join(folder, 'sql-output.zip');
const reportPath = (folder: string) => join(folder, 'report.xlsx');

/** The SQL output, there as soon as the SQL ends (SPEC 12). */
export async function buildSqlOutput({folder}: ExecutionJob, progress: ExecutionProgress, worker: SqlWorker): Promise<void> {
	const {path} = await writeSqlOutput({session: worker, folder, target: sqlOutputPath(folder), threads: worker.limits.threads});
	progress.made({sql_output: path});
}

/** The report of what the run reached (SPEC 12). */
export async function buildReport(
	job: ExecutionJob,
	progress: ExecutionProgress,
	worker: SqlWorker,
	ending: Pick<Extract<FromRunner, {type: 'ended'}>, 'result' | 'error'>,
): Promise<void> {
	const {connector, objects, folder, diffCheck} = job;
	const {path} = await writeReport({
		session: worker,
		folder,
		target: reportPath(folder),
		execution: executionOf(job, progress, ending),
		connector,
		objects,
		diffCheck: connector.diffCheck && diffCheck,
		threads: worker.limits.threads,
	});
	progress.made({report: path});
}

/** The execution as its report shows it: as it stands when the last row has been loaded. */
function executionOf(
	job: ExecutionJob,
	progress: ExecutionProgress,
	{result, error}: Pick<Extract<FromRunner, {type: 'ended'}>, 'result' | 'error'>,
): Execution {
	const {stages, rows, engine, walls, warnings, artifacts} = progress.snapshot();
	return {
		id: job.id,
		connector: job.connector.apiName,
		operation: job.connector.operation,
		objects: objectsOf(job.connector),
		mode: job.mode,
		status: result === 'stopped' ? 'queued' : result,
		waiting_for: null,
		input_file: job.input.name === '' ? null : job.input.name,
		rows,
		counts: progress.counts(),
		stages,
		artifacts: {
			input: job.input.path === '' ? null : job.input.path,
			sql_output: existsSync(sqlOutputPath(job.folder)) ? sqlOutputPath(job.folder) : null,
			report: reportPath(job.folder),
			...(artifacts.export !== undefined && {export: artifacts.export}),
		},
		queued_at: job.queuedAt,
		started_at: job.startedAt,
		ended_at: progress.now().toISOString(),
		started_by: job.startedBy,
		cleared_at: null,
		engine,
		walls,
		warnings,
		error,
		acknowledged_at: null,
	};
}
