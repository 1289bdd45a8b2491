import {expect, test} from 'vitest';
import {durationText, workedMs} from '../../source/model/duration.js';
import {clockText, dayText, minuteText, momentText} from '../../source/model/moment.js';

test('a time is shown on the clocks of a zone that is named; in the hour they show twice with its offset', () => {
	expect(momentText('2026-07-01T10:00:05.999Z', 'Europe/Paris')).toBe('2026-07-01 12:00:05 Europe/Paris');
	expect(momentText('2026-07-01T10:00:05.999Z', 'UTC')).toBe('2026-07-01 10:00:05 UTC');
	expect(minuteText('2026-12-01T05:30:59.000Z', 'Europe/Paris')).toBe('2026-12-01 06:30 Europe/Paris');
	expect(clockText('2026-10-25T00:30:00.000Z', 'Europe/Paris')).toBe('2026-10-25 02:30:00 +02:00');
	expect(clockText('2026-10-25T01:30:00.000Z', 'Europe/Paris')).toBe('2026-10-25 02:30:00 +01:00');
	expect(minuteText('2026-10-25T01:30:00.000Z', 'Europe/Paris')).toBe('2026-10-25 02:30 +01:00 Europe/Paris');
	expect(clockText('2026-10-25T02:00:00.000Z', 'Europe/Paris')).toBe('2026-10-25 03:00:00');
	expect(clockText('2026-04-04T14:45:00.000Z', 'Australia/Lord_Howe')).toBe('2026-04-05 01:45:00 +11:00');
	expect(dayText('2026-12-31T23:30:00.000Z', 'Europe/Paris')).toBe('2027-01-01');
	expect(clockText('not a time', 'UTC')).toBe('not a time');
});

test('a duration never counts 60 of a smaller unit, and is never negative', () => {
	expect([0, 999.9, 59_999, 60_000, 119_999, 3_599_999, 3_600_000, 86_399_999, 90_000_000].map(durationText)).toEqual([
		'0 ms',
		'999 ms',
		'59.9 s',
		'1 min 00 s',
		'1 min 59 s',
		'59 min 59 s',
		'1 h 00 min',
		'23 h 59 min',
		'1 d 1 h',
	]);
	expect(durationText(-5)).toBe('0 ms');
});

test('how long something took is what its runners measured: neither waiting nor a step of the wall clock counts', () => {
	const now = Date.parse('2026-11-20T12:00:00Z');
	const [started_at, ended_at] = ['2026-11-20T10:00:00.000Z', '2026-11-20T11:00:00.000Z'];
	expect(workedMs({started_at, ended_at, took_ms: 1500}, false, now)).toBe(1500);
	expect(workedMs({started_at, ended_at: null, took_ms: 1500}, false, now)).toBe(1500);
	expect(workedMs({started_at, ended_at: null, took_ms: 1500}, true, now)).toBe(7_200_000);
	expect(workedMs({started_at, ended_at}, false, now)).toBe(3_600_000);
	expect(workedMs({started_at: ended_at, ended_at: started_at}, false, now)).toBe(0);
	expect(workedMs({started_at: null, ended_at}, false, now)).toBeNull();
});
