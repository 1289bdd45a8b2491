import {expect, test} from 'vitest';
import {countCrash} from '../../source/daemon/dispatch/crash-counter.js';

const deaths = (places: readonly string[]) => {
	let state: {strikes: number; place: string | null} = {strikes: 0, place: null};
	return places.map((place) => {
		const after = countCrash(state, place);
		state = after;
		return after.fatal;
	});
};

test('a chunk that kills its runner three times is fatal', () => {
	const chunk = 'load:1, chunk 4 of 20';
	expect(deaths([chunk, chunk, chunk])).toEqual([false, false, true]);
});

test('deaths at different chunks are no pattern', () => {
	expect(deaths(['load:1, chunk 4 of 20', 'load:1, chunk 4 of 20', 'load:1, chunk 5 of 20', 'load:1, chunk 4 of 20'])).toEqual([
		false,
		false,
		false,
		false,
	]);
});

test('before the load steps more tries are given', () => {
	expect(deaths(['sql', 'sql', 'sql', 'sql', 'sql'])).toEqual([false, false, false, false, true]);
});
