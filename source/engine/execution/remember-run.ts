import {failpoint} from '../../platform/failpoint.js';
import type {LiveStore, MemoryMark} from '../../store/record-store.js';
import {configurationSignature} from '../diff/configuration-signature.js';
import {rememberedRows} from '../diff/remembered-rows.js';
import type {ExecutionJob} from '../protocol.js';
import type {SqlWorker} from '../sql/worker-session.js';
import type {Prepared} from './resume-point.js';

/**
 * Ends the load of a live run: what it wrote without a doubt is remembered for the next diff check, and from here on it is too late to
 * cancel. All of it in the last commit, or none (SPEC 7).
 *
 * Where every row that was remembered came again, what is new joins the memory as it stands; otherwise, or if another run has replaced it
 * meanwhile, it is written anew.
 */
export async function rememberRun(job: ExecutionJob, prepared: Prepared, worker: SqlWorker, store: LiveStore): Promise<void> {
	const {id, lease, connector, failedRowsOf} = job;
	if (!connector.diffCheck) {
		await store.finishLoad(id, lease, null);
		return;
	}
	const onto = failedRowsOf === null ? prepared.standing : null;
	if (onto && (await remember(job, prepared, worker, store, onto))) return;
	await remember(job, prepared, worker, store, null);
}

async function remember(
	{connector, id, lease, failedRowsOf}: ExecutionJob,
	{scopes}: Prepared,
	worker: SqlWorker,
	store: LiveStore,
	onto: MemoryMark | null,
): Promise<boolean> {
	const generation = await store.beginMemory({connector: connector.apiName, signature: configurationSignature(connector)}, id);
	failpoint('runner.memory.begun');
	for (const {scope} of scopes) {
		const steps = connector.loadSteps.flatMap((step, index) => (step.scope === scope ? [index + 1] : []));
		const rows = rememberedRows(worker, scope, steps, id, onto ? 'new' : 'all');
		for await (const batch of rows) await store.addToMemory(generation, scope, batch);
	}
	failpoint('runner.memory.written');
	return await store.finishLoad(id, lease, {generation, add: failedRowsOf !== null, ...(onto && {onto})});
}
