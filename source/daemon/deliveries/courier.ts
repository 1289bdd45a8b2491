import {setTimeout as pause} from 'node:timers/promises';
import {failpoint} from '../../engine/failpoint.js';
import {SluiceError, toSluiceError} from '../../model/errors.js';
import type {Control} from '../control/control.js';
import type {StoredDelivery} from '../control/deliveries.js';
import type {Log} from '../log.js';
import {sendOutside} from '../outgoing/request.js';
import {webhookHeaders} from '../outgoing/signature.js';
import {fillAddress, fillSecrets} from '../secrets/fill.js';
import {retryAt} from './backoff.js';
import {laneOf, mostAtOnce, widthOf} from './lanes.js';
import {type MailServer, sendMail} from './mail.js';

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
	/** Hides secrets in what is kept of an error. */
	redact(text: string): string;
};

const longestSleepMs = 60_000;
/** How long the daemon's end waits for what is on its way; after that it is cut off, and sent again by the next daemon. */
const lastWaitMs = 5_000;

/** Takes what waits to be sent to where it goes: at least once each, with growing pauses, for a day (SPEC 12). */
export class Courier {
	readonly #needs: CourierNeeds;
	readonly #underWay = new Map<string, Promise<void>>();
	/** How many are under way in each lane. */
	readonly #lanes = new Map<string, number>();
	readonly #cutOff = new AbortController();
	#timer: NodeJS.Timeout | null = null;
	#due = false;
	#stopped = false;

	constructor(needs: CourierNeeds) {
		this.#needs = needs;
	}

	/** Something may be due. Cheap to call, and done once for many calls. */
	wake(): void {
		if (this.#stopped || this.#due || !this.#needs.ready()) return;
		this.#due = true;
		setImmediate(() => {
			this.#due = false;
			if (this.#stopped) return;
			this.#fillLanes();
			this.#sleep();
		});
	}

	async stop(): Promise<void> {
		this.#stopped = true;
		if (this.#timer) clearTimeout(this.#timer);
		const all = Promise.all(this.#underWay.values());
		await Promise.race([all, pause(lastWaitMs, undefined, {ref: false})]);
		this.#cutOff.abort();
	}

	#fillLanes(): void {
		const {deliveries} = this.#needs.control;
		for (const {kind, target} of deliveries.waitingLanes()) {
			const width = widthOf(kind);
			// What is under way waits too, as the table has it: it is asked for as well, and left out.
			for (const delivery of deliveries.due(kind, target, 2 * width)) {
				const lane = laneOf(delivery);
				if (this.#underWay.size >= mostAtOnce || (this.#lanes.get(lane) ?? 0) >= width) break;
				if (!this.#underWay.has(delivery.id)) this.#begin(delivery, lane);
			}
		}
	}

	#begin(delivery: StoredDelivery, lane: string): void {
		this.#lanes.set(lane, (this.#lanes.get(lane) ?? 0) + 1);
		const attempt = this.#attempt(delivery)
			.catch((error: unknown) =>
				this.#needs.log.error({err: error, delivery: delivery.id}, 'what became of a delivery could not be written'),
			)
			.finally(() => {
				this.#underWay.delete(delivery.id);
				const left = (this.#lanes.get(lane) ?? 1) - 1;
				if (left > 0) this.#lanes.set(lane, left);
				else this.#lanes.delete(lane);
				this.wake();
			});
		this.#underWay.set(delivery.id, attempt);
	}

	/** What is due and not under way waits for its lane, which wakes us; what comes due later needs a timer. */
	#sleep(): void {
		const next = this.#needs.control.deliveries.nextAt();
		if (this.#timer) clearTimeout(this.#timer);
		if (next === null) return;
		const sleepMs = Math.min(Math.max(0, Date.parse(next) - Date.now()), longestSleepMs);
		this.#timer = setTimeout(() => this.wake(), sleepMs);
		this.#timer.unref();
	}

	async #attempt(delivery: StoredDelivery): Promise<void> {
		const {control, log, redact} = this.#needs;
		try {
			failpoint('daemon.delivery.before');
			await this.#send(delivery);
			if (this.#cutOff.signal.aborted) return;
			failpoint('daemon.delivery.sent');
			control.together(() => {
				control.deliveries.delivered(delivery.id);
				control.totals.add('deliveries', 'delivered', 1);
			});
			failpoint('daemon.delivery.after');
		} catch (error) {
			if (this.#cutOff.signal.aborted) return;
			const failure = toSluiceError(error);
			const message = redact(failure.message);
			const next = failure.code === 'delivery.rejected' ? null : retryAt(delivery.attempts, new Date());
			control.together(() => {
				control.deliveries.failed(delivery.id, message, next);
				if (next === null) control.totals.add('deliveries', 'failed', 1);
			});
			log.warn({delivery: delivery.id, next, message}, 'a delivery failed');
		}
	}

	async #send(delivery: StoredDelivery): Promise<void> {
		const {payload} = delivery;
		const {signal} = this.#cutOff;
		if (payload.kind === 'mail') {
			await sendMail(delivery, {server: this.#needs.mailServer(), outbox: this.#needs.outbox, signal});
			return;
		}
		const secret = payload.secret === null ? null : this.#needs.secret(payload.secret);
		if (payload.secret !== null && secret === null) {
			throw new SluiceError('outgoing.failed', `The secret "${payload.secret}" that signs this is not set`, {
				cure: `sluice secret set ${payload.secret}`,
			});
		}
		const headers = {
			'Content-Type': 'application/json',
			'User-Agent': 'sluice',
			...this.#filled(payload.headers),
			...webhookHeaders(secret, delivery.id, new Date(), payload.body),
		};
		const {status} = await sendOutside({
			url: fillAddress(payload.url, {read: (name) => this.#needs.secret(name)}),
			method: 'POST',
			headers,
			body: payload.body,
			allowHosts: this.#needs.allowHosts(),
			signal,
		});
		if (status < 200 || status >= 300) throw new SluiceError('outgoing.failed', `The receiver answered ${status}`);
	}

	#filled(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
		const read = (name: string) => this.#needs.secret(name);
		return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, fillSecrets(value, {read})]));
	}
}
