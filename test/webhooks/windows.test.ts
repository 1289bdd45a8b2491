import fc from 'fast-check';
import {expect, test} from 'vitest';
import {isDue, windowFor} from '../../source/daemon/webhooks/windows.js';
import {endSeconds, windowAt, windowFileName, windowOfFile} from '../../source/model/webhook-window.js';

const instants = fc.integer({min: 0, max: 4_102_444_800_000});
const cadences = fc.integer({min: 1, max: 86_400});

test('a minute is gathered from its first millisecond to its last', () => {
	const at = (text: string) => windowAt(Date.parse(text), 60);
	const minute = {startSeconds: Date.parse('2026-11-20T10:15:00Z') / 1000, seconds: 60};
	expect(at('2026-11-20T10:15:00.000Z')).toEqual(minute);
	expect(at('2026-11-20T10:15:59.999Z')).toEqual(minute);
	expect(at('2026-11-20T10:16:00.000Z').startSeconds).toBe(minute.startSeconds + 60);
});

test('windows of a cadence tile the time since the epoch: every instant lies in exactly one', () => {
	fc.assert(
		fc.property(instants, cadences, (nowMs, cadence) => {
			const window = windowAt(nowMs, cadence);
			expect(window.startSeconds % cadence).toBe(0);
			expect(window.startSeconds * 1000).toBeLessThanOrEqual(nowMs);
			expect(endSeconds(window) * 1000).toBeGreaterThan(nowMs);
			expect(windowAt(endSeconds(window) * 1000, cadence).startSeconds).toBe(endSeconds(window));
		}),
	);
});

test('a clock that goes on or falls back a little never brings a request to a window that is closed', () => {
	const steps = fc.array(fc.record({onMs: fc.nat(20_000), backMs: fc.nat(4_000)}), {minLength: 1, maxLength: 40});
	fc.assert(
		fc.property(instants, fc.integer({min: 5, max: 600}), steps, (startMs, cadence, moves) => {
			let trueMs = startMs + 10_000;
			let closedUntil: number | null = null;
			for (const {onMs, backMs} of moves) {
				trueMs += onMs;
				const window = windowFor(trueMs - backMs, cadence, closedUntil);
				expect(window.startSeconds).toBeGreaterThanOrEqual(closedUntil ?? 0);
				// All that is over by the true clock is closed now.
				closedUntil = Math.max(closedUntil ?? 0, windowAt(trueMs, cadence).startSeconds);
				expect(isDue({startSeconds: closedUntil - cadence, seconds: cadence}, trueMs)).toBe(true);
			}
		}),
	);
});

test('a clock that was far ahead and is set right is believed, and what it left in the future is closed', () => {
	const nowMs = Date.parse('2026-11-20T10:15:20Z');
	const ahead = windowAt(nowMs + 3_600_000, 60);
	expect(windowFor(nowMs, 60, endSeconds(ahead))).toEqual(windowAt(nowMs, 60));
	expect(isDue(ahead, nowMs)).toBe(true);
	expect(isDue(windowAt(nowMs, 60), nowMs)).toBe(false);
});

test('the name of an input file says which window it holds', () => {
	fc.assert(
		fc.property(instants, cadences, (nowMs, cadence) => {
			const window = windowAt(nowMs, cadence);
			expect(windowOfFile(windowFileName('my_webhooks_1', window))).toEqual(window);
		}),
	);
	for (const name of ['sample.csv', 'orders_webhooks_60_60.csv', 'orders_webhooks_120_60.csv', 'orders_webhooks_0_60.csv.gz']) {
		expect(windowOfFile(name)).toBeNull();
	}
});
