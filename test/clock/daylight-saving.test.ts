import {Cron} from 'croner';
import {expect, test} from 'vitest';
import {cronTicks, wallStart} from '../../source/daemon/clock/cron-ticks.js';
import {expressions, zones} from './expressions.js';

const long = process.env.SLUICE_LONG === '1';
const from = Date.UTC(2026, 0, 1);
const to = long ? Date.UTC(2036, 0, 1) : Date.UTC(2027, 0, 1);
/** `npm test` takes every seventh expression in a year of three zones; the long form all of them in ten years. */
const chosen = long ? expressions : expressions.filter((_, index) => index % 7 === 3);

function ticksOf(cron: string, zone: string, start: number, end: number): readonly number[] {
	const next = cronTicks(cron, zone, start);
	const ticks: number[] = [];
	for (let at = next(); at !== null && at < end; at = next()) ticks.push(at);
	return ticks;
}

function ticksOfCroner(cron: string, zone: string, start: number, end: number): readonly number[] {
	const other = new Cron(cron, {timezone: zone});
	const ticks: number[] = [];
	for (let at = other.nextRun(new Date(start)); at && at.getTime() < end; at = other.nextRun(at)) ticks.push(at.getTime());
	return ticks;
}

/** What a wall clock shows, and how far it is ahead of UTC. */
function wall(at: number, zone: string): {text: string; offset: number} {
	const text = new Date(at).toLocaleString('sv', {timeZone: zone});
	return {text, offset: Date.parse(`${text.replace(' ', 'T')}Z`) - at};
}

const minute = 60_000;

/** Why two judges may differ about a tick; null: they may not. */
function explanation(at: number, zone: string): 'at the moment clocks are set forward' | 'second time of the same name' | null {
	const here = wall(at, zone);
	if (wall(at - minute, zone).offset < here.offset) return 'at the moment clocks are set forward';
	for (const back of [30 * minute, 60 * minute]) {
		if (wall(at - back, zone).text === here.text) return 'second time of the same name';
	}
	return null;
}

test('a night in spring and one in autumn, as a table', () => {
	const shown = (cron: string, zone: string, day: string): string => {
		const start = Date.parse(`${day}T00:00:00Z`) - 12 * 3_600_000;
		const ticks = ticksOf(cron, zone, start, start + 36 * 3_600_000);
		const ofDay = ticks.filter((at) => wall(at, zone).text.startsWith(day));
		return ofDay.map((at) => `${wall(at, zone).text.slice(11, 16)} (${new Date(at).toISOString().slice(11, 16)}Z)`).join(' ');
	};
	const paris = (cron: string) => [shown(cron, 'Europe/Paris', '2026-03-29'), shown(cron, 'Europe/Paris', '2026-10-25')];
	expect(paris('30 2 * * *')).toEqual(['03:00 (01:00Z)', '02:30 (00:30Z)']);
	expect(paris('0,30 2 * * *')).toEqual(['03:00 (01:00Z)', '02:00 (00:00Z) 02:30 (00:30Z)']);
	expect(paris('0 3 * * *')).toEqual(['03:00 (01:00Z)', '03:00 (02:00Z)']);
	expect(paris('0 1-3 * * *')).toEqual(['01:00 (00:00Z) 03:00 (01:00Z)', '01:00 (23:00Z) 02:00 (00:00Z) 03:00 (02:00Z)']);
	expect(paris('30 * * * *').map((ticks) => ticks.split(') ').length)).toEqual([23, 25]);
	expect(shown('15 2 * * *', 'Australia/Lord_Howe', '2026-10-04')).toBe('02:30 (15:30Z)');
	expect(shown('45 1 * * *', 'Australia/Lord_Howe', '2026-04-05')).toBe('01:45 (14:45Z)');
	expect(shown('0 0 * * *', 'America/Santiago', '2026-09-06')).toBe('01:00 (04:00Z)');
});

test.each(long ? zones : ['Europe/Paris', 'America/Santiago', 'Australia/Lord_Howe'])(
	'in %s every tick is the one that croner gives, but on the days clocks are set, for a reason',
	(zone) => {
		const unexplained: string[] = [];
		const explained = new Map<string, number>();
		for (const cron of chosen) {
			const ours = new Set(ticksOf(cron, zone, from, to));
			const theirs = new Set(ticksOfCroner(cron, zone, from, to));
			for (const [whose, ticks, others] of [
				['only here', ours, theirs],
				['only croner', theirs, ours],
			] as const) {
				for (const at of ticks) {
					if (others.has(at)) continue;
					const why = explanation(at, zone);
					const line = `${whose}: ${cron} ${wall(at, zone).text} ${new Date(at).toISOString()}`;
					if (why === null) unexplained.push(line);
					else explained.set(`${whose}, ${why}`, (explained.get(`${whose}, ${why}`) ?? 0) + 1);
				}
			}
		}
		if (long) console.log(zone, Object.fromEntries(explained));
		expect(unexplained).toEqual([]);
	},
	long ? 900_000 : 60_000,
);

test('wherever one begins to look, the next tick is the same, and no wall time before is stepped through but near a change of the clocks', () => {
	for (const zone of ['Europe/Paris', 'Australia/Lord_Howe', 'America/Santiago']) {
		for (const cron of ['15,45 1-3 * * *', '*/20 * * * *', '30 2 * * *', '0 */10 2 * * *']) {
			for (const change of ['2026-03-29', '2026-04-05', '2026-09-06', '2026-10-25']) {
				const first = Date.parse(`${change}T00:00:00Z`) - 24 * 60 * minute;
				const all = ticksOf(cron, zone, first, first + 72 * 60 * minute);
				for (let start = first; start < first + 48 * 60 * minute; start += 61 * minute)
					expect([zone, cron, start, cronTicks(cron, zone, start)()]).toEqual([zone, cron, start, all.find((at) => at > start)]);
			}
		}
	}
	const calm = Date.parse('2026-07-01T10:00:00Z');
	expect(wallStart(calm, 'Europe/Paris') - calm).toBe(120 * minute);
	expect(wallStart(Date.parse('2026-10-25T00:30:00Z'), 'Europe/Paris')).toBe(Date.parse('2026-10-25T01:30:00Z'));
});

test('the nicknames of crontab run when they say', () => {
	const first = (cron: string) => new Date(cronTicks(cron, 'Europe/Paris', Date.parse('2026-07-01T10:30:00Z'))() ?? 0).toISOString();
	expect(['@midnight', '@daily', '@hourly', '@weekly', '@yearly'].map(first)).toEqual([
		'2026-07-01T22:00:00.000Z',
		'2026-07-01T22:00:00.000Z',
		'2026-07-01T11:00:00.000Z',
		'2026-07-04T22:00:00.000Z',
		'2026-12-31T23:00:00.000Z',
	]);
});
