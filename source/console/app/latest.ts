/**
 * One question at a time under each name: what is asked while an answer is on its way waits for it, and of several that wait the last is
 * asked. Whoever types a word into a search asks for its first letter and for the word, and the daemon is not kept busy with all between.
 */
export class Latest {
	readonly #asked = new Set<string>();
	readonly #waiting = new Map<string, () => Promise<void>>();

	/** @param ask takes care of its own failure */
	ask(name: string, ask: () => Promise<void>): void {
		if (this.#asked.has(name)) this.#waiting.set(name, ask);
		else void this.#begin(name, ask);
	}

	async #begin(name: string, ask: () => Promise<void>): Promise<void> {
		this.#asked.add(name);
		try {
			await ask();
		} finally {
			this.#asked.delete(name);
			const next = this.#waiting.get(name);
			this.#waiting.delete(name);
			if (next) void this.#begin(name, next);
		}
	}
}
