import type {Connector, Schedule} from '../../model/connector.js';
import {errorOf} from '../server/disk-error.js';
import type {Services} from '../services.js';
import {withoutSecrets} from '../source/poll-source.js';
import {answerTick} from './answer-tick.js';
import {type Due, dueTick} from './due.js';
import {ticksAfter} from './next-runs.js';

/** The wall clock is looked at this often: it may jump while a timer counts on. */
const lookEveryMs = 2_000;
/** After something went wrong, such as a full disk, a tick is tried again no sooner than this. */
const againMs = 30_000;
/** A tick that is answered no later than this was not missed. */
const punctualMs = 10_000;

/** `next`: its next tick; infinite where there is none. */
type Watched = {readonly schedule: string; readonly next: number};

/**
 * Fires schedules (SPEC 4, 11). One timer looks at the wall clock; what is due is recorded together with the execution that comes of it,
 * so that each tick has at most one, whatever ends the daemon. A clock that jumps ahead lets what was jumped over run once; one that
 * jumps back repeats no tick that was answered, and waits for none.
 */
export class Clock {
	readonly #services: Services;
	readonly #watched = new Map<string, Watched>();
	readonly #answering = new Map<string, Promise<void>>();
	/** By connector: not before this moment of `performance.now()`. */
	readonly #notBefore = new Map<string, number>();
	/** The reason that the last tick of a connector was not answered, as a sentence. */
	readonly #unanswered = new Map<string, string>();
	readonly #stopping = new AbortController();
	#timer: NodeJS.Timeout | null = null;
	#first = true;

	constructor(services: Services) {
		this.#services = services;
	}

	/** From now on schedules fire; what was missed while no daemon ran is looked at first. */
	start(): void {
		this.#look();
		this.#first = false;
	}

	/** Something changed that may bring a tick sooner: a configuration, an activation. */
	wake(): void {
		if (this.#timer) this.#look();
	}

	/** Resolves when nothing of it is under way. */
	async stop(): Promise<void> {
		this.#stopping.abort();
		if (this.#timer) clearTimeout(this.#timer);
		this.#timer = null;
		await Promise.allSettled(this.#answering.values());
	}

	#look(): void {
		if (this.#timer) clearTimeout(this.#timer);
		if (this.#stopping.signal.aborted) return;
		const now = Date.now();
		let soonest = now + lookEveryMs;
		for (const connector of this.#scheduled()) {
			try {
				const next = this.#lookAt(connector, now);
				if (next !== null) soonest = Math.min(soonest, next);
			} catch (error) {
				this.#failed(connector.apiName, error);
			}
		}
		this.#timer = setTimeout(() => this.#look(), Math.max(1, soonest - now));
	}

	/** Connectors whose ticks count: active ones; while inactive, those whose files queue up (SPEC 10). */
	#scheduled(): readonly (Connector & {readonly schedule: Schedule})[] {
		const {configuration, control} = this.#services;
		return configuration.workspace.connectors.flatMap(({apiName, connector}) => {
			if (!connector?.schedule) return [];
			const {active, everActive} = control.connectors.state(apiName);
			const queues = everActive && connector.source !== null && 'file' in connector.source;
			return active || queues ? [{...connector, schedule: connector.schedule}] : [];
		});
	}

	/** @returns when it must be looked at again */
	#lookAt(connector: Connector & {readonly schedule: Schedule}, now: number): number | null {
		const {apiName, schedule} = connector;
		if (this.#answering.has(apiName) || performance.now() < (this.#notBefore.get(apiName) ?? 0)) return null;
		const {timezone} = this.#services.configuration.locale;
		const written = scheduleText(schedule, timezone);
		const dealtTo = this.#dealtTo(apiName, written, now);
		const watched = this.#watched.get(apiName);
		if (watched?.schedule !== written || watched.next <= now || watched.next <= dealtTo) {
			const due = dueTick(schedule, timezone, dealtTo, now);
			if (due && !this.#services.control.ticks.wasAnswered(apiName, due.at)) {
				this.#answer(connector, due, now);
				return null;
			}
			if (due) this.#services.control.ticks.begin(apiName, written, due.at);
			this.#watched.set(apiName, {schedule: written, next: ticksAfter(schedule, timezone, now)() ?? Number.POSITIVE_INFINITY});
		}
		return this.#watched.get(apiName)?.next ?? null;
	}

	/** How far the schedule is dealt with: up to now where it is new, or where the clock jumped back behind that. */
	#dealtTo(name: string, written: string, now: number): number {
		const {control, log} = this.#services;
		const before = control.ticks.dealtWith(name);
		if (before?.schedule === written && before.to <= now) return before.to;
		if (before?.schedule === written) log.warn({connector: name, was: new Date(before.to).toISOString()}, 'the wall clock jumped back');
		control.ticks.begin(name, written, now);
		this.#watched.delete(name);
		return now;
	}

	#answer(connector: Connector, due: Due, now: number): void {
		const {apiName} = connector;
		const late = now - due.at > punctualMs || due.missed > 0;
		const why = this.#first ? 'while the daemon was down' : late ? 'while it could not be answered' : null;
		const answer = answerTick(this.#services, connector, due, {why, stopping: this.#stopping.signal})
			.then(() => void this.#unanswered.delete(apiName))
			.catch((error: unknown) => this.#failed(apiName, error))
			.finally(() => {
				this.#answering.delete(apiName);
				this.#watched.delete(apiName);
				this.#announce(apiName);
				this.wake();
			});
		this.#answering.set(apiName, answer);
	}

	#announce(name: string): void {
		const {bus, views, configuration} = this.#services;
		if (!this.#stopping.signal.aborted && configuration.find(name)) bus.publish({type: 'connector', connector: views.summary(name)});
	}

	#failed(name: string, error: unknown): void {
		this.#services.log.error({err: error, connector: name}, 'a tick could not be answered; it is tried again');
		this.#notBefore.set(name, performance.now() + againMs);
		const {message} = withoutSecrets(errorOf(error, this.#services.paths.state), this.#services.vault);
		this.#unanswered.set(name, `Its schedule stands still: ${message}. It is tried again.`);
	}

	/** Connectors whose last tick could not be answered, with the reason; those alone whose ticks still count. */
	unanswered(): readonly {readonly connector: string; readonly message: string}[] {
		return this.#scheduled().flatMap(({apiName}) => {
			const message = this.#unanswered.get(apiName);
			return message === undefined ? [] : [{connector: apiName, message}];
		});
	}
}

/** Ticks that were missed while a connector was inactive are not made up (SPEC 4): it begins anew with its activation. */
export function beginSchedule({control, configuration}: Services, {apiName, schedule}: Connector): void {
	if (schedule) control.ticks.begin(apiName, scheduleText(schedule, configuration.locale.timezone), Date.now());
}

/** What stands for a schedule: one that is written anew begins anew. */
function scheduleText(schedule: Schedule, timezone: string): string {
	return JSON.stringify({timezone, ...schedule});
}
