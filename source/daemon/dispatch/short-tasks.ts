import {mkdir, mkdtemp, rm} from 'node:fs/promises';
import {join} from 'node:path';
import type {ShortTask} from '../../engine/job.js';
import {SluiceError} from '../../model/errors.js';
import type {Paths} from '../paths.js';
import type {DatabaseRecord} from '../state/used-databases.js';
import {runShortTask} from './short-task.js';

const longestMs = 600_000;
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
	readonly #running = new Set<() => void>();
	#stopped = false;
	readonly #lines = new Map<string, Promise<unknown>>();

	/** @param databases sees that the records are there before a task opens them, and remembers what was written */
	constructor(entry: string, paths: Paths, databases: Pick<DatabaseRecord, 'requireStore' | 'storeWritten'>) {
		this.#entry = entry;
		this.#databases = databases;
		this.#paths = paths;
	}

	/** @throws the task's own SluiceError, or `task.failed` */
	run(task: ShortTask): Promise<unknown> {
		const line = lineOf(task);
		const mostMs = task.task === 'line' ? longestReadingMs : longestMs;
		const turn = (this.#lines.get(line) ?? Promise.resolve()).then(() => this.#run(task, mostMs));
		this.#lines.set(
			line,
			turn.catch(() => undefined),
		);
		return turn;
	}

	/** Ends what runs and begins nothing more: what waits is refused. */
	stop(): void {
		this.#stopped = true;
		for (const kill of this.#running) kill();
	}

	async #run(task: ShortTask, mostMs: number): Promise<unknown> {
		if (this.#stopped) throw new SluiceError('daemon.stopping', 'The daemon is shutting down');
		if ('storeFile' in task) this.#databases.requireStore();
		const {result, kill} = runShortTask(this.#entry, this.#paths.workspace, task, mostMs);
		this.#running.add(kill);
		try {
			return await result;
		} catch (error) {
			throw this.#stopped ? new SluiceError('daemon.stopping', 'The daemon is shutting down', {cause: error}) : error;
		} finally {
			this.#running.delete(kill);
			if (lineOf(task) === 'store') this.#databases.storeWritten();
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
		await mkdir(this.#paths.tasks, {recursive: true, mode: 0o700});
		if (this.#stopped) throw new SluiceError('daemon.stopping', 'The daemon is shutting down');
		const folder = await mkdtemp(join(this.#paths.tasks, 'task-'));
		try {
			return await this.run(task(folder));
		} finally {
			await rm(folder, {recursive: true, force: true});
		}
	}
}

function lineOf(task: ShortTask): string {
	// why: a source may take as long as `limits.sql_time`, and nobody's validation waits for it.
	if (task.task === 'select' || task.task === 'peek') return 'source';
	if (task.task === 'line') return 'input';
	return 'folder' in task ? 'engine' : 'store';
}
