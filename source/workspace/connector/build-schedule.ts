import type {Schedule} from '../../model/connector.js';
import type {ScheduleInput} from '../schema/source-schema.js';
import type {Report} from '../shape/report.js';
import {checkTimezone} from '../timezones.js';
import type {Path} from '../yaml/yaml-file.js';
import {cronProblem} from './cron-problem.js';

const path: Path = ['schedule'];

/** When a connector runs by itself: one of `every`, `cron`, `cadence` (SPEC 11). */
export function buildSchedule(input: ScheduleInput | undefined, report: Report): Schedule | null {
	if (input === undefined) return null;
	const {every, cron, cadence, on, at} = input;
	const timezone = input.timezone ?? null;
	const given = (['every', 'cron', 'cadence'] as const).filter((key) => input[key] !== undefined);
	if (given.length !== 1) {
		report.lack(path, ['every', 'cron', 'cadence'], {
			code: given.length === 0 ? 'workspace.missing_key' : 'workspace.contradiction',
			message: given.length === 0 ? 'This schedule does not say when' : `This schedule has ${given.join(' and ')}`,
			expected: 'one of every, cron or cadence',
		});
	}
	checkTimezone(input.timezone, [...path, 'timezone'], report);
	if (every !== 'weekly') refuse('on', on, 'every: weekly', report);
	if (every === undefined || every === 'manual_only') refuse('at', at, 'every: hourly, daily or weekly', report);
	if (cadence !== undefined) refuse('timezone', input.timezone, 'every or cron', report);
	if (cron !== undefined) checkCron(cron, report);
	if (cadence !== undefined) return {cadenceSeconds: cadence};
	if (cron !== undefined) return {cron, timezone};
	return {every: every ?? 'manual_only', on: on ?? (every === 'weekly' ? 'monday' : null), at: at?.padStart(5, '0') ?? null, timezone};
}

function refuse(key: 'on' | 'at' | 'timezone', value: string | undefined, expected: string, report: Report): void {
	if (value === undefined) return;
	report.atKey([...path, key], {code: 'workspace.contradiction', message: `"${key}" says nothing without "${expected}"`, expected});
}

function checkCron(cron: string, report: Report): void {
	const problem = cronProblem(cron);
	if (problem === null) return;
	report.at([...path, 'cron'], {
		code: 'workspace.wrong_value',
		message: `"${cron}" is not a cron expression: ${problem}`,
		expected: 'minute, hour, day of month, month, day of week, such as 30 6 * * 1-5',
	});
}
