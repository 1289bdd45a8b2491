import type {Control} from '../control/control.js';

const fact = 'webhook_key_seconds';

/**
 * The clock by which idempotency keys end. It has the wall clock's time when a workspace first asks for it; from then on it counts the
 * seconds in which a daemon ran, by a monotonic clock. A wall clock that is wrong for a while, set forward or back, ends no key and keeps none:
 * it never makes a second row of a retry (DESIGN P2). Time without a daemon does not count, so a key may live longer than it has to.
 */
export class KeyClock {
	readonly #control: Control;
	readonly #monotonicMs: () => number;
	readonly #startedMs: number;
	readonly #startSeconds: number;

	constructor(control: Control, wallMs: () => number = Date.now, monotonicMs: () => number = () => performance.now()) {
		this.#control = control;
		this.#monotonicMs = monotonicMs;
		this.#startedMs = monotonicMs();
		this.#startSeconds = Number(control.facts.recall(fact) ?? Math.ceil(wallMs() / 1000));
	}

	/** In whole seconds. */
	now(): number {
		return this.#startSeconds + Math.floor((this.#monotonicMs() - this.#startedMs) / 1000);
	}

	/** Stores how far it is: the next daemon goes on from there. */
	store(): void {
		this.#control.facts.remember(fact, String(this.now()));
	}
}
