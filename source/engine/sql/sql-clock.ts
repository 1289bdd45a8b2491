import {SluiceError} from '../../model/errors.js';

/** Seconds past the time limit after which SQL that does not look at the engine's clock is ended with its worker. */
const graceSeconds = 5;

/** A timer of Node takes no longer wait than this; a longer one would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/** What can be ended when its time is up. */
export type Stoppable = {
	/** Ends the worker at once; open and later calls fail with `reason`. */
	stop(reason: SluiceError): Promise<void>;
};

/** The time that the user's SQL may take (`limits.sql_time`). It counts by a monotonic clock: a step of the wall clock does not matter. */
export class SqlClock {
	readonly #limitSeconds: number;
	#startedMs: number;

	constructor(limitSeconds: number) {
		this.#limitSeconds = limitSeconds;
		this.#startedMs = performance.now();
	}

	/** Gives the whole limit anew. */
	restart(): void {
		this.#startedMs = performance.now();
	}

	/** @throws SluiceError `sql.time` when nothing is left */
	secondsLeft(): number {
		const left = this.#limitSeconds - (performance.now() - this.#startedMs) / 1000;
		if (left <= 0) throw timeIsUp(this.#limitSeconds);
		return left;
	}

	/**
	 * Runs `work` in what is left of the time. The engine ends a statement at `max_execution_time`, where it looks at its clock; a statement
	 * that does not is ended with its worker a few seconds later.
	 *
	 * @throws SluiceError `sql.time`; whatever `work` throws
	 */
	async within<Result>(worker: Stoppable, work: (secondsLeft: number) => Promise<Result>): Promise<Result> {
		const left = this.secondsLeft();
		const timer = this.#endWith(worker, left);
		try {
			return await work(left);
		} finally {
			clearTimeout(timer);
		}
	}

	/** The same for blocks that are read one after the other. */
	async *blocksWithin<Block>(worker: Stoppable, blocks: () => AsyncIterable<Block>): AsyncGenerator<Block> {
		const timer = this.#endWith(worker, this.secondsLeft());
		try {
			yield* blocks();
		} finally {
			clearTimeout(timer);
		}
	}

	#endWith(worker: Stoppable, left: number): NodeJS.Timeout {
		const waitMs = Math.min((left + graceSeconds) * 1000, longestTimerMs);
		return setTimeout(() => void worker.stop(timeIsUp(this.#limitSeconds)), waitMs);
	}
}

/** `max_execution_time` in whole seconds, which is what the engine counts in. */
export function executionTime(secondsLeft: number): number {
	return Math.max(1, Math.ceil(secondsLeft));
}

function timeIsUp(limitSeconds: number): SluiceError {
	return new SluiceError('sql.time', `The SQL ran longer than ${limitSeconds.toLocaleString('en-GB')} s`);
}
