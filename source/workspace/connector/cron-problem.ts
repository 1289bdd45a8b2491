import {CronExpressionParser} from 'cron-parser';
import {cronFields, cronNicknames} from '../../model/cron.js';

const fieldNames = ['second', 'minute', 'hour', 'day of month', 'month', 'day of week'] as const;
/** Values of each field but the names of months and days: from, to. */
const ranges: readonly (readonly [number, number])[] = [
	[0, 59],
	[0, 59],
	[0, 23],
	[1, 31],
	[1, 12],
	[0, 7],
];
const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const monthTitles = [
	'January',
	'February',
	'March',
	'April',
	'May',
	'June',
	'July',
	'August',
	'September',
	'October',
	'November',
	'December',
];
const longestDays = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** What is wrong with a cron expression, for who wrote it, as the end of a sentence; null for one that runs. */
export function cronProblem(cron: string): string | null {
	const text = cron.trim();
	if (text.startsWith('@') && !cronNicknames.includes(text.toLowerCase()))
		return `"${text}" is no nickname; there are ${cronNicknames.join(', ')}`;
	const fields = cronFields(cron).split(/\s+/);
	// The parser fills in what is left out: `* * * *` would run every minute.
	if (fields.length < 5) return `it has ${fields.length} fields, not 5`;
	const year = fields.findIndex((field, index) => index >= 5 && /^\d{4}\b/.test(field));
	if (year >= 0) return `"${fields[year]}" is a year, which cron has no field for`;
	if (fields.length > 6) return `it has ${fields.length} fields, not 5 (or 6, the first of them seconds)`;
	if (/\bH\b/.test(cron)) return '"H" would mean another time at every start';
	const all = fields.length === 6 ? fields : ['0', ...fields];
	return rangeProblem(all) ?? dayProblem(all) ?? parserProblem(cron);
}

/** A number out of its field's range, and a step beyond the whole of it, which would run at its first value alone. */
function rangeProblem(fields: readonly string[]): string | null {
	for (const [index, field] of fields.entries()) {
		const [from = 0, to = 0] = ranges[index] ?? [];
		for (const part of field.split(',')) {
			const [range = '', step] = part.split('/');
			const wrong = range.split('-').find((value) => /^\d+$/.test(value) && (Number(value) < from || Number(value) > to));
			if (wrong !== undefined) return `${wrong} is no ${fieldNames[index]}: they count from ${from} to ${to}`;
			const last = index === 5 ? 6 : to;
			if (step !== undefined && /^\d+$/.test(step) && Number(step) > last - from + 1)
				return `"${part}" would run at one ${fieldNames[index]} alone: they count from ${from} to ${last}${index === 1 ? `. Every ${step} minutes is \`cadence: ${Number(step) * 60}\`` : ''}`;
		}
	}
	return null;
}

/** A day of month that none of the months has. */
function dayProblem([, , , days = '*', months = '*', weekdays = '*']: readonly string[]): string | null {
	if (!/^\d+(,\d+)*$/.test(days) || !(weekdays === '*' || weekdays === '?')) return null;
	const named = months.split(',').map((month) => (/^\d+$/.test(month) ? Number(month) - 1 : monthNames.indexOf(month.toLowerCase())));
	if (named.some((month) => month < 0)) return null;
	const first = Math.min(...days.split(',').map(Number));
	if (named.some((month) => first <= (longestDays[month] ?? 31))) return null;
	return `it never runs: ${named.map((month) => monthTitles[month]).join(' and ')} ${named.length === 1 ? 'has' : 'have'} no day ${first}`;
}

function parserProblem(cron: string): string | null {
	try {
		return CronExpressionParser.parse(cronFields(cron), {tz: 'UTC'}).hasNext() ? null : 'it names no day that ever comes';
	} catch (error) {
		return error instanceof Error ? error.message : String(error);
	}
}
