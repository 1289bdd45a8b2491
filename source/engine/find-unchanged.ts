import {rm} from 'node:fs/promises';
import type {ExecutionStore} from '../store/record-store.js';
import {configurationSignature} from './diff/configuration-signature.js';
import {markUnchanged} from './diff/mark-unchanged.js';
import {writeMemory} from './diff/memory.js';
import type {ExecutionJob} from './job.js';
import type {ExecutionProgress} from './progress.js';
import type {PreparedScope} from './resume.js';
import type {SqlWorker} from './sql/worker-session.js';

/**
 * Stage `diff`: marks the rows whose hash the connector remembers (SPEC 7).
 *
 * @returns whether unchanged rows are skipped in this run: the diff check is on, for the connector and for the run
 */
export async function findUnchanged(
	{connector, diffCheck, folder}: ExecutionJob,
	scopes: readonly PreparedScope[],
	worker: SqlWorker,
	store: ExecutionStore,
	progress: ExecutionProgress,
): Promise<boolean> {
	if (!connector.diffCheck || !diffCheck) {
		progress.end('diff', 'skipped');
		return false;
	}
	progress.begin('diff');
	const key = {connector: connector.apiName, signature: configurationSignature(connector)};
	if ((await store.memoryState(key)) === 'void') {
		progress.log('info', 'diff', 'the memory of earlier runs is void: variables or load steps have changed since; every row is taken');
	}
	let unchanged = 0;
	for (const [number, {scope}] of scopes.entries()) {
		const memory = await writeMemory(folder, number, store.remembered({...key, scope}));
		try {
			unchanged += await markUnchanged(worker, scope, memory);
		} finally {
			await rm(memory.path);
		}
	}
	progress.end('diff', 'completed', unchanged);
	return true;
}
