import type {LiveStore} from '../store/record-store.js';
import {configurationSignature} from './diff/configuration-signature.js';
import {rememberedRows} from './diff/remembered-rows.js';
import {failpoint} from './failpoint.js';
import type {ExecutionJob} from './job.js';
import type {Prepared} from './resume.js';
import type {SqlWorker} from './sql/worker-session.js';

/**
 * Ends the load of a live run: what it wrote without a doubt is remembered for the next diff check, and from here on it is too late to
 * cancel. All of it in the last commit, or none (SPEC 7).
 */
export async function rememberRun(job: ExecutionJob, {scopes}: Prepared, worker: SqlWorker, store: LiveStore): Promise<void> {
	const {connector, id, lease, failedRowsOf} = job;
	if (!connector.diffCheck) {
		await store.finishLoad(id, lease, null);
		return;
	}
	const generation = await store.beginMemory({connector: connector.apiName, signature: configurationSignature(connector)}, id);
	failpoint('runner.memory.begun');
	for (const {scope} of scopes) {
		const steps = connector.loadSteps.flatMap((step, index) => (step.scope === scope ? [index + 1] : []));
		for await (const batch of rememberedRows(worker, scope, steps, id)) await store.addToMemory(generation, scope, batch);
	}
	failpoint('runner.memory.written');
	await store.finishLoad(id, lease, {generation, add: failedRowsOf !== null});
}
