import type {SluiceEvent} from '../../api/contract.js';

/** An event with its place in the stream. `key` says what it is the latest state of. */
export type Numbered = {readonly number: number; readonly key: string; readonly event: SluiceEvent};

export type Subscriber = (numbered: Numbered) => void;

const keptStates = 2_000;
const keptLogLines = 500;

/**
 * Changes on their way to whoever listens. Only the latest state of each thing is kept, so that a client that comes back gets
 * what changed meanwhile and never a backlog (SPEC 16).
 */
export class EventBus {
	/** Sets this daemon's numbers apart from those of the one before. */
	readonly era: string;
	#number = 0;
	#forgottenUpTo = 0;
	readonly #latest = new Map<string, Numbered>();
	readonly #subscribers = new Set<Subscriber>();
	#logLines = 0;

	constructor(era: string) {
		this.era = era;
	}

	publish(event: SluiceEvent): void {
		const number = ++this.#number;
		const numbered = {number, key: keyOf(event, number), event};
		this.#latest.delete(numbered.key);
		this.#latest.set(numbered.key, numbered);
		if (event.type === 'log') this.#logLines++;
		this.#forget();
		for (const subscriber of this.#subscribers) subscriber(numbered);
	}

	/** Calls `subscriber` with every change from now on. @returns how to end it */
	subscribe(subscriber: Subscriber): () => void {
		this.#subscribers.add(subscriber);
		return () => this.#subscribers.delete(subscriber);
	}

	get listeners(): number {
		return this.#subscribers.size;
	}

	idOf(number: number): string {
		return `${this.era}-${number}`;
	}

	/** The states that changed after `lastEventId`, oldest first; `complete` is false when some of them are forgotten already. */
	since(lastEventId: string): {events: readonly Numbered[]; complete: boolean} {
		const [, era, digits] = /^(.+)-(\d+)$/.exec(lastEventId) ?? [];
		const known = era === this.era;
		const after = known ? Number(digits) : 0;
		return {events: [...this.#latest.values()].filter(({number}) => number > after), complete: known && after >= this.#forgottenUpTo};
	}

	#forget(): void {
		for (const [key, {number, event}] of this.#latest) {
			const tooManyLines = this.#logLines > keptLogLines;
			if (this.#latest.size <= keptStates && !tooManyLines) return;
			if (this.#latest.size <= keptStates && event.type !== 'log') continue;
			this.#latest.delete(key);
			if (event.type === 'log') this.#logLines--;
			// why: a line of a log can be read again from the log, so its loss makes no picture wrong.
			else this.#forgottenUpTo = Math.max(this.#forgottenUpTo, number);
		}
	}
}

function keyOf(event: SluiceEvent, number: number): string {
	switch (event.type) {
		case 'execution':
			return `execution ${event.execution.id}`;
		case 'connector':
			return `connector ${event.connector.api_name}`;
		case 'queue':
			return `queue ${event.connector}`;
		case 'records':
			return `records ${event.object}`;
		case 'log':
			return `log ${number}`;
		default:
			return event.type;
	}
}
