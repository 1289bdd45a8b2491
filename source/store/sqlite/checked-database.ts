import {Worker} from 'node:worker_threads';
import {compiledThread} from './compiled-thread.js';
import {type DatabaseKind, type Found, probeDatabase} from './probe.js';

/** Checks a whole database in a thread of its own: a large one takes seconds, in which this process answers others. */
export async function checkedDatabase(file: string, kind: DatabaseKind): Promise<Found> {
	const program = compiledThread('probe-thread');
	if (!program) return probeDatabase(file, kind, 'integrity_check');
	return await new Promise<Found>((resolve, reject) => {
		const thread = new Worker(program, {workerData: {file, kind}});
		thread.once('message', resolve);
		thread.once('error', reject);
		thread.once('exit', () => reject(new Error('The check of a database ended without an answer')));
	});
}
