import type {Delivery} from '../../api/contract.js';

type Kind = Delivery['kind'];

/**
 * What shares a lane waits for one another, and for nothing else: all mails, as they go through one server; webhooks and automations by the
 * host they go to. A receiver that stalls holds its own lane only (SPEC 12).
 */
export function laneOf({kind, to}: Pick<Delivery, 'kind' | 'to'>): string {
	if (kind === 'mail') return 'mail';
	// An address whose host holds a secret is no URL: it has a lane of its own.
	return `${kind} ${URL.canParse(to) ? new URL(to).host : to}`;
}

const widest: Readonly<Record<Kind, number>> = {mail: 4, webhook: 4, automation: 32};

/** How many of a kind are on their way at once over all lanes, each on a connection. Above it each lane may have one all the same. */
export const mostAtOnce: Readonly<Record<Kind, number>> = {mail: 4, webhook: 32, automation: 128};

/**
 * How many deliveries may be on their way to one receiver, by a monotonic clock: as many as its kind allows, half as many after each answer that says "too many"
 * or none at all, one more after each success. Nothing is sent before the time that its `Retry-After` names.
 */
export class Lane {
	readonly kind: Kind;
	readonly name: string;
	underWay = 0;
	#width: number;
	#openAt = 0;

	constructor(kind: Kind, name: string) {
		this.kind = kind;
		this.name = name;
		this.#width = widest[kind];
	}

	get width(): number {
		return this.#width;
	}

	/** How many more may be sent now. */
	free(now: number): number {
		return now < this.#openAt ? 0 : Math.max(0, this.#width - this.underWay);
	}

	/** When the receiver said that it takes requests again, where that is to come; else null. */
	opensAt(now: number): number | null {
		return now < this.#openAt ? this.#openAt : null;
	}

	taken(): void {
		this.#width = Math.min(widest[this.kind], this.#width + 1);
	}

	/** @param pauseMs what the receiver asked for */
	overloaded(now: number, pauseMs: number): void {
		this.#width = Math.max(1, Math.floor(this.#width / 2));
		this.#openAt = Math.max(this.#openAt, now + pauseMs);
	}
}
