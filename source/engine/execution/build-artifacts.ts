import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {objectsOf} from '../../model/connector.js';
import type {Execution} from '../../model/execution.js';
import type {SqlSession} from '../../model/sql-session.js';
import {failpoint} from '../../platform/failpoint.js';
import type {SheetBuilder} from '../../report/sheets/builder.js';
import {writeSqlOutput} from '../../report/sql-output.js';
import {writeReport} from '../../report/workbook.js';
import type {ExecutionJob, FromRunner} from '../protocol.js';
import type {SqlWorker} from '../sql/worker-session.js';
import type {ExecutionProgress} from './progress.js';

const sqlOutputPath = (folder: string) => join(folder, 'sql-output.zip');
const reportPath = (folder: string) => join(folder, 'report.xlsx');

/** The SQL output, unless it stands (SPEC 12). `onTablesWritten`: told when the session is free again, while the rest goes on. */
export async function buildSqlOutput(
	{folder}: ExecutionJob,
	progress: ExecutionProgress,
	session: SqlSession,
	threads: number,
	onTablesWritten = () => {},
): Promise<void> {
	const target = sqlOutputPath(folder);
	if (!existsSync(target)) {
		await writeSqlOutput({session, folder, target, threads, onTablesWritten});
		failpoint('runner.zip.written');
	}
	progress.made({sql_output: target});
}

/** The report of what the run reached (SPEC 12), and the SQL output, if that was interrupted. `sheets`: what was begun before. */
export async function buildReport(
	job: ExecutionJob,
	progress: ExecutionProgress,
	worker: SqlWorker,
	sheets: SheetBuilder | null,
	ending: Pick<Extract<FromRunner, {type: 'ended'}>, 'result' | 'error'>,
): Promise<void> {
	const {connector, objects, folder, diffCheck} = job;
	if (!connector.export && progress.hasOutputs()) await buildSqlOutput(job, progress, worker, worker.limits.threads);
	const {path} = await writeReport({
		session: worker,
		folder,
		target: reportPath(folder),
		execution: executionOf(job, progress, ending),
		connector,
		objects,
		diffCheck: connector.diffCheck && diffCheck,
		timezone: job.locale.timezone,
		threads: worker.limits.threads,
		...(sheets && {sheets}),
	});
	progress.made({report: path});
}

/** The execution as its report shows it: as it stands when the last row has been loaded. */
function executionOf(
	job: ExecutionJob,
	progress: ExecutionProgress,
	{result, error}: Pick<Extract<FromRunner, {type: 'ended'}>, 'result' | 'error'>,
): Execution {
	const {stages, rows, engine, walls, warnings, artifacts, took_ms} = progress.snapshot();
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
		...(took_ms !== undefined && {took_ms}),
		started_by: job.startedBy,
		cleared_at: null,
		engine,
		walls,
		warnings,
		error,
		acknowledged_at: null,
	};
}
