import {toSluiceError} from '../../model/errors.js';
import type {StoredExecution} from '../control/stored-execution.js';
import type {Services} from '../services.js';
import {clearExecutions} from './clear.js';
import {settleFile} from './settle-file.js';
import {rememberStuck} from './stuck.js';

const clearEveryMs = 3_600_000;

/** What becomes of files: a source's, once their executions have ended, and an execution's own, when their time is over (SPEC 11). */
export class Retention {
	readonly #services: Services;
	readonly #stopping = new AbortController();
	#turn: Promise<void> = Promise.resolve();
	#timer: NodeJS.Timeout | null = null;

	constructor(services: Services) {
		this.#services = services;
	}

	/** Finishes what the last daemon left unsettled, and clears what is old, now and every hour. */
	start(): void {
		this.#settle();
		this.#clear();
		this.#timer = setInterval(() => {
			this.#settle();
			this.#clear();
		}, clearEveryMs);
		this.#timer.unref();
	}

	/** An execution has ended: its source's file may go. */
	ended({mode}: StoredExecution): void {
		if (mode === 'live') this.#settle();
	}

	/** Resolves when nothing of it is under way. */
	async stop(): Promise<void> {
		this.#stopping.abort();
		if (this.#timer) clearInterval(this.#timer);
		await this.#turn;
	}

	#settle(): void {
		this.#next('a file of a source could not be settled', async () => {
			const {control, configuration, log} = this.#services;
			const stuck = new Map<string, string>();
			for (const taken of control.sources.unsettled()) {
				if (this.#stopping.signal.aborted) return;
				try {
					await settleFile(this.#services, taken);
				} catch (error) {
					// The files behind it are settled all the same.
					const {message, where, cure} = toSluiceError(error);
					if (!stuck.has(taken.connector)) log.error({err: error, file: taken.path}, 'a file of a source could not be settled');
					stuck.set(taken.connector, [`${taken.path} could not be moved or deleted: ${message}`, where, cure].filter(Boolean).join('. '));
				}
			}
			rememberStuck(control, configuration.names, stuck);
		});
	}

	#clear(): void {
		this.#next('old executions could not be cleared', async () => {
			const cleared = await clearExecutions(this.#services, this.#stopping.signal);
			if (cleared > 0) this.#services.log.info({cleared}, 'the files of old executions were cleared');
		});
	}

	/** One after the other: two hands on one file would be one too many. */
	#next(failure: string, work: () => Promise<void>): void {
		this.#turn = this.#turn.then(work).catch((error: unknown) => this.#services.log.error({err: error}, failure));
	}
}
