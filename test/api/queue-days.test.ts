import {expect, test} from 'vitest';
import {daysOf} from '../../source/api/queue-days.js';

const item = (id: string, queued_at: string, input_file: string | null, rows: number | null) => ({
	revision: 1,
	id,
	queued_at,
	started_by: 'webhook',
	input_file,
	rows,
	done: null,
});

test('a window belongs to the day it began on, another execution to the day it was queued on', () => {
	const start = Date.parse('2026-11-19T23:59:00Z') / 1000;
	const window = item('a', '2026-11-20T00:00:00.010Z', `orders_webhooks_${start}_${start + 60}.csv`, 7);
	const file = item('b', '2026-11-20T00:00:00.020Z', 'edited.csv', null);
	expect(daysOf([window, file], 'UTC')).toEqual([
		{day: '2026-11-19', items: [window], windows: 1, requests: 7},
		{day: '2026-11-20', items: [file], windows: 0, requests: 0},
	]);
	expect(daysOf([window, file], 'Europe/Paris').map(({day}) => day)).toEqual(['2026-11-20']);
	expect(daysOf([window, file], 'America/New_York').map(({day}) => day)).toEqual(['2026-11-19']);
});
