import {setTimeout as pause} from 'node:timers/promises';
import {toSluiceError} from '../../model/errors.js';
import {failpoint} from '../../platform/failpoint.js';
import type {Control} from '../control/control.js';
import type {DueDelivery, StoredDelivery} from '../control/deliveries.js';
import type {Log} from '../log.js';
import {Connections} from '../outgoing/connections.js';
import type {Network} from '../outgoing/network.js';
import {longestPauseMs, retryAt} from './backoff.js';
import {Lane, laneOf, mostAtOnce} from './lanes.js';
import {type MailServer, sendMail} from './mail.js';
import {post} from './post.js';

export type CourierNeeds = {
	readonly control: Control;
	readonly log: Log;
	readonly outbox: string;
	/** Whether the settings are known: without them a mail would go to the outbox as delivered. */
	ready(): boolean;
	/** With its secrets filled in; null: mails are written as files. */
	mailServer(): MailServer | null;
	secret(name: string): string | null;
	allowHosts(): readonly string[];
	/** @throws SluiceError as `networkOf` */
	network(): Network;
	/** Hides secrets in what is kept of an error. */
	redact(text: string): string;
};

/** What became of an attempt. */
type Outcome = {
	readonly id: string;
	readonly lane: Lane;
	/** Null: it arrived. `next` null: it was the last attempt. */
	readonly failure: {readonly message: string; readonly next: string | null} | null;
	/** Told when it is on disk. */
	readonly written: () => void;
};

const longestSleepMs = 60_000;
/** How long the daemon's end waits for what is on its way; after that it is cut off, and sent again by the next daemon. */
const lastWaitMs = 5_000;
/** When outcomes could not be written, such as on a full disk. What they are of is not sent again meanwhile. */
const writeAgainMs = 5_000;

/** Takes what waits to be sent to where it goes: at least once each, with growing pauses, for a day (SPEC 12). */
export class Courier {
	readonly #needs: CourierNeeds;
	readonly #underWay = new Map<string, Promise<void>>();
	readonly #lanes = new Map<string, Lane>();
	readonly #connections = new Connections();
	readonly #cutOff = new AbortController();
	/** Outcomes that are written together: a transaction for each would cost more than a request to a receiver nearby. */
	#outcomes: Outcome[] = [];
	#timer: NodeJS.Timeout | null = null;
	#due = false;
	#stopped = false;

	constructor(needs: CourierNeeds) {
		this.#needs = needs;
	}

	/** Something may be due. Cheap to call, and done once for many calls. */
	wake(): void {
		if (this.#stopped || !this.#needs.ready()) return;
		this.#turnSoon();
	}

	async stop(): Promise<void> {
		this.#stopped = true;
		if (this.#timer) clearTimeout(this.#timer);
		const all = Promise.all(this.#underWay.values());
		await Promise.race([all, pause(lastWaitMs, undefined, {ref: false})]);
		this.#cutOff.abort();
		this.#writeOutcomes();
		await this.#connections.destroy();
	}

	#turnSoon(): void {
		if (this.#due) return;
		this.#due = true;
		setImmediate(() => {
			this.#due = false;
			const written = this.#writeOutcomes();
			if (this.#stopped) return;
			if (this.#needs.ready()) this.#fillLanes();
			this.#sleep(written ? null : writeAgainMs);
		});
	}

	/** @returns whether all outcomes are on disk */
	#writeOutcomes(): boolean {
		if (this.#outcomes.length === 0) return true;
		const {control, log} = this.#needs;
		try {
			control.together(() => {
				for (const {id, failure} of this.#outcomes) {
					if (failure === null) control.deliveries.delivered(id);
					else control.deliveries.failed(id, failure.message, failure.next);
				}
				const count = (state: 'delivered' | 'failed', amount: number) => amount > 0 && control.totals.add('deliveries', state, amount);
				count('delivered', this.#outcomes.filter(({failure}) => failure === null).length);
				count('failed', this.#outcomes.filter(({failure}) => failure !== null && failure.next === null).length);
			});
		} catch (error) {
			log.error({err: error, deliveries: this.#outcomes.length}, 'what became of deliveries could not be written');
			return false;
		}
		failpoint('daemon.delivery.after');
		for (const {id, lane, written} of this.#outcomes.splice(0)) {
			this.#underWay.delete(id);
			lane.underWay--;
			written();
		}
		return true;
	}

	#fillLanes(): void {
		const {deliveries} = this.#needs.control;
		const now = performance.now();
		const targets = deliveries.waitingLanes().map(({kind, target}) => ({kind, target, lane: this.#laneOf(kind, target)}));
		const lanes = new Set(targets.map(({lane}) => lane));
		for (const [name, lane] of this.#lanes)
			if (lane.underWay === 0 && !lanes.has(lane) && lane.opensAt(now) === null) this.#lanes.delete(name);
		for (const lane of lanes) {
			const free = this.#roomIn(lane, now);
			if (free === 0) continue;
			// What is under way waits too, as the table has it: it is asked for as well, and left out.
			const limit = lane.underWay + free;
			const due = targets.filter((one) => one.lane === lane).flatMap(({kind, target}) => deliveries.due(kind, target, limit));
			const chosen = due.filter(({id}) => !this.#underWay.has(id)).sort(byTime);
			for (const {id} of chosen.slice(0, free)) this.#begin(deliveries.known(id), lane);
		}
	}

	#laneOf(kind: StoredDelivery['kind'], target: string | null): Lane {
		const name = laneOf({kind, to: target ?? ''});
		const lane = this.#lanes.get(name) ?? new Lane(kind, name);
		this.#lanes.set(name, lane);
		return lane;
	}

	/** How many more may go to a receiver now. One that nothing goes to may always have one, however many others stall. */
	#roomIn(lane: Lane, now: number): number {
		const free = lane.free(now);
		if (free === 0) return 0;
		let left = mostAtOnce[lane.kind];
		for (const other of this.#lanes.values()) if (other.kind === lane.kind) left -= other.underWay;
		return Math.min(free, Math.max(left, lane.underWay === 0 ? 1 : 0));
	}

	#begin(delivery: StoredDelivery, lane: Lane): void {
		const {id} = delivery;
		lane.underWay++;
		const attempt = this.#attempt(delivery, lane).then(
			async (failure) =>
				await new Promise<void>((written) => {
					this.#outcomes.push({id, lane, failure, written});
					this.#turnSoon();
				}),
			// Cut off by the end of the daemon: the next one sends it.
			() => undefined,
		);
		this.#underWay.set(id, attempt);
	}

	/** What is due and not under way waits for its lane, which wakes us; what comes due later needs a timer. */
	#sleep(atMostMs: number | null): void {
		if (this.#timer) clearTimeout(this.#timer);
		const now = performance.now();
		const next = this.#needs.control.deliveries.nextAt();
		const pausesMs = [...this.#lanes.values()].map((lane) => lane.opensAt(now)).flatMap((at) => (at === null ? [] : [at - now]));
		if (next !== null) pausesMs.push(Date.parse(next) - Date.now());
		if (atMostMs !== null) pausesMs.push(atMostMs);
		if (pausesMs.length === 0) return;
		this.#timer = setTimeout(() => this.#turnSoon(), Math.max(0, Math.min(...pausesMs, longestSleepMs)));
		this.#timer.unref();
	}

	/**
	 * @returns null where it arrived
	 * @throws where it was cut off
	 */
	async #attempt(delivery: StoredDelivery, lane: Lane): Promise<Outcome['failure']> {
		const {log, redact} = this.#needs;
		const {signal} = this.#cutOff;
		const failed = (message: string, next: string | null) => {
			const shown = redact(message);
			log.warn({delivery: delivery.id, next, message: shown}, 'a delivery failed');
			return {message: shown, next};
		};
		try {
			failpoint('daemon.delivery.before');
			const refusal = await this.#send(delivery);
			signal.throwIfAborted();
			if (refusal === null) {
				lane.taken();
				failpoint('daemon.delivery.sent');
				return null;
			}
			const pauseMs = Math.min(refusal.pauseMs, longestPauseMs);
			if (refusal.tooMany) lane.overloaded(performance.now(), pauseMs);
			return failed(refusal.message, retryAt(delivery.attempts, new Date(), pauseMs));
		} catch (error) {
			signal.throwIfAborted();
			const {message, code} = toSluiceError(error);
			if (code === 'outgoing.failed') lane.overloaded(performance.now(), 0);
			return failed(message, code === 'delivery.rejected' ? null : retryAt(delivery.attempts, new Date()));
		}
	}

	async #send({id, to, payload}: StoredDelivery) {
		const {signal} = this.#cutOff;
		const {mailServer, outbox, secret, allowHosts, network} = this.#needs;
		if (payload.kind !== 'mail')
			return await post(id, payload, {secret, allowHosts: allowHosts(), network: network(), connections: this.#connections, signal});
		await sendMail({id, to, payload}, {server: mailServer(), outbox, signal});
		return null;
	}
}

/** Those that are due longest come first. */
function byTime({next_attempt_at: a}: DueDelivery, {next_attempt_at: b}: DueDelivery): number {
	return (a ?? '') < (b ?? '') ? -1 : (a ?? '') > (b ?? '') ? 1 : 0;
}
