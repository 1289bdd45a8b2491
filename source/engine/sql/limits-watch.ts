import {readdir, readFile, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {SluiceError} from '../../model/errors.js';
import {inMegabytes, type SqlLimits} from './access.js';

const memoryEveryMs = 200;
const diskEveryMs = 500;

/** A look at the folder may take this part of the time. */
const diskShare = 0.05;

/** Bytes of a page in /proc/<pid>/statm. It is 4 KiB wherever the engine's binary runs with its own allocator's settings. */
const pageBytes = 4096;

/**
 * What the process may hold beyond its memory limit before it is ended. The engine counts its own allocations and stops a statement at the
 * limit; it does not count free memory that it keeps, which can be half as much again.
 */
const slackBytes = 256_000_000;
const slackShare = 0.5;

export type Watched = {
	readonly pid: number;
	/** The engine's folder. */
	readonly folder: string;
	readonly limits: Pick<SqlLimits, 'memoryBytes' | 'diskBytes'>;
	/** Ends the engine with the reason. */
	stop(reason: SluiceError): void;
};

/**
 * Watches from outside what the user's SQL takes while it runs: the memory of the engine's process, and the disk its tables and temporary
 * files take. Both count from where they stood when the watch began: what the input took is not the script's.
 *
 * @returns what ends the watch
 */
export async function watchLimits(watched: Watched): Promise<() => void> {
	const over = new AbortController();
	const stop = (reason: SluiceError): void => {
		if (over.signal.aborted) return;
		over.abort();
		watched.stop(reason);
	};
	const [memoryAtStart, diskAtStart] = await Promise.all([residentBytes(watched.pid), bytesIn(watched.folder)]);
	const {memoryBytes, diskBytes} = watched.limits;
	const mostMemory = memoryAtStart + memoryBytes * (1 + slackShare) + slackBytes;
	repeat(over.signal, async () => {
		if ((await residentBytes(watched.pid)) > mostMemory)
			stop(new SluiceError('sql.memory', `The SQL needed more than ${inMegabytes(memoryBytes)} MB of memory`));
		return memoryEveryMs;
	});
	repeat(over.signal, async () => {
		const began = performance.now();
		if ((await bytesIn(watched.folder)) - diskAtStart > diskBytes)
			stop(new SluiceError('sql.disk', `The SQL wrote more than ${inMegabytes(diskBytes)} MB to disk`));
		return Math.max(diskEveryMs, (performance.now() - began) / diskShare);
	});
	return () => over.abort();
}

/** Looks again and again; each look says in how many milliseconds the next one is due. */
function repeat(signal: AbortSignal, look: () => Promise<number>): void {
	const again = async (): Promise<void> => {
		if (signal.aborted) return;
		const waitMs = await look();
		if (!signal.aborted) setTimeout(() => void again(), waitMs).unref();
	};
	void again();
}

/** The memory a process holds; 0 where /proc does not tell. */
async function residentBytes(pid: number): Promise<number> {
	const text = await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => '');
	return Number(text.split(' ')[1] ?? 0) * pageBytes;
}

/** The bytes that the files of a folder take. Files that come and go meanwhile count or not. */
export async function bytesIn(folder: string): Promise<number> {
	const entries = await readdir(folder, {withFileTypes: true}).catch(() => []);
	let bytes = 0;
	for (const entry of entries) {
		const path = join(folder, entry.name);
		if (entry.isDirectory()) bytes += await bytesIn(path);
		else if (entry.isFile())
			bytes += await stat(path).then(
				({blocks}) => blocks * 512,
				() => 0,
			);
	}
	return bytes;
}
