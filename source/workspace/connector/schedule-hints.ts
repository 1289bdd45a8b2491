import {CronExpressionParser} from 'cron-parser';
import type {Problem} from '../../model/problem.js';
import type {Problems} from '../yaml/problems.js';

const path = ['schedule', 'cron'];

/** A cron expression that names days of the month and weekdays runs on all of either (POSIX `crontab`), and is often meant otherwise. */
export function scheduleHints({file, yaml}: Pick<Problems, 'file' | 'yaml'>): readonly Problem[] {
	const cron = yaml.textAt(path);
	if (cron === undefined || !namesBothDays(cron)) return [];
	return [
		{
			file,
			...yaml.place(path),
			code: 'workspace.cron_or',
			message: `"${cron}" names days of the month and weekdays: it runs on each day that is one or the other, not only on those that are both`,
			expected: '* in one of the two, where that is not meant',
			severity: 'hint',
		},
	];
}

function namesBothDays(cron: string): boolean {
	try {
		const {dayOfMonth, dayOfWeek} = CronExpressionParser.parse(cron, {tz: 'UTC'}).fields;
		return !dayOfMonth.isWildcard && !dayOfWeek.isWildcard;
	} catch {
		// What is no cron expression is a problem of its own.
		return false;
	}
}
