import {failpoint} from '../../engine/failpoint.js';
import {SluiceError, toSluiceError} from '../../model/errors.js';
import type {Control} from '../control/control.js';
import type {StoredDelivery} from '../control/deliveries.js';
import type {Log} from '../log.js';
import {sendOutside} from '../outgoing/request.js';
import {webhookHeaders} from '../outgoing/signature.js';
import {fillAddress, fillSecrets} from '../secrets/fill.js';
import {retryAt} from './backoff.js';
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

const atOnce = 4;
const longestSleepMs = 60_000;

/** Takes what waits to be sent to where it goes: at least once each, with growing pauses, for a day (SPEC 12). */
export class Courier {
	readonly #needs: CourierNeeds;
	#timer: NodeJS.Timeout | null = null;
	#round: Promise<void> | null = null;
	#stopped = false;

	constructor(needs: CourierNeeds) {
		this.#needs = needs;
	}

	/** Something may be due. */
	wake(): void {
		if (this.#stopped || this.#round || !this.#needs.ready()) return;
		this.#round = this.#deliverDue().finally(() => {
			this.#round = null;
			this.#sleep();
		});
	}

	async stop(): Promise<void> {
		this.#stopped = true;
		if (this.#timer) clearTimeout(this.#timer);
		await this.#round;
	}

	async #deliverDue(): Promise<void> {
		for (
			let due = this.#needs.control.deliveries.due(atOnce);
			due.length > 0 && !this.#stopped;
			due = this.#needs.control.deliveries.due(atOnce)
		) {
			await Promise.all(due.map((delivery) => this.#attempt(delivery)));
		}
	}

	#sleep(): void {
		if (this.#stopped) return;
		const next = this.#needs.control.deliveries.nextAt();
		if (next === null) return;
		if (this.#timer) clearTimeout(this.#timer);
		const pause = Math.min(Math.max(0, Date.parse(next) - Date.now()), longestSleepMs);
		this.#timer = setTimeout(() => this.wake(), pause);
		this.#timer.unref();
	}

	async #attempt(delivery: StoredDelivery): Promise<void> {
		const {control, log, redact} = this.#needs;
		try {
			failpoint('daemon.delivery.before');
			await this.#send(delivery);
			failpoint('daemon.delivery.sent');
			control.together(() => {
				control.deliveries.delivered(delivery.id);
				control.totals.add('deliveries', 'delivered', 1);
			});
			failpoint('daemon.delivery.after');
		} catch (error) {
			const message = redact(toSluiceError(error).message);
			const next = retryAt(delivery.attempts, new Date());
			control.together(() => {
				control.deliveries.failed(delivery.id, message, next);
				if (next === null) control.totals.add('deliveries', 'failed', 1);
			});
			log.warn({delivery: delivery.id, next, message}, 'a delivery failed');
		}
	}

	async #send(delivery: StoredDelivery): Promise<void> {
		const {payload} = delivery;
		if (payload.kind === 'mail') {
			await sendMail(delivery, this.#needs.mailServer(), this.#needs.outbox);
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
		});
		if (status < 200 || status >= 300) throw new SluiceError('outgoing.failed', `The receiver answered ${status}`);
	}

	#filled(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
		const read = (name: string) => this.#needs.secret(name);
		return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, fillSecrets(value, {read})]));
	}
}
