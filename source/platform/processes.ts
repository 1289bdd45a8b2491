import {readFileSync} from 'node:fs';
import {setTimeout as wait} from 'node:timers/promises';

/** The processes that a process started and that still live, those of its children included; empty where /proc does not tell. */
export function descendants(pid: number): readonly number[] {
	const children = readOr(`/proc/${pid}/task/${pid}/children`, '').trim();
	if (children === '') return [];
	return children
		.split(' ')
		.map(Number)
		.flatMap((child) => [child, ...descendants(child)]);
}

/**
 * When a process was started, in clock ticks since boot: field 22 of /proc/<pid>/stat (proc(5)), which tells it from a later one of the same
 * number. Empty where there is no /proc, no such process, or nothing but its exit code is left of it.
 */
export function startTime(pid: number): string {
	const fields = statFields(pid);
	// A killed process is a zombie at once, but keeps its files and locks until the last of its threads has ended.
	const ended = fields[0] === 'Z' && Number(fields[17]) <= 1;
	return ended ? '' : (fields[19] ?? '');
}

/** Whether a process is there and holds anything. Where there is no /proc, whether it can be signalled. */
export function isRunning(pid: number): boolean {
	const [state = ''] = statFields(pid);
	if (state !== '') return !/^[ZX]/.test(state);
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}

/** Whether a process is there and held by SIGSTOP or a debugger. False where the system does not tell. */
export function isStopped(pid: number): boolean {
	return /^[Tt]/.test(statFields(pid)[0] ?? '');
}

/** Ends a process by a signal it cannot refuse; one that is gone already is what was wanted. */
export function endProcess(pid: number): void {
	try {
		process.kill(pid, 'SIGKILL');
	} catch {
		// Gone already.
	}
}

/** Resolves when an ended process has given back what it held: it is no more, or nothing but its exit code is left of it. */
export async function gone(pid: number): Promise<void> {
	for (;;) {
		const [state = ''] = statFields(pid);
		if (state === '' || state === 'Z' || state === 'X') return;
		await wait(2);
	}
}

/** The fields of /proc/<pid>/stat from the third on, its state. The second is the program's name, which may hold spaces and parentheses. */
function statFields(pid: number): readonly string[] {
	const stat = readOr(`/proc/${pid}/stat`, '');
	return stat === '' ? [] : stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function readOr(path: string, fallback: string): string {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return fallback;
	}
}
