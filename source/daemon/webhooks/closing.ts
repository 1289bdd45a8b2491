import {setImmediate as turn} from 'node:timers/promises';
import type {Connector} from '../../model/connector.js';
import {endSeconds, windowFileName} from '../../model/webhook-window.js';
import {failpoint} from '../../platform/failpoint.js';
import {uuid7} from '../../platform/uuid7.js';
import type {Control} from '../control/control.js';
import type {StoredExecution} from '../control/stored-execution.js';
import type {StoredWindow} from '../control/webhooks.js';
import type {Log} from '../log.js';
import type {Paths} from '../paths.js';
import {keyLifeSeconds} from './idempotency.js';
import type {KeyClock} from './key-clock.js';
import {isDue} from './windows.js';
import {writeWindow} from './write-window.js';

type ClosingDependencies = {
	readonly control: Control;
	readonly keyClock: KeyClock;
	readonly paths: Paths;
	readonly log: Log;
	/** The webhook connector of this name; null while there is none, or its configuration has problems. */
	connector(name: string): Connector | null;
	/** Puts the execution of a window into the queue; called inside the transaction that closes the window. */
	queue(execution: {
		readonly id: string;
		readonly connector: Connector;
		readonly inputName: string;
		readonly requests: number;
	}): StoredExecution;
	/** Hears of it when it is in the queue, and what its log is to say. */
	queued(execution: StoredExecution, notes: readonly string[]): void;
	readonly nowMs?: () => number;
};

const againAfterMs = 5_000;
/** Why a bound: a clock that is set, or a machine that sleeps, is noticed after this long. */
const longestWaitMs = 30_000;
const droppedAtOnce = 500;
const forgetEveryMs = 10 * 60_000;
/** How long a window is known after its end: as long as a key of its requests. */
const windowLifeSeconds = keyLifeSeconds;

/** Closes windows when their time is over: each becomes exactly one execution, whoever is killed when (SPEC 4). */
export class Closing {
	readonly #around: ClosingDependencies;
	#timer: NodeJS.Timeout | null = null;
	#timerAt = 0;
	#working: Promise<void> | null = null;
	#again = false;
	#stopped = true;
	#forgotAt = Number.NEGATIVE_INFINITY;

	constructor(around: ClosingDependencies) {
		this.#around = around;
	}

	/** Whether a window waits for its end. One whose connector cannot be read does not count. */
	get waiting(): boolean {
		return this.#working !== null || this.#timer !== null;
	}

	start(): void {
		this.#stopped = false;
		for (const window of this.#around.control.webhooks.leftovers()) void this.#empty(window).catch((error: unknown) => this.#failed(error));
		this.look();
	}

	/** A request was kept in a window that ends then. Cheap to call. */
	expect(endMs: number): void {
		if (this.#timer && this.#timerAt <= endMs) return;
		this.look();
	}

	/** Looks at once, whatever it waits for: the configuration may be another one. */
	look(): void {
		if (this.#stopped) return;
		if (this.#timer) clearTimeout(this.#timer);
		this.#timer = null;
		if (this.#working) this.#again = true;
		else this.#work();
	}

	async stop(): Promise<void> {
		this.#stopped = true;
		if (this.#timer) clearTimeout(this.#timer);
		this.#timer = null;
		await this.#working;
	}

	#work(): void {
		this.#again = false;
		this.#working = this.#closeDue()
			.catch((error: unknown) => this.#failed(error))
			.then((waitMs) => {
				this.#working = null;
				if (this.#stopped) return;
				if (this.#again) this.#work();
				else if (waitMs !== null) this.#wait(waitMs);
			});
	}

	#wait(waitMs: number): void {
		this.#timerAt = Date.now() + waitMs;
		this.#timer = setTimeout(() => this.look(), waitMs);
	}

	/** Closes what is due. @returns how long to wait for the next one; null when none waits */
	async #closeDue(): Promise<number | null> {
		const {control, connector: find, nowMs = Date.now} = this.#around;
		this.#forget(nowMs());
		let next: number | null = null;
		for (const window of control.webhooks.notQueued()) {
			const connector = find(window.connector);
			if (!connector || this.#stopped) continue;
			if (window.execution !== null || isDue(window, nowMs())) await this.#close(window, connector);
			else next = Math.min(next ?? longestWaitMs, Math.max(1, endSeconds(window) * 1000 - nowMs()));
		}
		return next;
	}

	async #close(window: StoredWindow, connector: Connector): Promise<void> {
		const {control, paths} = this.#around;
		const id = window.execution ?? uuid7();
		if (window.execution === null) {
			// why: whoever goes on after a kill writes the same file again, and no folder is left that nobody knows.
			control.webhooks.choose(window.id, id);
			failpoint('daemon.window.chosen');
		}
		const inputName = windowFileName(connector.apiName, window);
		const requests = await writeWindow(control, paths.execution(id), inputName, window);
		failpoint('daemon.window.written');
		failpoint('daemon.window.queued.before');
		const queued = control.together(() => {
			if (!control.webhooks.markQueued(window.id, requests) || requests === 0) return null;
			const notes = notesOf(control.webhooks.guessed(window.id), control.webhooks.takeDiffering(window.connector));
			return {execution: this.#around.queue({id, connector, inputName, requests}), notes};
		});
		failpoint('daemon.window.queued.after');
		if (queued) this.#around.queued(queued.execution, queued.notes);
		await this.#empty(window.id);
	}

	/** Takes away the lines of a window, some at a time: they stand in its input file. */
	async #empty(window: number): Promise<void> {
		while (!this.#stopped && this.#around.control.webhooks.dropLines(window, droppedAtOnce) > 0) await turn();
		failpoint('daemon.window.emptied');
	}

	/** Keys and windows that are over are not kept for ever. */
	#forget(nowMs: number): void {
		if (performance.now() - this.#forgotAt < forgetEveryMs) return;
		this.#forgotAt = performance.now();
		const {keyClock} = this.#around;
		const {webhooks} = this.#around.control;
		keyClock.store();
		void (async () => {
			while (!this.#stopped && webhooks.forgetKeys(keyClock.now(), droppedAtOnce) > 0) await turn();
			while (!this.#stopped && webhooks.forgetWindows(nowMs / 1000 - windowLifeSeconds, droppedAtOnce) > 0) await turn();
		})().catch((error: unknown) => this.#failed(error));
	}

	#failed(error: unknown): number {
		this.#around.log.error({err: error}, 'a window of webhook requests could not be closed');
		return againAfterMs;
	}
}

/** What the log of a run says of its requests, and of those that came again since the last run. */
function notesOf(guessed: number, differing: number): readonly string[] {
	const requests = (count: number): string => `${count} request${count === 1 ? '' : 's'}`;
	return [
		...(guessed === 0 ? [] : [`${requests(guessed)} that named no charset came in bytes that are not UTF-8, read as Windows-1252`]),
		...(differing === 0
			? []
			: [`${requests(differing)} came again under an id that had come before, with other content: each id counts once, as it first came`]),
	];
}
