import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {type SqlWorker, startWorker} from '../../engine/sql/worker-session.js';
import {SluiceError} from '../../model/errors.js';
import type {Limits} from '../../model/limits.js';
import type {SqlSession} from '../../model/sql-session.js';
import type {StoredExecution} from '../control/stored-execution.js';
import type {Dispatcher} from '../dispatch/dispatcher.js';
import type {Paths} from '../paths.js';
import {rememberingSession} from './cached-session.js';
import {CountedRows} from './counted-rows.js';
import {runningSession} from './running-session.js';
import {SharedReader} from './shared-reader.js';

const warmMs = 60_000;
const warmAtOnce = 3;

type Warm = {
	readonly worker: Promise<SqlWorker>;
	readonly session: Promise<SqlSession>;
	turn: Promise<unknown>;
	users: number;
	idleSince: number;
	timer: NodeJS.Timeout | null;
};

/** Reads the tables of executions: a running one's through its runner, a finished one's with an engine that stays warm for a minute. */
export class Browse {
	readonly #paths: Paths;
	readonly #limits: () => Limits;
	readonly #dispatcher: () => Dispatcher;
	readonly #warm = new Map<string, Warm>();
	readonly #reserved = new Map<string, number>();
	readonly #rover: SharedReader;
	/** The execution that the roaming engine has open, until it is closed. */
	readonly #visited = new Map<string, Promise<unknown>>();
	/** How many rows of ended executions hold a text that was looked for. */
	readonly counted = new CountedRows();

	constructor(paths: Paths, limits: () => Limits, dispatcher: () => Dispatcher) {
		this.#paths = paths;
		this.#limits = limits;
		this.#dispatcher = dispatcher;
		this.#rover = new SharedReader(paths.executions, limits);
	}

	/**
	 * Does `work` on the tables of an execution; null when it has none, because it never got that far.
	 *
	 * @throws SluiceError `run.artifact_missing` while another process holds its folder
	 */
	async tables<Result>(stored: StoredExecution, work: (session: SqlSession) => Promise<Result>): Promise<Result | null> {
		return await this.#openly(stored, work, () => this.#inTurn(stored.id, work));
	}

	/**
	 * The same for somebody who goes through many executions: one engine goes with him from one to the next.
	 *
	 * @param signal ends what is being done
	 */
	async passing<Result>(
		stored: StoredExecution,
		work: (session: SqlSession) => Promise<Result>,
		signal: AbortSignal,
	): Promise<Result | null> {
		return await this.#openly(stored, work, () =>
			this.#rover.turn(async (visit) => {
				const {id} = stored;
				this.#refuseReserved(id);
				if (this.#warm.has(id)) return await this.#inTurn(id, work);
				const visiting = visit(id, work);
				this.#visited.set(
					id,
					visiting.catch(() => undefined),
				);
				try {
					return await visiting;
				} finally {
					this.#visited.delete(id);
				}
			}, signal),
		);
	}

	/** By the runner of an execution that runs; else, where there are tables at all, as `otherwise` does. */
	async #openly<Result>(
		stored: StoredExecution,
		work: (session: SqlSession) => Promise<Result>,
		otherwise: () => Promise<Result>,
	): Promise<Result | null> {
		const attempt = this.#dispatcher().attempt(stored.id);
		if (attempt) return stored.progress === null && attempt.progress === null ? null : await work(runningSession(attempt));
		await this.#dispatcher().left(stored.id);
		if (!existsSync(join(this.#paths.execution(stored.id).path, 'chdb'))) return null;
		this.#refuseReserved(stored.id);
		return await otherwise();
	}

	#refuseReserved(id: string): void {
		if (!this.#reserved.has(id)) return;
		throw new SluiceError('run.artifact_missing', 'Another execution is reading these tables', {cure: 'Ask again when it has ended.'});
	}

	/** Leaves the folders of these executions to a runner. @returns how they are given back */
	async reserve(ids: readonly string[]): Promise<() => void> {
		for (const id of ids) this.#reserved.set(id, (this.#reserved.get(id) ?? 0) + 1);
		await Promise.all(ids.flatMap((id) => [this.#cool(id), this.#visited.get(id)]));
		let given = false;
		return () => {
			if (given) return;
			given = true;
			for (const id of ids) {
				const left = (this.#reserved.get(id) ?? 1) - 1;
				if (left === 0) this.#reserved.delete(id);
				else this.#reserved.set(id, left);
			}
		};
	}

	async close(): Promise<void> {
		await Promise.all([this.#rover.end(), ...[...this.#warm.keys()].map((id) => this.#cool(id))]);
	}

	async #inTurn<Result>(id: string, work: (session: SqlSession) => Promise<Result>): Promise<Result> {
		const warm = this.#warm.get(id) ?? (await this.#heat(id));
		if (warm.timer) clearTimeout(warm.timer);
		warm.users++;
		// why: the engine takes one statement at a time, and two people may look at the same execution.
		const turn = warm.turn.then(async () => await work(await warm.session));
		warm.turn = turn.catch(() => undefined);
		try {
			return await turn;
		} finally {
			warm.users--;
			warm.idleSince = performance.now();
			if (warm.users === 0) warm.timer = setTimeout(() => void this.#cool(id), warmMs).unref();
		}
	}

	async #heat(id: string): Promise<Warm> {
		const idle = [...this.#warm].filter(([, {users}]) => users === 0).sort(([, a], [, b]) => a.idleSince - b.idleSince);
		const tooMany = this.#warm.size - warmAtOnce + 1;
		await Promise.all(idle.slice(0, Math.max(0, tooMany)).map(([old]) => this.#cool(old)));
		await this.#visited.get(id);
		const already = this.#warm.get(id);
		if (already) return already;
		const worker = startWorker({folder: this.#paths.execution(id).path, limits: this.#limits()});
		const session = worker.then(rememberingSession);
		session.catch(() => undefined);
		const warm: Warm = {worker, session, turn: Promise.resolve(), users: 0, idleSince: performance.now(), timer: null};
		this.#warm.set(id, warm);
		const forget = (): void => {
			if (this.#warm.get(id) === warm) this.#warm.delete(id);
		};
		worker.then(({ended}) => ended.then(forget, forget), forget);
		return warm;
	}

	async #cool(id: string): Promise<void> {
		const warm = this.#warm.get(id);
		if (!warm) return;
		this.#warm.delete(id);
		if (warm.timer) clearTimeout(warm.timer);
		const worker = await warm.worker.catch(() => null);
		await worker?.kill();
	}
}
