import {expect, test} from 'vitest';
import type {Found, FoundRow} from '../../../source/api/contract.js';
import {start, update} from '../../../source/console/screens/find/model.js';
import {find as screen} from '../../../source/console/screens/find/screen.js';
import {small} from './support/around.js';
import {draw, overflow} from './support/draw.js';
import {after, asked} from './support/steps.js';

const at = '2026-11-21T03:00:00.000Z';
const run = (execution: string, mode: 'live' | 'dry') => ({execution, connector: 'orders', mode, at});
const rowOf = (number: number, mode: 'live' | 'dry' = 'dry'): FoundRow => ({
	...run(mode === 'dry' ? 'run-2' : 'run-1', mode),
	table: 'load:1',
	row: number,
	outcome: 'created',
	reason: null,
	matched: 'email: ann@x.io',
});
const answer = (items: readonly FoundRow[], next: number | null): Found => ({
	items,
	total: 3,
	next,
	runs: [
		{...run('run-2', 'dry'), rows: 2, shown: 1},
		{...run('run-1', 'live'), rows: 1, shown: 0},
	],
	unread: [{...run('run-3', 'live'), reason: 'it is running'}],
});

test('the rows come page by page until all are there, and what was not searched is said', () => {
	const [state, ...effects] = start({screen: 'find', text: 'ann'});
	expect(asked(effects)).toEqual([['find', {text: 'ann', offset: 0, limit: 1000}]]);
	const first = after(update, state, [{type: 'pageCame', text: 'ann', before: [], found: answer([rowOf(1)], 1)}]);
	expect(asked(first.effects)).toEqual([['find', {text: 'ann', offset: 1, limit: 1000}]]);
	const all = after(update, first.state, [
		{type: 'pageCame', text: 'ann', before: [rowOf(1)], found: answer([rowOf(2), rowOf(1, 'live')], null)},
	]);
	expect(asked(all.effects)).toEqual([]);
	const text = draw(screen.Draw, all.state, small);
	expect(text).toContain('3 rows in 2 executions; 1 execution not searched: it is running');
	expect(text).toContain('2 rows in this run');
	expect(text).toMatch(/orders\s+dry/);
	expect(text).toMatch(/orders\s+live/);
	expect(overflow(text, small)).toEqual([]);
});

test('an answer to another question changes nothing', () => {
	const [state] = start({screen: 'find', text: 'bob'});
	expect(after(update, state, [{type: 'pageCame', text: 'ann', before: [], found: answer([rowOf(1)], null)}]).state).toBe(state);
});
