import {type RoamingWorker, startRoaming} from '../../engine/sql/shared-worker.js';
import {SluiceError} from '../../model/errors.js';
import type {Limits} from '../../model/limits.js';
import type {SqlSession} from '../../model/sql-session.js';

export type Visit = <Result>(execution: string, work: (session: SqlSession) => Promise<Result>) => Promise<Result>;

const warmMs = 60_000;

/** The one engine that goes through the tables of many executions, one visit at a time; it ends when nobody has needed it for a minute. */
export class SharedReader {
	readonly #folder: string;
	readonly #limits: () => Limits;
	#worker: Promise<RoamingWorker> | null = null;
	#turn: Promise<unknown> = Promise.resolve();
	#timer: NodeJS.Timeout | null = null;

	/** @param folder of all executions */
	constructor(folder: string, limits: () => Limits) {
		this.#folder = folder;
		this.#limits = limits;
	}

	/**
	 * Lets `doing` visit when its turn has come. An abort ends the engine, and with it whatever it does.
	 *
	 * @throws SluiceError `sql.cancelled` after an abort
	 */
	async turn<Result>(doing: (visit: Visit) => Promise<Result>, signal: AbortSignal): Promise<Result> {
		const before = this.#turn;
		const mine = (async () => {
			await before;
			return await this.#doing(doing, signal);
		})();
		this.#turn = mine.catch(() => undefined);
		return await mine;
	}

	async end(): Promise<void> {
		if (this.#timer) clearTimeout(this.#timer);
		const worker = await this.#worker?.catch(() => null);
		this.#worker = null;
		await worker?.kill();
	}

	async #doing<Result>(doing: (visit: Visit) => Promise<Result>, signal: AbortSignal): Promise<Result> {
		if (signal.aborted) throw cancelled();
		if (this.#timer) clearTimeout(this.#timer);
		const stop = (): void => void this.end();
		signal.addEventListener('abort', stop, {once: true});
		try {
			return await doing(async (execution, work) => (await this.#started()).visit(execution, work));
		} finally {
			signal.removeEventListener('abort', stop);
			this.#timer = setTimeout(() => void this.end(), warmMs).unref();
		}
	}

	#started(): Promise<RoamingWorker> {
		if (this.#worker) return this.#worker;
		const worker = startRoaming(this.#folder, this.#limits());
		this.#worker = worker;
		const forget = (): void => {
			if (this.#worker === worker) this.#worker = null;
		};
		worker.then(({ended}) => ended.then(forget, forget), forget);
		return worker;
	}
}

function cancelled(): SluiceError {
	return new SluiceError('sql.cancelled', 'Nobody waits for the answer any more');
}
