import {scopesOf} from '../../model/connector.js';
import {failpoint} from '../../platform/failpoint.js';
import type {ExecutionStore} from '../../store/record-store.js';
import type {Page} from '../intake/page.js';
import type {ExecutionJob} from '../protocol.js';
import type {SqlWorker} from '../sql/worker-session.js';
import {typeScope} from '../variables/type-scope.js';
import type {ArtifactBuilder} from './background-artifacts.js';
import {findUnchanged} from './diff-check.js';
import {copyFailedRows} from './failed-rows.js';
import type {ExecutionProgress} from './progress.js';
import {readPages} from './read-pages.js';
import {referencesOf} from './references.js';
import {type Prepared, type PreparedScope, readPrepared, writePrepared} from './resume-point.js';
import {transform} from './run-sql.js';
import type {StopRequest} from './stop-request.js';

export type PreparedWith = {
	readonly worker: SqlWorker;
	readonly store: ExecutionStore;
	readonly beside: ArtifactBuilder;
	/** The input, where it is being read already. */
	readonly pages: Promise<readonly Page[]> | null;
};

/**
 * Everything before the first record is looked at: intake, SQL, variables, diff check. Done once: a runner that takes the execution up later
 * reads what stands in the folder (SPEC 9).
 *
 * @throws SluiceError of the stage that failed; Stopped between stages
 */
export async function prepare(job: ExecutionJob, at: PreparedWith, progress: ExecutionProgress, stop: StopRequest): Promise<Prepared> {
	const {worker, store, beside} = at;
	const ready = readPrepared(job.folder);
	if (ready) {
		progress.restore(ready.progress);
		progress.troubledRows(troubledIn(ready.scopes));
		progress.log('info', null, 'taken up where it was interrupted; the input is already typed');
		beside.outputsKept();
		beside.inputTyped();
		return ready;
	}
	await fillOutputs(job, at, progress, stop);
	failpoint('runner.outputs.kept');
	stop.check('the variables');
	// why so soon: it takes a core for as long as the typing takes, and half a second from a load that would wait for it
	beside.outputsKept();
	const scopes = await typeScopes(job, worker, progress);
	progress.troubledRows(troubledIn(scopes));
	failpoint('runner.variables.typed');
	stop.check('the diff check');
	const found = await findUnchanged(job, scopes, worker, store, progress);
	failpoint('runner.diff.marked');
	const prepared: Prepared = {progress: progress.snapshot(), scopes, ...found};
	failpoint('runner.prepared.before');
	writePrepared(job.folder, prepared);
	failpoint('runner.prepared.after');
	beside.inputTyped();
	return prepared;
}

/** `` run.`sql:<table>` ``, from the input, or from an earlier execution's rows that failed. */
async function fillOutputs(
	job: ExecutionJob,
	{worker, store, pages: ahead}: PreparedWith,
	progress: ExecutionProgress,
	stop: StopRequest,
): Promise<void> {
	if (job.failedRowsOf) {
		await copyFailedRows(job, job.failedRowsOf, worker, progress);
	} else {
		const pages = await (ahead ?? readPages(job, progress));
		stop.check('the SQL');
		const outputs = await transform(job, pages, referencesOf(job, store), worker, progress);
		if (outputs.every(({rows}) => rows === 0))
			progress.warn({stage: 'sql', message: 'There are no rows to work on: the input has a header alone, or the SQL left none.'});
	}
}

async function typeScopes(job: ExecutionJob, worker: SqlWorker, progress: ExecutionProgress): Promise<readonly PreparedScope[]> {
	const {connector, locale} = job;
	progress.begin('variables');
	const execution = {id: job.id, startedAt: job.startedAt, startedBy: job.startedBy, inputFile: job.input.name};
	const scopes: PreparedScope[] = [];
	for (const scope of scopesOf(connector)) {
		const {rows, skipped, warned} = await typeScope(worker, {scope, connector, locale, execution});
		progress.scopeRows(scope, rows);
		progress.log('info', 'variables', `${scope}: ${rows} rows, ${skipped} skipped for a required value, ${warned} with warnings`);
		scopes.push({scope, rows, invalid: skipped, warned});
	}
	progress.end(
		'variables',
		'completed',
		scopes.reduce((sum, {rows}) => sum + rows, 0),
	);
	return scopes;
}

function troubledIn(scopes: readonly PreparedScope[]): number {
	return scopes.reduce((sum, {invalid, warned}) => sum + invalid + warned, 0);
}
