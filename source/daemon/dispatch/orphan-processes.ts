import {setTimeout as pause} from 'node:timers/promises';
import {startTime} from '../../platform/processes.js';
import type {OrphanProcess} from '../control/stored-execution.js';

/** Whether the recorded process is still the one with this pid. */
export function lives({pid, start}: OrphanProcess): boolean {
	return start !== '' && startTime(pid) === start;
}

/**
 * Kills what a crash left, after checking that the pid still means the same process, and waits until it is gone:
 * its hold on the execution's folder ends with it.
 *
 * @returns how many were killed
 */
export async function killOrphans(left: readonly (OrphanProcess | null)[], deadlineMs = 5_000): Promise<number> {
	const alive = left.filter((candidate): candidate is OrphanProcess => candidate !== null && lives(candidate));
	for (const {pid} of alive) {
		try {
			process.kill(pid, 'SIGKILL');
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
		}
	}
	const deadline = performance.now() + deadlineMs;
	while (alive.some(lives) && performance.now() < deadline) await pause(10);
	return alive.length;
}
