import {readFileSync} from 'node:fs';
import {setTimeout as pause} from 'node:timers/promises';
import type {OrphanProcess} from '../control/stored-execution.js';

/** When a process began, in clock ticks since boot: field 22 of its stat line. Empty where there is no /proc, or no such process. */
export function startOf(pid: number): string {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
		// why: the second field is the program's name in parentheses and may itself hold blanks and parentheses.
		const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
		// why: a killed process is a zombie at once, but keeps its files and locks until the last of its threads has ended.
		const ended = fields[0] === 'Z' && Number(fields[17]) <= 1;
		return ended ? '' : (fields[19] ?? '');
	} catch {
		return '';
	}
}

/** Whether the recorded process is still the one with this pid. */
export function lives({pid, start}: OrphanProcess): boolean {
	return start !== '' && startOf(pid) === start;
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
