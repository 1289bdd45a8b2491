import {SluiceError} from '../../model/errors.js';
import {endSeconds, type WebhookWindow} from '../../model/webhook-window.js';
import {failpoint} from '../../platform/failpoint.js';
import {uuid7} from '../../platform/uuid7.js';
import type {Control} from '../control/control.js';
import type {StoredWindow} from '../control/webhooks.js';
import type {Log} from '../log.js';
import {keyLifeSeconds, sentBefore} from './idempotency.js';
import type {KeyClock} from './key-clock.js';
import {inputHeader, inputLine} from './window-line.js';
import {windowFor} from './windows.js';

/** A request that proved who sent it. */
export type Arrival = {
	readonly connector: string;
	readonly cadenceSeconds: number;
	readonly caller: string;
	readonly query: string;
	readonly body: string;
	/** The kept headers as a JSON object; empty for none. */
	readonly headers: string;
	/** Whether its charset was guessed. */
	readonly guessed: boolean;
	readonly keys: readonly string[];
	readonly fingerprint: Buffer;
};

/** `window` is the one it was gathered in; null for one that was kept before, under this id. */
export type Kept = {readonly id: string; readonly window: WebhookWindow | null};

type IntakeDependencies = {
	readonly control: Control;
	readonly keyClock: KeyClock;
	readonly log: Log;
	/** The largest input file. */
	maxInputBytes(): number;
	/** Hears when the first of the windows that requests were kept in ends, and of which connectors they are. */
	kept(endMs: number, connectors: ReadonlySet<string>): void;
	readonly nowMs?: () => number;
};

type Waiting = {readonly arrival: Arrival; readonly answer: (kept: Kept) => void; readonly refuse: (error: SluiceError) => void};

/** Why bounds: the daemon does nothing else while a transaction runs; 2,000 requests in one held it for 150 to 320 ms. */
const mostAtOnce = 250;
const mostBytesAtOnce = 4 * 1024 * 1024;

/** Brings requests to disk, those that wait together in one transaction, and only then says that they are kept (SPEC 4, DESIGN P2). */
export class Intake {
	readonly #around: IntakeDependencies;
	#waiting: Waiting[] = [];
	#due = false;

	constructor(around: IntakeDependencies) {
		this.#around = around;
	}

	/** Resolves when the request is on disk. @throws SluiceError `webhook.key_reused`, `webhook.full`, `webhook.not_kept` */
	keep(arrival: Arrival): Promise<Kept> {
		return new Promise((answer, refuse) => {
			this.#waiting.push({arrival, answer, refuse});
			if (this.#due) return;
			this.#due = true;
			// why: everything that this turn of the event loop read from its sockets comes along.
			setImmediate(() => this.#keepAll());
		});
	}

	#keepAll(): void {
		this.#due = false;
		const group = this.#next();
		if (this.#waiting.length > 0) {
			this.#due = true;
			setImmediate(() => this.#keepAll());
		}
		let outcomes: readonly (Kept | SluiceError)[];
		let endMs: number;
		try {
			failpoint('daemon.webhook.kept.before');
			({outcomes, endMs} = this.#write(group.map(({arrival}) => arrival)));
			failpoint('daemon.webhook.kept.after');
		} catch (cause) {
			this.#around.log.error({err: cause, requests: group.length}, 'requests of webhooks could not be kept');
			const error = new SluiceError('webhook.not_kept', 'The request could not be written to disk', {cause});
			for (const {refuse} of group) refuse(error);
			return;
		}
		for (const [index, {answer, refuse}] of group.entries()) {
			const outcome = outcomes[index];
			if (outcome instanceof SluiceError) refuse(outcome);
			else if (outcome) answer(outcome);
		}
		this.#around.kept(endMs, new Set(group.map(({arrival}) => arrival.connector)));
	}

	#next(): readonly Waiting[] {
		let bytes = 0;
		const many = this.#waiting.findIndex(({arrival: {body, query}}, index) => {
			bytes += body.length + query.length;
			return index === mostAtOnce || bytes > mostBytesAtOnce;
		});
		return this.#waiting.splice(0, many < 0 ? this.#waiting.length : Math.max(1, many));
	}

	#write(arrivals: readonly Arrival[]): {readonly outcomes: readonly (Kept | SluiceError)[]; readonly endMs: number} {
		const {control, keyClock, nowMs = Date.now} = this.#around;
		return control.together(() => {
			const group = new Group(control, keyClock, nowMs(), this.#around.maxInputBytes());
			const outcomes = arrivals.map((arrival) => group.keep(arrival));
			return {outcomes, endMs: group.grow()};
		});
	}
}

type Growing = {readonly stored: StoredWindow; bytes: number; guessed: number};

/** One transaction of requests. */
class Group {
	readonly #windows = new Map<string, Growing>();
	readonly #at: string;

	constructor(
		readonly control: Control,
		readonly keyClock: KeyClock,
		readonly nowMs: number,
		readonly maxInputBytes: number,
	) {
		this.#at = new Date(nowMs).toISOString();
	}

	/** @returns an error where this request, and no other, is refused */
	keep({connector, cadenceSeconds, caller, query, body, headers, guessed, keys, fingerprint}: Arrival): Kept | SluiceError {
		const {webhooks} = this.control;
		const keySeconds = this.keyClock.now();
		try {
			const before = sentBefore(
				keys.flatMap((key) => {
					const known = webhooks.key(connector, key, keySeconds);
					return known ? [{...known, key}] : [];
				}),
				fingerprint,
			);
			if (before?.differs) webhooks.addDiffering(connector);
			if (before) return {id: before.request, window: null};
			const line = inputLine({at: this.#at, caller, query, body, headers});
			const bytes = Buffer.byteLength(line);
			const window = this.#windowOf(connector, cadenceSeconds);
			if (window.stored.bytes + window.bytes + bytes + inputHeader.length > this.maxInputBytes) {
				return new SluiceError('webhook.full', 'This window has gathered as much as an input file may hold');
			}
			const id = uuid7(this.nowMs);
			webhooks.add(window.stored.id, line);
			window.bytes += bytes;
			if (guessed) window.guessed++;
			const until = keySeconds + keyLifeSeconds;
			for (const key of keys) webhooks.addKey(connector, key, {fingerprint, request: id}, until);
			return {id, window: window.stored};
		} catch (error) {
			if (error instanceof SluiceError) return error;
			throw error;
		}
	}

	/** Writes down how much the windows of this group have grown. @returns when the first of them ends */
	grow(): number {
		const windows = [...this.#windows.values()];
		this.keyClock.store();
		for (const {stored, bytes, guessed} of windows) this.control.webhooks.grow(stored.id, bytes, guessed);
		return Math.min(...windows.map(({stored}) => endSeconds(stored) * 1000));
	}

	#windowOf(connector: string, cadenceSeconds: number): Growing {
		const key = `${connector} ${cadenceSeconds}`;
		const known = this.#windows.get(key);
		if (known) return known;
		const {webhooks} = this.control;
		const window = windowFor(this.nowMs, cadenceSeconds, webhooks.closedUntil(connector));
		const begun = {stored: webhooks.open(connector, window), bytes: 0, guessed: 0};
		this.#windows.set(key, begun);
		return begun;
	}
}
