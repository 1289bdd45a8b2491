import {SluiceError} from '../../model/errors.js';

/** Looks at sources that are under way, by connector, so that they can be ended: a query may run as long as `limits.sql_time`. */
export class RunningLooks {
	readonly #looks = new Map<string, Set<AbortController>>();

	/**
	 * Does `look`, whose signal ends it when the connector's looks are cancelled or `stopping` aborts.
	 *
	 * @throws SluiceError `source.cancelled`, or what `look` throws
	 */
	async during<Result>(
		connector: string,
		stopping: AbortSignal | undefined,
		look: (signal: AbortSignal) => Promise<Result>,
	): Promise<Result> {
		const own = new AbortController();
		const all = this.#looks.get(connector) ?? new Set();
		this.#looks.set(connector, all.add(own));
		const signal = stopping ? AbortSignal.any([own.signal, stopping]) : own.signal;
		try {
			return await look(signal);
		} catch (error) {
			// What a look says that was cut off speaks of the cut.
			if (own.signal.aborted) throw own.signal.reason;
			throw error;
		} finally {
			all.delete(own);
			if (all.size === 0 && this.#looks.get(connector) === all) this.#looks.delete(connector);
		}
	}

	/** Ends what runs of a connector. @returns how many looks that were */
	cancel(connector: string): number {
		const all = [...(this.#looks.get(connector) ?? [])];
		this.#looks.delete(connector);
		for (const look of all) look.abort(new SluiceError('source.cancelled', `The look at the source of ${connector} was cancelled`));
		return all.length;
	}
}
