import {openOverlay} from '../../store/sqlite/overlay.js';
import {startJobWorker} from '../execution/job-worker.js';
import {buildForQuery, queryOf} from '../export/kept-selection.js';
import type {ShortTask} from '../protocol.js';
import {runSelect} from '../sql/run-select.js';
import {taskJob} from './sample-tables.js';

/**
 * Checks the SQL of an export as it will run (SPEC 5.6): on the reference data that is there, up to the columns that it gives.
 *
 * @throws SluiceError `sql.*`, with its place
 */
export async function checkExportQuery(task: Extract<ShortTask, {task: 'validate'}>): Promise<void> {
	const job = taskJob(task, {path: '', name: ''});
	const worker = await startJobWorker(job);
	const store = await openOverlay(job.storeFile, job.folder, job.objects);
	try {
		await buildForQuery(job, worker, store);
		await runSelect(worker, queryOf(job));
	} finally {
		await store.close();
		await worker.kill();
	}
}
