import {CronExpressionParser} from 'cron-parser';
import type {Schedule} from '../../model/connector.js';

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
 * The next times a schedule falls due after `from`, in UTC. Time zones and daylight saving as cron users expect them: a time that
 * does not exist on a day runs once right after the gap, one that exists twice runs once (SPEC 11).
 */
export function nextRuns(schedule: Schedule | null, timezone: string, from: Date, count: number): readonly string[] {
	if (!schedule) return [];
	if ('cadenceSeconds' in schedule) {
		const step = schedule.cadenceSeconds * 1000;
		const first = Math.floor(from.getTime() / step) * step + step;
		return Array.from({length: count}, (_, index) => new Date(first + index * step).toISOString());
	}
	const cron = cronOf(schedule);
	if (cron === null) return [];
	const times = CronExpressionParser.parse(cron, {currentDate: from, tz: schedule.timezone ?? timezone});
	return Array.from({length: count}, () => times.next().toDate().toISOString());
}
