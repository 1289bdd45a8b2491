import {mkdir, mkdtemp, rm} from 'node:fs/promises';
import {join} from 'node:path';
import type {ShortTask} from '../../engine/protocol.js';
import type {Paths} from '../paths.js';
import type {DatabaseRecord} from '../state/used-databases.js';
import {runShortTask, stopped} from './short-task.js';

const longestMs = 600_000;
/** A timer of Node takes no longer wait than this; a longer one would fire at once. */
const longestTimerMs = 2 ** 31 - 1;
/** Somebody looks at a screen and waits for it. */
const longestReadingMs = 30_000;

/**
 * Short tasks, one after the other in each of four lines: those that write the store, that look at sources, that read an input again, and
 * that need the SQL engine.
 */
export class ShortTasks {
	readonly #entry: string;
	readonly #paths: Paths;
	readonly #databases: Pick<DatabaseRecord, 'requireStore' | 'storeWritten'>;
	readonly #lines = new Map<string, Promise<unknown>>();
	readonly #ending = new AbortController();
	/** The time that a task which writes the store has to finish is over. */
	readonly #over = new AbortController();

	/** @param databases sees that the records are there before a task opens them, and remembers what was written */
	constructor(entry: string, paths: Paths, databases: Pick<DatabaseRecord, 'requireStore' | 'storeWritten'>) {
		this.#entry = entry;
		this.#databases = databases;
		this.#paths = paths;
	}

	/**
	 * @param stopping ends it before its time
	 * @throws the task's own SluiceError, `task.failed`, or `task.stopped`
	 */
	run(task: ShortTask, stopping?: AbortSignal): Promise<unknown> {
		const line = lineOf(task);
		const turn = (this.#lines.get(line) ?? Promise.resolve()).then(() => this.#run(task, line, stopping));
		this.#lines.set(
			line,
			turn.catch(() => undefined),
		);
		return turn;
	}

	/** Ends what runs in an engine or reads a file, and starts nothing more. A task that writes the store may finish within `graceMs`. */
	async stop(graceMs: number): Promise<void> {
		this.#ending.abort();
		const timer = setTimeout(() => this.#over.abort(), graceMs);
		await Promise.all(this.#lines.values());
		clearTimeout(timer);
	}

	async #run(task: ShortTask, line: string, stopping: AbortSignal | undefined): Promise<unknown> {
		const daemonEnds = line === 'store' ? this.#over.signal : this.#ending.signal;
		const signal = stopping ? AbortSignal.any([daemonEnds, stopping]) : daemonEnds;
		if (this.#ending.signal.aborted || signal.aborted) throw stopped(task);
		if ('storeFile' in task) this.#databases.requireStore();
		try {
			return await runShortTask(this.#entry, this.#paths.workspace, task, mostMsOf(task), signal);
		} finally {
			if (line === 'store') this.#databases.storeWritten();
		}
	}

	/** Does `work` while no short task writes the store. */
	whileStoreRests<Result>(work: () => Promise<Result>): Promise<Result> {
		const turn = (this.#lines.get('store') ?? Promise.resolve()).then(work);
		this.#lines.set(
			'store',
			turn.catch(() => undefined),
		);
		return turn;
	}

	/** Runs a task that needs a folder of its own, which is gone afterwards. */
	async runInFolder(task: (folder: string) => ShortTask): Promise<unknown> {
		return await this.inFolder((folder) => this.run(task(folder)));
	}

	/** Does `work` with a folder of its own, which is gone afterwards. */
	async inFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
		// Not with its parents: a state folder that was taken away must stay away.
		await mkdir(this.#paths.tasks, {mode: 0o700}).catch(unlessThere);
		const folder = await mkdtemp(join(this.#paths.tasks, 'task-'));
		try {
			return await work(folder);
		} finally {
			await rm(folder, {recursive: true, force: true});
		}
	}
}

function unlessThere(error: NodeJS.ErrnoException): void {
	if (error.code !== 'EEXIST') throw error;
}

/** Beyond the time of its SQL, which the engine and its runner hold; a script and the tables it leaves each have that time. */
function mostMsOf(task: ShortTask): number {
	if (task.task === 'line') return longestReadingMs;
	return 'limits' in task ? Math.min(longestMs + 2 * task.limits.sqlTimeSeconds * 1000, longestTimerMs) : longestMs;
}

function lineOf(task: ShortTask): string {
	// why: a source may take as long as `limits.sql_time`, and nobody's validation waits for it.
	if (task.task === 'select' || task.task === 'fetch' || task.task === 'peek') return 'source';
	if (task.task === 'line') return 'input';
	return 'folder' in task ? 'engine' : 'store';
}
