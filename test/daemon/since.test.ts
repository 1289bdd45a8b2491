import {expect, test} from 'vitest';
import {sinceInstant} from '../../source/daemon/browse/since.js';

const now = new Date('2026-11-20T12:00:00.000Z');

test('a day and a time without an offset are of the workspace, whatever the zone of the machine', () => {
	const since = (text: string, timezone = 'Europe/Paris') => sinceInstant(text, now, timezone);
	expect(since('2d')).toBe('2026-11-18T12:00:00.000Z');
	expect(since('90m')).toBe('2026-11-20T10:30:00.000Z');
	expect(since('999999w')).toMatch(/^1999-/);
	expect(since('2026-07-01')).toBe('2026-06-30T22:00:00.000Z');
	expect(since('2026-07-01', 'America/New_York')).toBe('2026-07-01T04:00:00.000Z');
	expect(since('2026-12-01T06:30')).toBe('2026-12-01T05:30:00.000Z');
	expect(since('2026-12-01 06:30:15.5')).toBe('2026-12-01T05:30:15.500Z');
	expect(since('2026-12-01T06:30:00Z')).toBe('2026-12-01T06:30:00.000Z');
	expect(since('2026-12-01T06:30+02:00')).toBe('2026-12-01T04:30:00.000Z');
	expect(since('2026-12-01T06:30+0200')).toBe('2026-12-01T04:30:00.000Z');
	for (const text of ['yesterday-ish', '2026-02-30', '11/20/2026', '2026-12-01T25:00', '1', ''])
		expect(() => since(text)).toThrow(/is not a time/);
});
