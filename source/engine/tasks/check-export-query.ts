import {openOverlay} from '../../store/sqlite/overlay.js';
import {buildForQuery, queryOf} from '../export/kept-selection.js';
import type {ShortTask} from '../job.js';
import {unsetOf} from '../sql/collections.js';
import {runSelect} from '../sql/run-select.js';
import {startWorker} from '../sql/worker-session.js';
import {taskJob} from './sample-tables.js';

/**
 * Checks the SQL of an export as it will run (SPEC 5.6): on the reference data that is there, up to the columns that it gives.
 *
 * @throws SluiceError `sql.*`, with its place
 */
export async function checkExportQuery(task: Extract<ShortTask, {task: 'validate'}>): Promise<void> {
	const job = taskJob(task, {path: '', name: ''});
	const worker = await startWorker({
		folder: job.folder,
		limits: job.limits,
		timezone: job.locale.timezone,
		secrets: job.secrets,
		unset: unsetOf(job.connector, job.secrets),
	});
	const store = await openOverlay(job.storeFile, job.folder, job.objects);
	try {
		await buildForQuery(job, worker, store);
		await runSelect(worker, queryOf(job));
	} finally {
		await store.close();
		await worker.kill();
	}
}
