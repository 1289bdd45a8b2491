import {rm} from 'node:fs/promises';
import type {ExecutionStore, MemoryMark} from '../../store/record-store.js';
import {configurationSignature} from '../diff/configuration-signature.js';
import {markUnchanged} from '../diff/mark-unchanged.js';
import {writeMemory} from '../diff/memory.js';
import type {ExecutionJob} from '../protocol.js';
import type {SqlWorker} from '../sql/worker-session.js';
import type {ExecutionProgress} from './progress.js';
import type {Prepared, PreparedScope} from './resume-point.js';

/**
 * Stage `diff`: marks the rows whose hash the connector remembers (SPEC 7).
 *
 * @returns `diff`: whether unchanged rows are skipped in this run: the diff check is on, for the connector and for the run. `standing`: the
 * memory, where every row that it remembers came again
 */
export async function findUnchanged(
	{connector, diffCheck, folder}: ExecutionJob,
	scopes: readonly PreparedScope[],
	worker: SqlWorker,
	store: ExecutionStore,
	progress: ExecutionProgress,
): Promise<Pick<Prepared, 'diff' | 'standing'>> {
	if (!connector.diffCheck || !diffCheck) {
		progress.end('diff', 'skipped');
		return {diff: false, standing: null};
	}
	progress.begin('diff');
	const key = {connector: connector.apiName, signature: configurationSignature(connector)};
	if ((await store.memoryState(key)) === 'void') {
		progress.log('info', 'diff', 'the memory of earlier runs is void: variables or load steps have changed since; every row is taken');
	}
	let unchanged = 0;
	let found = 0;
	const memories: MemoryMark[] = [];
	for (const [number, {scope}] of scopes.entries()) {
		const memory = await writeMemory(folder, number, store.remembered({...key, scope}));
		try {
			const marked = await markUnchanged(worker, scope, memory);
			unchanged += marked.unchanged;
			found += marked.found;
		} finally {
			await rm(memory.path);
		}
		if (memory.of) memories.push(memory.of);
	}
	progress.end('diff', 'completed', unchanged);
	const whole = together(memories);
	return {diff: true, standing: whole?.rows === found ? whole : null};
}

/** The one memory that the scopes' rows are of; null where there is none, or where it was replaced between two scopes. */
function together([first, ...others]: readonly MemoryMark[]): MemoryMark | null {
	if (!first || others.some(({generation}) => generation !== first.generation)) return null;
	return {generation: first.generation, rows: others.reduce((sum, {rows}) => sum + rows, first.rows)};
}
