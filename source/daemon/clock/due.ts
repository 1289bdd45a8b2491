import type {Schedule} from '../../model/connector.js';
import {ticksAfter} from './next-runs.js';

/** The newest tick that is due, and the others that it stands for. */
export type Due = {
	/** Milliseconds since 1970. */
	readonly at: number;
	/** How many came before it and were not answered; `counted` is false where there are more than that. */
	readonly missed: number;
	readonly counted: boolean;
};

/** So many missed ticks are counted: each costs about 50 µs, and the daemon answers nobody meanwhile. */
const mostCounted = 200;
const minuteMs = 60_000;
/** How far back the newest tick is looked for, where too many were missed to step through them. */
const lookBacksMs = [minuteMs, 60 * minuteMs, 24 * 60 * minuteMs, 40 * 24 * 60 * minuteMs, 4 * 366 * 24 * 60 * minuteMs];

/** What is due at `now` of a schedule that is dealt with up to `dealtTo`: ticks that were missed run once (SPEC 4). Null: nothing. */
export function dueTick(schedule: Schedule, timezone: string, dealtTo: number, now: number): Due | null {
	const steps = newestUpTo(schedule, timezone, dealtTo, now, mostCounted);
	if (steps.at === null) return null;
	if (!steps.stopped) return {at: steps.at, missed: steps.count - 1, counted: true};
	for (const lookBackMs of lookBacksMs) {
		const {at} = newestUpTo(schedule, timezone, Math.max(dealtTo, now - lookBackMs), now, Number.POSITIVE_INFINITY);
		if (at !== null) return {at, missed: mostCounted, counted: false};
	}
	return {at: steps.at, missed: mostCounted, counted: false};
}

function newestUpTo(schedule: Schedule, timezone: string, from: number, now: number, most: number) {
	const next = ticksAfter(schedule, timezone, from);
	let newest: number | null = null;
	let count = 0;
	for (let at = next(); at !== null && at <= now; at = next()) {
		if (count === most) return {at: newest, count, stopped: true};
		newest = at;
		count++;
	}
	return {at: newest, count, stopped: false};
}

/** What is said in the log of an execution that stands for more than its own tick, or comes late; null when there is nothing to say. */
export function lateness({at, missed, counted}: Due, why: string | null): string | null {
	const time = new Date(at).toISOString();
	if (missed === 0) return why === null ? null : `The tick of ${time} came ${why}; it runs now`;
	const others = counted ? `${missed} earlier tick${missed === 1 ? '' : 's'}` : `more than ${missed} earlier ticks`;
	return `This execution stands for the tick of ${time} and ${others} that came ${why ?? 'while the daemon could not answer them'}`;
}
