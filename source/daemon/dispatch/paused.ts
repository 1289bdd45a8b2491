import {readdirSync, readFileSync} from 'node:fs';
import {setTimeout as pause} from 'node:timers/promises';
import {SluiceError} from '../../model/errors.js';
import {descendants} from '../../platform/processes.js';

const patienceMs = 10_000;
const lookAgainMs = 2;

/**
 * Stops processes, and those that they started, where they are: until they go on, their files stay what a kill at this instant would have left.
 *
 * @returns lets them go on
 * @throws SluiceError `backup.not_paused` when one does not stop, such as one that waits for a disk; then all of them go on
 */
export async function paused(pids: readonly number[]): Promise<() => void> {
	const stopped: number[] = [];
	const goOn = (): void => {
		for (const pid of stopped.reverse()) send(pid, 'SIGCONT');
	};
	const deadline = performance.now() + patienceMs;
	try {
		for (const pid of pids) await stopTree(pid, stopped, deadline);
		return goOn;
	} catch (error) {
		goOn();
		throw error;
	}
}

/** A process before those that it started: it starts no more of them then. */
async function stopTree(pid: number, stopped: number[], deadline: number): Promise<void> {
	if (!send(pid, 'SIGSTOP')) return;
	stopped.push(pid);
	while (!isStopped(pid)) {
		if (performance.now() > deadline) {
			throw new SluiceError('backup.not_paused', `A run could not be paused: its process ${pid} does not stop`);
		}
		await pause(lookAgainMs);
	}
	for (const child of descendants(pid)) if (!stopped.includes(child)) await stopTree(child, stopped, deadline);
}

function send(pid: number, signal: 'SIGSTOP' | 'SIGCONT'): boolean {
	try {
		return process.kill(pid, signal);
	} catch {
		// It has ended.
		return false;
	}
}

/** Whether each thread of a process is stopped, or it has ended; true as well where /proc does not tell. */
function isStopped(pid: number): boolean {
	try {
		return readdirSync(`/proc/${pid}/task`).every((thread) => {
			const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
			return /^[TtZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
		});
	} catch {
		return true;
	}
}
