import type {Schedule} from '../../model/connector.js';
import {cronTicks} from './cron-ticks.js';

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** A schedule as a cron expression; null for one that has none (`manual_only`, a cadence). */
export function cronOf(schedule: Schedule): string | null {
	if ('cron' in schedule) return schedule.cron;
	if ('cadenceSeconds' in schedule) return null;
	const [hour = '0', minute = '0'] = (schedule.at ?? '00:00').split(':');
	switch (schedule.every) {
		case 'hourly':
			return `${Number(minute)} * * * *`;
		case 'daily':
			return `${Number(minute)} ${Number(hour)} * * *`;
		case 'weekly':
			return `${Number(minute)} ${Number(hour)} * * ${Math.max(0, weekdays.indexOf((schedule.on ?? 'monday').toLowerCase()))}`;
		default:
			return null;
	}
}

/**
 * The ticks of a schedule after `from`, one a call, in milliseconds since 1970; null when there are none (any more). A cadence counts from
 * 1970, so that it has the same ticks whenever the daemon starts.
 */
export function ticksAfter(schedule: Schedule | null, timezone: string, from: number): () => number | null {
	if (!schedule) return () => null;
	if ('cadenceSeconds' in schedule) {
		const step = schedule.cadenceSeconds * 1000;
		let at = Math.floor(from / step) * step;
		return () => {
			at += step;
			return at;
		};
	}
	const cron = cronOf(schedule);
	return cron === null ? () => null : cronTicks(cron, schedule.timezone ?? timezone, from);
}

/** The next times a schedule falls due after `from`, in UTC. */
export function nextRuns(schedule: Schedule | null, timezone: string, from: Date, count: number): readonly string[] {
	const next = ticksAfter(schedule, timezone, from.getTime());
	const runs: string[] = [];
	for (let at = next(); at !== null && runs.length < count; at = next()) runs.push(new Date(at).toISOString());
	return runs;
}
