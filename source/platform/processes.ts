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

/** When a process was started: field 22 of /proc/<pid>/stat, which tells it from a later one of the same number. Empty where unknown. */
export function startTime(pid: number): string {
	const stat = readOr(`/proc/${pid}/stat`, '');
	// Why from the last parenthesis: the second field is the program's name and may hold spaces and parentheses itself.
	return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
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
		const state = readOr(`/proc/${pid}/stat`, '').split(') ').at(-1)?.charAt(0) ?? '';
		if (state === '' || state === 'Z' || state === 'X') return;
		await wait(2);
	}
}

function readOr(path: string, fallback: string): string {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return fallback;
	}
}
