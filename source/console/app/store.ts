import type {App, AppEffect, AppEvent} from './state.js';
import {update} from './update.js';

/**
 * The console's state outside React. Every event is taken at once, in order, whatever is drawn; listeners hear of it once per turn of the
 * event loop, so three hundred fast keys are three hundred commands and a few pictures.
 */
export class Store {
	#app: App;
	#told = true;
	readonly #listeners = new Set<() => void>();
	readonly #obey: (order: AppEffect) => void;

	constructor(app: App, obey: (order: AppEffect) => void) {
		this.#app = app;
		this.#obey = obey;
	}

	readonly snapshot = (): App => this.#app;

	readonly subscribe = (listener: () => void): (() => void) => {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	};

	dispatch(event: AppEvent): void {
		this.take(update(this.#app, event));
	}

	/** Takes a next state that was made outside of `update`, such as the first screen. */
	take({app, orders}: {readonly app: App; readonly orders: readonly AppEffect[]}): void {
		if (app !== this.#app) {
			this.#app = app;
			if (this.#told) setImmediate(() => this.#tell());
			this.#told = false;
		}
		for (const order of orders) this.#obey(order);
	}

	#tell(): void {
		this.#told = true;
		for (const listener of this.#listeners) listener();
	}
}
