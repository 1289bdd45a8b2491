import {statSync} from 'node:fs';
import {Worker} from 'node:worker_threads';
import {compiledThread} from './compiled-thread.js';

/** Below this, the store's own closing takes no longer than a thread to begin. */
const worthAThread = 16 * 1024 * 1024;

/**
 * Brings a store's log into its file in a thread of its own, so that closing the store finds little to do: after a million rows that takes a
 * second, most of it the disk's, in which this process could do nothing else (neither write the report nor answer).
 *
 * Never throws: whatever was not brought in is brought in when the store is closed, or opened again, and told of there.
 */
export async function bringLogIn(file: string): Promise<void> {
	const program = compiledThread('log-thread');
	if (!program || (statSync(`${file}-wal`, {throwIfNoEntry: false})?.size ?? 0) < worthAThread) return;
	await new Promise<void>((resolve) => {
		const thread = new Worker(program, {workerData: file});
		thread.once('error', () => resolve());
		thread.once('exit', () => resolve());
	});
}
