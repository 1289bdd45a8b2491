import {expect, test} from 'vitest';
import {rowAt} from '../../../source/console/screens/shared/list-pages.js';
import {cellOf} from '../../../source/console/screens/tables/cells.js';
import {type Command, type State, start, update, viewOf} from '../../../source/console/screens/tables/model.js';
import {tables as screen} from '../../../source/console/screens/tables/screen.js';
import {similarReasons} from '../../../source/console/screens/tables/similar.js';
import {visibleColumns} from '../../../source/console/screens/tables/view.js';
import {large, small} from './support/around.js';
import {draw, overflow} from './support/draw.js';
import {executionOf, id, stageOf} from './support/executions.js';
import {after, answer, asked} from './support/steps.js';

const [opened] = start({screen: 'tables', execution: id, table: 'load:1'});
const names: Command = {
	type: 'tablesCame',
	items: [
		{table: 'sql:orders', rows: 3},
		{table: 'load:1', rows: 1000},
	],
};
const rowOf = (row: number) => ({
	row,
	line: row + 1,
	outcome: 'updated',
	reason: null,
	record_id: 'r',
	record: `ann${row}@x.io`,
	rule: 1,
	warnings: [],
	values: {tier: 'Gold'},
	changes: {tier: ['Silver', 'Gold']},
});
const pageOf = (page: number, total: number, question = 0): Command => ({
	type: 'rowsCame',
	table: 'load:1',
	page,
	question,
	list: {items: Array.from({length: Math.min(200, total - page * 200)}, (_, index) => rowOf(page * 200 + index + 1)), total, next: null},
});
const told = (...commands: Command[]): State => after(update, opened, [names, ...commands]).state;

test('only the page in sight is asked for, however long the table', () => {
	expect(asked(after(update, opened, [names]).effects)).toEqual([['rows', id, 'load:1', {offset: 0, limit: 200}]]);
	const {effects} = after(update, told(pageOf(0, 1_000_000)), [{type: 'move', how: 'bottom'}]);
	expect(asked(effects)).toEqual([['rows', id, 'load:1', {offset: 999_800, limit: 200}]]);
});

test('few pages are held, those near the cursor', () => {
	let state = told(pageOf(0, 1_000_000));
	for (let page = 1; page <= 40; page++) state = after(update, state, [pageOf(page, 1_000_000)]).state;
	expect(viewOf(state).pages.size).toBeLessThanOrEqual(12);
	expect(rowAt(viewOf(state), 0)?.row).toBe(1);
});

test('refreshing asks for the rows in sight again, and shows the old ones until they come', () => {
	const held = told(pageOf(0, 1000));
	const again = after(update, held, [{type: 'refresh'}]);
	expect(asked(again.effects)).toContainEqual(['rows', id, 'load:1', {offset: 0, limit: 200}]);
	expect(rowAt(viewOf(again.state), 0)?.row).toBe(1);
	expect(asked(after(update, again.state, [pageOf(0, 1000, 1), {type: 'move', how: 'down'}]).effects)).toEqual([]);
});

test('a page that is on its way is not asked for twice', () => {
	const held = told(pageOf(0, 1000));
	const below = {...viewOf(held), list: {cursor: 195, top: 190}};
	const crossing = after(update, {...held, views: {'load:1': below}}, [
		{type: 'move', how: 'pageDown'},
		{type: 'move', how: 'pageDown'},
	]);
	expect(asked(crossing.effects)).toEqual([['rows', id, 'load:1', {offset: 200, limit: 200}]]);
	expect(asked(after(update, crossing.state, [pageOf(3, 1000), {type: 'move', how: 'down'}]).effects)).toEqual([]);
});

test('an answer to an older filter is dropped', () => {
	const state = told(pageOf(0, 1000), {type: 'filter', change: {outcome: 'errored'}}, pageOf(0, 1000));
	expect(viewOf(state).total).toBeNull();
	expect(viewOf(after(update, state, [pageOf(0, 7, 1)]).state).total).toBe(7);
});

test('sorting asks the daemon, again turns it round, a third time gives the scope’s order back', () => {
	const sorts = after(update, told(pageOf(0, 10), {type: 'sideways', by: 1}), [{type: 'sort'}, {type: 'sort'}, {type: 'sort'}]).effects;
	expect(asked(sorts).map(([, , , filter]) => filter)).toEqual([
		expect.objectContaining({sort: 'record', descending: false}),
		expect.objectContaining({sort: 'record', descending: true}),
		{offset: 0, limit: 200},
	]);
});

test('a hidden column comes back, the row number cannot be hidden', () => {
	const state = told(pageOf(0, 10), {type: 'hide'}, {type: 'sideways', by: 1}, {type: 'hide'});
	expect(visibleColumns(viewOf(state))).toContain('row');
	expect(visibleColumns(viewOf(state))).not.toContain('record');
	expect(visibleColumns(viewOf(after(update, state, [{type: 'showAll'}]).state))).toContain('record');
});

test('Enter explains the row in the scope of its step', () => {
	const state = told(
		{type: 'executionCame', execution: executionOf({stages: [stageOf({stage: 'load:1', scope: 'orders'})]})},
		pageOf(0, 10),
		{type: 'move', how: 'down'},
	);
	expect(update(state, {type: 'open'}, small)[1]).toEqual({
		go: {
			...{screen: 'row', execution: id, row: 2, scope: 'orders', stage: 'load:1'},
			within: {table: 'load:1', filter: {}, sort: null, at: 1, total: 10},
		},
	});
});

test('a value that is counted can be filtered by', () => {
	const [, counting, question] = update(told(pageOf(0, 10), {type: 'sideways', by: 1}), {type: 'values'}, small);
	expect(counting).toEqual({progress: 'Counting the values of record …'});
	const command = answer([question as never], 'values', {items: [{value: null, rows: 2}]}) as Command;
	const [, said, menu] = update(told(), command, small);
	expect(said).toEqual({say: ''});
	expect(JSON.stringify(menu)).toContain('(blank)');
});

test('reasons that differ in values alone are one', () => {
	const groups = similarReasons([
		{value: 'badge: "B1" is already held by a@x.io', rows: 2},
		{value: 'badge: "B2" is already held by b@x.io', rows: 3},
		{value: 'no change', rows: 9},
		{value: null, rows: 4},
	]);
	expect(groups).toEqual([
		{filter: 'no change', rows: 9, shown: 'no change'},
		{filter: 'badge: "…" is already held by …', rows: 5, shown: 'badge: "…" is already held by …'},
	]);
});

test('a change is shown as old and new, a value that could not be typed as its text', () => {
	expect(cellOf('load:1', rowOf(1), '=tier')).toEqual({text: 'Silver → Gold', tone: 'marked'});
	const row = {row: 1, variables: {price: {raw: 'abc', value: null, problem: 'price: "abc" is no number'}}};
	expect(cellOf('variables:orders', row, '=price')).toEqual({text: '! abc', tone: 'warning'});
});

test.each([
	['80x24', small],
	['120x40', large],
])('rows, place and filter stand on the screen at %s', (_size, around) => {
	const frame = draw(screen.Draw, told(pageOf(0, 1000)), around);
	expect(overflow(frame, around)).toEqual([]);
	expect(frame).toContain('[load:1]');
	expect(frame).toContain('ann1@x.io');
	expect(frame).toContain('~ updated');
	expect(frame).toContain('row 1 of 1,000');
});

test('an execution without tables says why, in full', () => {
	const said = (given: Parameters<typeof executionOf>[0]) => {
		const execution = executionOf(given);
		const {state} = after(update, opened, [
			{type: 'executionCame', execution},
			{type: 'tablesCame', items: []},
		]);
		const frame = draw(screen.Draw, state, small);
		expect(overflow(frame, small)).toEqual([]);
		return frame.replaceAll(/\s+/g, ' ').trim();
	};
	expect(said({cleared_at: '2026-11-21T03:00:00.000Z'})).toBe('Its tables were cleared away by keep_executions_days.');
	const sqlFailed = [stageOf({stage: 'intake'}), stageOf({stage: 'sql', state: 'failed'})];
	expect(said({status: 'failed', stages: sqlFailed})).toBe('Its SQL failed before it left a table: Esc, then e opens the script.');
	expect(said({status: 'running', stages: [stageOf({stage: 'sql', state: 'waiting'})]})).toMatch(/^It has not come to its SQL yet/);
});

test('values and reasons are counted among the rows that the filter leaves, and y names filter and order', () => {
	const {state, effects} = after(update, told(pageOf(0, 10)), [
		{type: 'filter', change: {outcome: 'errored', column: 'tier', value: "it's"}},
		{type: 'sort'},
		{type: 'values'},
		{type: 'reasons'},
	]);
	const filter = {outcome: 'errored', column: 'tier', value: "it's"};
	expect(asked(effects).filter(([method]) => method === 'values')).toEqual([
		['values', id, 'load:1', 'row', 200, filter],
		['values', id, 'load:1', 'reason', 5000, filter],
	]);
	expect(screen.commandLine?.(state)).toBe(`sluice rows ${id} load:1 --outcome errored --where 'tier=it'\\''s' --sort 'row'`);
});

test('no match says how to see all rows again', () => {
	expect(draw(screen.Draw, told({type: 'filter', change: {find: 'zzz'}}, pageOf(0, 0, 1)), small)).toContain(
		'No row matches; x shows all rows.',
	);
});
