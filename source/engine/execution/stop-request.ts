/** Why a run was asked to end early: cancelled for good, or put back into the queue with its checkpoint. */
export type StopKind = 'cancel' | 'stop';

/** Thrown where a run notices that it was asked to stop. Not an error: nothing went wrong. */
export class Stopped extends Error {
	override readonly name = 'Stopped';

	/** @param at where it stopped, as people read it: `load:1, chunk 3 of 20` */
	constructor(
		readonly kind: StopKind,
		readonly at: string,
	) {
		super(`Stopped at ${at}`);
	}
}

/** The wish to stop, as the daemon sent it. The first one counts. */
export class StopRequest {
	#kind: StopKind | null = null;
	readonly #listeners = new Set<() => void>();

	get kind(): StopKind | null {
		return this.#kind;
	}

	request(kind: StopKind): void {
		if (this.#kind) return;
		this.#kind = kind;
		for (const listener of this.#listeners) listener();
	}

	/** @throws Stopped when a stop was asked for */
	check(at: string): void {
		if (this.#kind) throw new Stopped(this.#kind, at);
	}

	/** Runs `work`; a stop asked for meanwhile calls `interrupt`, and whatever `work` then throws becomes `Stopped`. */
	async during<Result>(at: string, interrupt: () => void, work: () => Promise<Result>): Promise<Result> {
		this.check(at);
		this.#listeners.add(interrupt);
		try {
			return await work();
		} catch (error) {
			this.check(at);
			throw error;
		} finally {
			this.#listeners.delete(interrupt);
		}
	}
}
