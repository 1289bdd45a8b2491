import {expect, test} from 'vitest';
import {type Command, type State, stageOf, start, update} from '../../../source/console/screens/row/model.js';
import {row as screen} from '../../../source/console/screens/row/screen.js';
import type {Explained} from '../../../source/console/screens/row/stages.js';
import {SluiceError} from '../../../source/model/errors.js';
import {large, small} from './support/around.js';
import {draw, overflow} from './support/draw.js';
import {after, answer, asked} from './support/steps.js';

const explained: Explained = {
	row: 3,
	scope: 'orders',
	intake: {line: 4, text: 'ann@x.io,"9,90 EUR"'},
	sql: {table: 'orders', values: {email: 'ann@x.io', price: '9,90 EUR'}},
	variables: {
		state: 'ok',
		reason: null,
		values: {
			price: {raw: '9,90 EUR', value: '9.90', type: 'number', problem: null},
			day: {raw: '31.02.2026', value: null, type: 'date', problem: 'day: "31.02.2026" is no date'},
		},
	},
	diff: null,
	'load:1': {
		name: 'Contacts',
		object: 'contacts',
		outcome: 'updated',
		reason: null,
		record_id: 'r-1',
		record: 'ann@x.io',
		rule: 1,
		warnings: [],
		rules: [
			{
				rule: 1,
				field: 'email',
				variable: 'email',
				value: 'ann@x.io',
				state: 'decided',
				possible: [{match: 'single_match', action: 'update_current'}],
				candidates_now: [{id: 'r-1', archived: false}],
			},
		],
		fields: [{field: 'tier', incoming: 'Gold', conflict: 'overwrite', old: 'Silver', new: 'Gold', changed: true}],
		automations: [{automation: 'welcome', because: 'on_update of the step'}],
	},
};
const [opened] = start({screen: 'row', execution: 'last', row: 3, scope: 'orders', stage: 'variables'});
const told = (...commands: Command[]): State => after(update, opened, [{type: 'came', row: 3, explained}, ...commands]).state;

test('the stages lie left to right in the order things happened', () => {
	expect(stageOf(told())?.title).toBe('Variables');
	expect(stageOf(told({type: 'turn', by: 1}))?.title).toBe('Contacts');
	expect(stageOf(told({type: 'turn', by: -9}))?.title).toBe('Input');
});

test('from the last stage a row reached, when it never came to the one asked for, ← is the stage before', () => {
	const skipped = told({type: 'turn', by: 1}, {type: 'came', row: 3, explained: {...explained, 'load:1': undefined} as never});
	expect(stageOf(skipped)?.title).toBe('Variables');
	expect(stageOf(after(update, skipped, [{type: 'turn', by: -1}]).state)?.title).toBe('SQL output');
});

test('another row keeps the stage one was looking at, and a late answer is dropped', () => {
	const {state, effects} = after(update, told(), [{type: 'row', by: 1}]);
	expect(asked(effects)).toEqual([['explain', 'last', 4, 'orders']]);
	expect(after(update, state, [{type: 'came', row: 3, explained: {...explained, row: 3}}]).state.explained.asking).toBe(true);
	expect(stageOf(state)?.title).toBe('Variables');
});

test('the next row is the next of the list it was opened from, in its filter and order', () => {
	const within = {
		...{table: 'load:1', filter: {outcome: 'errored'}, at: 0, total: 3},
		sort: {column: 'price', descending: true},
	};
	const [opening] = start({screen: 'row', execution: 'last', row: 3, scope: 'orders', within});
	const {state, effects} = after(update, opening, [{type: 'row', by: 1}]);
	expect(asked(effects)).toEqual([['rows', 'last', 'load:1', {outcome: 'errored', sort: 'price', descending: true, offset: 1, limit: 1}]]);
	const found = answer(effects, 'rows', {items: [{row: 71}], total: 2, next: null}) as Command;
	const next = after(update, state, [found]);
	expect(asked(next.effects)).toEqual([['explain', 'last', 71, 'orders']]);
	expect(screen.filter?.(next.state)).toContain('2 of 2');
	expect(after(update, next.state, [{type: 'row', by: 1}]).effects).toEqual([{say: 'This is the last row', tone: 'muted'}]);
});

test('there is no row before the first', () => {
	const first = after(update, start({screen: 'row', execution: 'x', row: 1})[0], [{type: 'row', by: -1}]);
	expect(asked(first.effects)).toEqual([]);
});

test('a variable shows its raw text where it differs, and its problem', () => {
	const frame = draw(screen.Draw, told(), small);
	expect(frame).toContain('9.90  number  from "9,90 EUR"');
	expect(frame).toContain('! day: "31.02.2026" is no date');
});

test.each([
	['80x24', small],
	['120x40', large],
])('a load step shows rules with candidates, fields with old and new, automations at %s', (_size, around) => {
	const frame = draw(screen.Draw, told({type: 'turn', by: 1}), around);
	expect(overflow(frame, around)).toEqual([]);
	expect(frame).toContain('1. email = email "ann@x.io"  decided');
	expect(frame).toContain('single match: Update Existing Record');
	expect(frame).toContain('held today by r-1');
	expect(frame).toContain('[Contacts ~ updated]');
	expect(frame).toContain('* tier  Silver → Gold');
	expect(frame).toContain('Overwrite (Clear field if blank)');
	expect(frame).toContain('welcome  on_update of the step');
});

test('a row that is not there says so', () => {
	const state = after(update, opened, [
		{type: 'refused', row: 3, error: new SluiceError('internal', 'The scope orders has no row 3')},
	]).state;
	expect(draw(screen.Draw, state, small)).toContain('The scope orders has no row 3');
});

test('on a wide screen two stages stand side by side, at the end of the way too', () => {
	for (const turns of [0, 1]) {
		const frame = draw(screen.Draw, told({type: 'turn', by: turns}), {...large, width: 110});
		expect(frame).toMatch(/price .*│/);
		expect(frame).toContain(turns === 0 ? '[Variables' : '[Contacts');
		expect(frame).toContain('Matching');
	}
});

test('the way of a row is shown from its beginning where there is room', () => {
	expect(draw(screen.Draw, told({type: 'turn', by: 2}), large)).toContain('Input line 4 → SQL output');
});
