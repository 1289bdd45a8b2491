import {expect, test} from 'vitest';
import {detailText} from '../../../source/console/screens/history/detail.js';

test('what happened is said for people: the status first, counts that are not zero, where it came from last', () => {
	const ended = {execution: '01a1fd0e-88a2-75ed-9c6d-33c2886b20a3', from: 'daemon', status: 'warning', mode: 'live'};
	expect(detailText({...ended, counts: {created: 13, updated: 0, skipped: 0, errored: 1, warnings: 0}})).toBe(
		'warning · live run · 13 created, 1 errored · 01a1fd0e-88a2',
	);
	expect(detailText({from: 'cli', mode: 'dry', input_file: 'new.csv', triggered_by: 'manual'})).toBe(
		'dry run · new.csv · from the command line',
	);
	expect(detailText({from: 'console', kept: ['a', 'b'], cancelled: []})).toBe('kept 2 executions · from the console');
});
