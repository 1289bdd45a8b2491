/** Ends a daemon that a command started when nobody has asked anything for a while and nothing needs it (SPEC 13). */
export class Idleness {
	readonly #idleMs: number | null;
	readonly #busy: () => boolean;
	readonly #over: () => void;
	#timer: NodeJS.Timeout | null = null;
	#stopped = false;

	/** @param idleMs null: it never ends by itself */
	constructor(idleMs: number | null, busy: () => boolean, over: () => void) {
		this.#idleMs = idleMs;
		this.#busy = busy;
		this.#over = over;
	}

	/** Somebody asked something, or something happened. */
	touch(): void {
		if (this.#idleMs === null || this.#stopped) return;
		if (this.#timer) {
			this.#timer.refresh();
			return;
		}
		this.#timer = setTimeout(() => {
			this.#timer = null;
			if (this.#busy()) this.touch();
			else this.#over();
		}, this.#idleMs);
	}

	stop(): void {
		this.#stopped = true;
		if (this.#timer) clearTimeout(this.#timer);
	}
}
