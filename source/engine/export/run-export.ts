import {rmSync} from 'node:fs';
import {defaultCsvFormat, isUnicode} from '../../model/csv-format.js';
import {SluiceError} from '../../model/errors.js';
import {own} from '../../model/own.js';
import {failpoint} from '../../platform/failpoint.js';
import {keptColumns, theirs} from '../../report/run-tables/columns.js';
import type {ExecutionStore} from '../../store/record-store.js';
import type {ExecutionProgress} from '../execution/progress.js';
import {readPrepared, writePrepared} from '../execution/resume-point.js';
import type {StopRequest} from '../execution/stop-request.js';
import type {ExecutionJob} from '../protocol.js';
import type {SqlWorker} from '../sql/worker-session.js';
import type {ExportColumn} from './columns.js';
import type {ExportFile} from './export-file.js';
import {exportPathOf} from './export-path-of.js';
import {keepSelection, selectionName, selectionOf} from './kept-selection.js';
import {discardDraft, isRefused, place} from './place.js';
import {cutCells, writeExportFile} from './write-file.js';

/**
 * The stages of an export (SPEC 11): its rows into one table, as the store stands at one moment, then from there into a file. A runner that
 * takes it up later goes on from the table. A dry run writes no file; its rows are in its table.
 *
 * @throws SluiceError `sql.*`, `export.*`; Stopped
 */
export async function runExport(
	job: ExecutionJob,
	worker: SqlWorker,
	store: ExecutionStore,
	progress: ExecutionProgress,
	stop: StopRequest,
): Promise<void> {
	const interrupt = () => void worker.kill();
	// why before anything else: the last runner of a cancelled export does no more than this
	if (job.mode === 'live') await discardDraft({target: exportPathOf(job), execution: job.id});
	await stop.during('the SQL', interrupt, () => select(job, worker, store, progress, stop));
	progress.begin('export');
	const target = exportPathOf(job);
	const {mayReplace = false, protectedPlaces = null, groupId = null} = job;
	const placing = {folder: job.folder, execution: job.id, target, mayReplace, protectedPlaces, groupId, file: ''};
	const request = await fileOf(job, worker, progress);
	if (job.mode === 'dry') {
		const refusal = await isRefused(placing);
		if (refusal) progress.warn({stage: 'export', message: `A live run would stop here: ${refusal.message} (${target})`});
		await stop.during('looking at the characters', interrupt, () => warnOfEncoding(request, progress));
		progress.log('info', 'export', `a live run would write ${request.rows} rows to ${target}`);
		progress.end('export', 'skipped', request.rows);
		return;
	}
	const file = await stop.during('writing the file', interrupt, () => writeExportFile(request));
	if (request.format === 'xlsx') await warnOfCuts(request, progress);
	failpoint('runner.export.written');
	stop.check('writing the file');
	await place({...placing, file});
	rmSync(file, {force: true});
	progress.made({export: target});
	progress.log('info', 'export', `${request.rows} rows in ${target}`);
	progress.end('export', 'completed', request.rows);
}

async function select(
	job: ExecutionJob,
	worker: SqlWorker,
	store: ExecutionStore,
	progress: ExecutionProgress,
	stop: StopRequest,
): Promise<void> {
	const ready = readPrepared(job.folder);
	if (ready) {
		progress.restore(ready.progress);
		progress.log('info', null, 'taken up where it was interrupted; the rows are already read');
		return;
	}
	await keepSelection(job, worker, store, progress, stop);
	failpoint('runner.export.selected');
	writePrepared(job.folder, {progress: progress.snapshot(), scopes: [], diff: false, standing: null});
}

async function fileOf(job: ExecutionJob, worker: SqlWorker, progress: ExecutionProgress): Promise<ExportFile> {
	const selection = selectionOf(job);
	const table = selection?.object.apiName ?? selectionName;
	const kept = theirs(`sql:${table}`, await keptColumns(worker, `sql:${table}`));
	const columns: readonly ExportColumn[] = kept.map((column) => ({
		...column,
		field: selection?.fields.find(({apiName}) => apiName === column.name) ?? null,
	}));
	return {
		session: worker,
		folder: job.folder,
		format: job.connector.export?.format ?? 'csv',
		csv: job.connector.export?.csv ?? defaultCsvFormat,
		table,
		columns,
		rows: own(progress.snapshot().rows.by_scope, table) ?? 0,
		threads: worker.limits.threads,
		timezone: job.locale.timezone,
	};
}

/** A dry run makes the file as a live one does, where its encoding may not hold all characters, and removes it. */
async function warnOfEncoding(request: ExportFile, progress: ExecutionProgress): Promise<void> {
	if (request.format !== 'csv' || isUnicode(request.csv.encoding)) return;
	try {
		rmSync(await writeExportFile(request), {force: true});
	} catch (error) {
		if (!(error instanceof SluiceError) || error.code !== 'export.encoding') throw error;
		progress.warn({stage: 'export', message: `A live run would stop here: ${error.message} (${error.where})`});
	}
}

async function warnOfCuts(request: ExportFile, progress: ExecutionProgress): Promise<void> {
	const cells = await cutCells(request);
	if (cells === 0) return;
	const message = `${cells} cell${cells === 1 ? ' is' : 's are'} longer than a sheet can hold, and cut there with a mark; csv, jsonl and parquet hold them whole`;
	progress.warn({stage: 'export', message});
}
