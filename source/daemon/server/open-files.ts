import {readFileSync} from 'node:fs';
import {SluiceError} from '../../model/errors.js';

/*
 * How the descriptors of this process are shared, so that no number of connections starves its databases, its executions or its socket (SPEC 17).
 */

/** Databases, logs, the event loop, the readers of files and one request to the outside: 28 when idle, 37 with a run that is browsed. */
const ownFiles = 64;
/** The pipes of a runner, and the files that are open while it is started or read. */
const filesOfExecution = 12;
/** Below this many connections the doors are of no use. */
const leastConnections = 64;
/** One execution and one dry run. */
const neededFiles = ownFiles + 2 * filesOfExecution + leastConnections;

export type ConnectionShares = {readonly socket: number; readonly tcp: number; readonly webhooks: number; readonly webhooksWaiting: number};

/** The limit of open files of this process, as the system enforces it. 256, the smallest default there is, where it does not tell. */
export function openFilesLimit(limitsFile = '/proc/self/limits'): number {
	try {
		const [, soft] = /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync(limitsFile, 'utf8')) ?? [];
		if (soft === 'unlimited') return Number.MAX_SAFE_INTEGER;
		return soft === undefined ? 256 : Number(soft);
	} catch {
		// Not Linux: it has no such file.
		return 256;
	}
}

/** @throws SluiceError `daemon.open_files` where the limit is too low for a daemon that does its work */
export function checkOpenFiles(limit: number): void {
	if (limit >= neededFiles) return;
	throw new SluiceError('daemon.open_files', `This process may open ${limit} files, which are too few`, {
		expected: `at least ${neededFiles}`,
		cure: `Raise the limit, for example with \`ulimit -n 1024\`, then start the daemon again.`,
	});
}

/** How many executions may run at once: as many as are wished for, or as many as the limit of open files holds. */
export function executionsWithin(limit: number, wished: number): number {
	return Math.max(1, Math.min(wished, Math.floor((limit - ownFiles - leastConnections) / filesOfExecution) - 1));
}

/** How many connections each door may hold while `running` executions and one dry run have what they need. */
export function connectionShares(limit: number, running: number): ConnectionShares {
	const free = Math.max(leastConnections, limit - ownFiles - filesOfExecution * (executionsWithin(limit, running) + 1));
	const quarter = Math.min(256, Math.floor(free / 4));
	const rest = free - 2 * quarter;
	// Where files are scarce, a quarter of what is left waits: a burst is queued and not refused.
	const webhooks = Math.min(1_000, rest - Math.floor(rest / 4));
	return {socket: quarter, tcp: quarter, webhooks, webhooksWaiting: Math.min(4_096, rest - webhooks)};
}
