import {expect, test} from 'vitest';
import type {ConnectorDetail, Queue} from '../../../source/api/contract.js';
import {type Command, canActivate, type State, start, update} from '../../../source/console/screens/review/model.js';
import {review as screen} from '../../../source/console/screens/review/screen.js';
import {SluiceError} from '../../../source/model/errors.js';
import {connectorSummaryOf, large, noChanges, small} from './support/around.js';
import {draw, overflow} from './support/draw.js';
import {after, asked} from './support/steps.js';

const [opened] = start({screen: 'review', connector: 'orders'});
const queueOf = (...ids: string[]): Queue => ({
	revision: ids.length,
	items: ids.map((id) => ({
		revision: ids.length,
		id,
		queued_at: '2026-11-21T03:00:00.000Z',
		started_by: 'ann',
		input_file: `${id}.csv`,
		rows: 10,
		done: null,
	})),
});
const detailOf = (...lacks: string[]): Command => ({
	type: 'detailCame',
	detail: {
		...connectorSummaryOf({status: 'inactive'}),
		description: null,
		operation: 'import',
		lacks,
		file: '/w/c.yaml',
		configuration: null,
		next_runs: [],
	} satisfies ConnectorDetail,
});
const told = (...commands: Command[]): State =>
	after(update, opened, [{type: 'queueChanged', queue: queueOf('a', 'b')}, detailOf(), ...commands]).state;
const decided: readonly Command[] = [
	{type: 'decide', decision: 'keep'},
	{type: 'decide', decision: 'cancel'},
];

test('nothing is activated while an execution has no decision', () => {
	expect(canActivate(told({type: 'decide', decision: 'keep'}))).toEqual({no: '1 execution of 2 without a decision: k keeps, c cancels'});
	expect(canActivate(told(...decided))).toEqual({yes: true});
});

test('an item that arrives during the review is shown and blocks activation until it is looked at', () => {
	const state = told(...decided, {type: 'queueChanged', queue: queueOf('a', 'b', 'c')});
	expect(canActivate(state)).toEqual({no: '1 execution arrived since you looked: c'});
	expect(draw(screen.Draw, state, small)).toContain('! NEW');
	expect(
		canActivate(
			after(update, state, [
				{type: 'move', how: 'bottom'},
				{type: 'decide', decision: 'keep'},
			]).state,
		),
	).toEqual({yes: true});
});

test('a whole day is kept or cancelled at once, and the cursor goes on to the next', () => {
	const window = (id: string, startSeconds: number) => ({
		...queueOf(id).items[0],
		id,
		input_file: `orders_webhooks_${startSeconds}_${startSeconds + 60}.csv`,
	});
	const days = [window('a', 86_400), window('b', 86_460), window('c', 172_800), window('d', 259_200)];
	const queue = {revision: 4, items: days} as Queue;
	const late = {revision: 5, items: [...days, window('e', 259_260)]} as Queue;
	const state = told({type: 'queueChanged', queue}, {type: 'queueChanged', queue: late}, {type: 'move', how: 'top'});
	const after3 = after(update, state, [
		{type: 'decideDay', decision: 'cancel'},
		{type: 'decideDay', decision: 'keep'},
	]).state;
	expect(after3.decisions).toEqual({a: 'cancel', b: 'cancel', c: 'keep'});
	expect(after3.list.cursor).toBe(3);
	expect(canActivate(after3)).toMatchObject({no: expect.stringContaining('arrived since you looked')});
	expect(canActivate(after(update, after3, [{type: 'decideDay', decision: 'keep'}]).state)).toEqual({yes: true});
	expect([screen.onKey(after3, 'keepDay', small), screen.onKey(after3, 'cancelDay', small)]).toEqual([
		{type: 'decideDay', decision: 'keep'},
		{type: 'decideDay', decision: 'cancel'},
	]);
});

test('the dialog names what is cancelled and binds the decision to the revision on the screen', () => {
	const [, dialog] = update(told(...decided), {type: 'activate'}, small);
	expect(dialog).toMatchObject({
		confirm: {
			action: 'activate and cancel 1',
			loses: true,
			lines: ['1 queued execution will run, oldest first.', '1 queued execution will be CANCELLED: b.csv (10 rows)'],
			yes: {type: 'send', revision: 2, cancel: ['b']},
		},
	});
});

test('exactly this decision goes out, and nothing is called active before the daemon says so', () => {
	const {state, effects} = after(update, told(...decided), [{type: 'send', revision: 2, cancel: ['b']}]);
	expect(asked(effects)).toEqual([['activate', 'orders', {decision: {cancel: ['b']}, revision: 2}]]);
	expect(state.sent).toBe(true);
});

test('what was confirmed is not sent when something arrived while the dialog was open', () => {
	const state = told(...decided, {type: 'queueChanged', queue: queueOf('a', 'b', 'c')});
	expect(asked(after(update, state, [{type: 'send', revision: 2, cancel: ['b']}]).effects)).toEqual([]);
});

test('a queue that is longer than the screen is paged, and says which lines are shown', () => {
	const ids = Array.from({length: 31}, (_, index) => `e${index + 1}`);
	const state = after(update, opened, [
		{type: 'queueChanged', queue: queueOf(...ids)},
		{type: 'move', how: 'pageDown'},
	]).state;
	const frame = draw(screen.Draw, state, small);
	expect(overflow(frame, small)).toEqual([]);
	expect(frame).toContain('11 of 31; lines 1 to 11 are shown');
	for (const [key, how] of [
		['pageDown', 'pageDown'],
		['bottom', 'bottom'],
	] as const)
		expect(screen.onKey(state, key, small)).toEqual({type: 'move', how});
	expect(draw(screen.Draw, after(update, state, [{type: 'move', how: 'bottom'}]).state, small)).toContain('31 of 31; lines 21 to 31');
});

test('a refusal is shown in full and the queue is asked for again', () => {
	const error = new SluiceError('internal', 'bo changed the queue 4 s ago');
	const {state, effects} = after(update, told(...decided), [{type: 'refused', error}]);
	expect(asked(effects)[0]).toEqual(['queue', 'orders']);
	expect(draw(screen.Draw, state, small)).toContain('bo changed the queue 4 s ago');
});

test('what the connector lacks is listed, and keeps it from being activated', () => {
	const state = told(...decided, detailOf('a sample file', 'SQL that was validated as it stands'));
	expect(canActivate(state)).toEqual({no: 'a sample file'});
	expect(draw(screen.Draw, state, small)).toContain('✗ SQL that was validated as it stands');
});

test('a changed queue is asked for again', () => {
	const changes = {...noChanges, queues: new Map([['orders', 3]])};
	expect(asked(after(update, told(), [{type: 'heard', changes}]).effects)).toEqual([['queue', 'orders']]);
});

test.each([
	['80x24', small],
	['120x40', large],
])('decisions are glyph and word at %s', (_size, around) => {
	const frame = draw(screen.Draw, told(...decided), around);
	expect(overflow(frame, around)).toEqual([]);
	expect(frame).toMatch(/✓ keep +10 min ago +ann +a\.csv/);
	expect(frame).toContain('✗ cancel');
	expect(frame).toContain('a activates with exactly this decision');
});

test('windows of a webhook that piled up stand in groups, a day each', () => {
	const seconds = (text: string) => Date.parse(text) / 1000;
	const windows = ['2026-11-19T23:58:00Z', '2026-11-19T23:59:00Z', '2026-11-20T00:00:00Z'].map(seconds);
	const items = windows.map((start, index) => ({
		revision: 3,
		id: `w${index}`,
		queued_at: new Date((start + 60) * 1000).toISOString(),
		started_by: 'webhook',
		input_file: `orders_webhooks_${start}_${start + 60}.csv`,
		rows: 10 + index,
		done: null,
	}));
	const state = after(update, opened, [{type: 'queueChanged', queue: {revision: 3, items}}, detailOf()]).state;
	for (const around of [small, large]) {
		const frame = draw(screen.Draw, state, around);
		expect(frame).toContain('3 waiting on 2 days, 33 requests');
		expect(
			frame
				.split('\n')
				.map((line) => /2026-11-\d\d/.exec(line)?.[0])
				.filter(Boolean),
		).toEqual(['2026-11-19', '2026-11-20']);
		expect(overflow(frame, around)).toEqual([]);
	}
	expect(draw(screen.Draw, told(), small)).not.toContain('2026-11');
});
