import {expect, test} from 'vitest';
import type {LogLine} from '../../../source/api/contract.js';
import {type Command, linesShown, type State, start, update} from '../../../source/console/screens/execution/model.js';
import {execution as screen} from '../../../source/console/screens/execution/screen.js';
import {SluiceError} from '../../../source/model/errors.js';
import {large, noChanges, small, withConnectors} from './support/around.js';
import {draw, overflow} from './support/draw.js';
import {executionOf, id, stageOf} from './support/executions.js';
import {after, asked} from './support/steps.js';

const opened = start({screen: 'execution', execution: 'last'})[0];
const came = (given: Parameters<typeof executionOf>[0] = {}): Command => ({type: 'came', execution: executionOf(given)});
const told = (...commands: Command[]): State => after(update, opened, commands).state;
const line = (message: string, at = '2026-11-21T03:00:01.000Z'): LogLine => ({at, level: 'info', stage: 'sql', message});
const logCame = (...lines: LogLine[]): Command => ({type: 'logCame', list: {items: lines, total: lines.length, next: null}});

const load = stageOf({
	stage: 'load:1',
	name: 'Orders',
	object: 'orders',
	rows: 100,
	chunks: 10,
	chunks_done: 4,
	created: 30,
	updated: 5,
	skipped: 5,
	errored: 0,
});
const running = came({
	status: 'running',
	ended_at: null,
	stages: [stageOf({stage: 'sql', name: 'SQL'}), {...load, state: 'running', started_at: '2026-11-21T03:09:50.000Z'}],
});
const failed = came({
	status: 'failed',
	counts: {created: 30, updated: 5, skipped: 5, errored: 0, warnings: 0},
	stages: [stageOf({stage: 'sql', name: 'SQL'}), {...load, state: 'failed'}],
	error: new SluiceError('internal', 'The disk is full', {where: '/w/.sluice', cure: 'Free some space.'}).toJSON(),
});

test('it asks for the execution and its log as it opens', () => {
	expect(asked(start({screen: 'execution', execution: 'last'}).slice(1) as never)).toEqual([
		['execution', 'last'],
		['log', 'last', {offset: 0, limit: 2000}],
	]);
});

test('Enter on a stage opens its table', () => {
	const state = told(came({stages: [stageOf({stage: 'sql'}), load]}), {type: 'move', how: 'down'});
	expect(update(state, {type: 'open'}, small)[1]).toEqual({go: {screen: 'tables', execution: id, table: 'load:1'}});
});

test('a stage that has not begun has no table, and says so', () => {
	const state = told(came({stages: [stageOf({stage: 'load:1', name: 'Orders', state: 'waiting'})]}));
	expect(update(state, {type: 'open'}, small)[1]).toMatchObject({say: 'Orders has not begun: it has no table yet'});
});

test('news about it replaces the picture, and new log lines follow the old ones', () => {
	const state = told(came({status: 'running', ended_at: null}), logCame(line('one')));
	const changes = {
		...noChanges,
		executions: new Map([[id, executionOf()]]),
		logs: new Map([[id, [line('two', '2026-11-21T03:00:02.000Z')]]]),
	};
	const {state: next} = after(update, state, [{type: 'heard', changes}]);
	expect(next.execution.value?.status).toBe('completed');
	expect(linesShown(next).map(({message}) => message)).toEqual(['one', 'two']);
});

test('news about another execution is not its business', () => {
	expect(screen.heard?.(told(came()), {...noChanges, executions: new Map([['other', executionOf({id: 'other'})]])}, small)).toBeNull();
});

test('of a long log the newest lines are asked for', () => {
	const list = {items: [line('first')], total: 9000, next: 2000};
	expect(asked(after(update, opened, [{type: 'logCame', list}]).effects)).toEqual([['log', 'last', {offset: 7000, limit: 2000}]]);
});

test('moving in the log stops following it, f follows again', () => {
	const lines = Array.from({length: 50}, (_, index) => line(`line ${index}`));
	const held = told(came(), logCame(...lines), {type: 'panel'}, {type: 'move', how: 'up'});
	expect(held.following).toBe(false);
	expect(update(held, {type: 'follow'}, small)[0].following).toBe(true);
});

test('the log can be searched', () => {
	expect(linesShown(told(came(), logCame(line('statement 1'), line('orders: 3 rows')), {type: 'find', text: 'ORDERS'}))).toHaveLength(1);
});

test('a cancel names what stays and is confirmed by the connector’s name on production', () => {
	const around = withConnectors(small, [], 'production');
	const [, effect] = update(told(running), {type: 'askCancel', of: executionOf({status: 'running', stages: [load]})}, around);
	expect(effect).toMatchObject({
		confirm: {
			title: 'Cancel this live run?',
			typed: 'orders',
			loses: true,
			stays: '4 chunks already committed: 9 created and 1 updated; they are not undone',
		},
	});
	expect(JSON.stringify(effect)).toContain('about 60 rows');
});

test('a confirmed cancel is told to the daemon, and only its answer is called a success', () => {
	const of = executionOf({status: 'running'});
	const {effects} = after(update, told(running), [{type: 'cancel', of}]);
	expect(asked(effects)).toEqual([['cancel', id, {confirm: null}]]);
	expect(JSON.stringify(effects)).not.toContain('is cancelled');
	const [next, said] = update(
		told(running),
		{type: 'changed', execution: executionOf({status: 'cancelled'}), said: 'x is cancelled'},
		small,
	);
	expect(next.execution.value?.status).toBe('cancelled');
	expect(said).toMatchObject({say: 'x is cancelled'});
});

test('what has ended cannot be cancelled, and the key says why', () => {
	expect(screen.refused?.(told(came()), 'cancel', small)).toContain('ended');
	expect(screen.refused?.(told(running), 'cancel', small)).toBeNull();
});

test.each([
	['80x24', small],
	['120x40', large],
])('a running execution shows its stages, chunks, rate and time left at %s', (_size, around) => {
	const frame = draw(screen.Draw, told(running, logCame(line('statement 1 of 3'))), around);
	expect(overflow(frame, around)).toEqual([]);
	expect(frame).toContain('▶ running  orders  live run  by ann  running for 9 min 59 s');
	expect(frame).toMatch(/▶ running +Orders.* 100 .*30 +5 +5 +0 /);
	expect(frame).toMatch(/chunk 4 of 10 .* 4 rows\/s {2}about 15\.0 s left/);
	expect(frame).toContain('✓✓✓✓▶·····');
	expect(frame).toContain('statement 1 of 3');
});

test.each([
	['80x24', small],
	['120x40', large],
])('a failure says where, why, what stays and what to do next at %s', (_size, around) => {
	const frame = draw(screen.Draw, told(failed), around);
	expect(overflow(frame, around)).toEqual([]);
	expect(frame).toContain('Where  load:1 Orders, chunk 5 of 10, /w/.sluice');
	expect(frame).toContain('Why    The disk is full');
	expect(frame).toContain('Stays  4 chunks already committed: 30 created and 5 updated; they are not');
	expect(frame).toContain('Next   Free some space.');
});

test('before the daemon answered it says that it asks; a refusal is shown in full', () => {
	expect(draw(screen.Draw, opened, small)).toContain('Asking the daemon for the execution …');
	const error = new SluiceError('internal', 'No such execution', {cure: 'See `sluice executions`.'});
	const frame = draw(screen.Draw, told({type: 'refused', error}), small);
	expect(frame).toContain('┌─ No execution ─');
	expect(frame).toContain('No such execution');
	expect(frame).toContain('See `sluice executions`.');
});

test('text from data cannot drive the terminal', () => {
	const frame = draw(screen.Draw, told(came({input_file: 'a\u001b[2Jb.csv'}), logCame(line('x\u0007y'))), small);
	expect(frame).toContain('a␛[2Jb.csv');
	expect(frame).toContain('x␇y');
});

test('opened to be cancelled it asks as soon as it is known, once; what cannot be done is said', () => {
	const opening = start({screen: 'execution', execution: 'last', act: 'cancel'})[0];
	const asking = after(update, opening, [running, running]).effects.filter((effect) => 'confirm' in effect);
	expect(asking).toMatchObject([{confirm: {title: 'Cancel this live run?'}}]);
	expect(after(update, opening, [failed]).effects).toContainEqual({say: 'Not now: it has ended', tone: 'warning'});
});

test('Enter in the log shows the lines in sight at full length', () => {
	const long = 'a message that is far too long for one line of a terminal of eighty columns, and goes on and on';
	const {effects} = after(update, opened, [running, logCame(line(long)), {type: 'panel'}, {type: 'open'}]);
	expect(effects.at(-1)).toMatchObject({show: {text: `03:00:01  info sql: ${long}`}});
});

test('while a step runs, its scope tells how many rows are left, and so the rate and the time', () => {
	const stage = stageOf({...load, rows: null, scope: 'orders', state: 'running', started_at: '2026-11-21T03:09:50.000Z'});
	const going = came({status: 'running', ended_at: null, rows: {input: 100, by_scope: {orders: 100}}, stages: [stage]});
	expect(draw(screen.Draw, told(going), small)).toContain('chunk 4 of 10  4 rows/s  about 15.0 s left');
	expect(draw(screen.Draw, told(going), large)).toContain('chunk 4 of 10  40 of 100 rows  4 rows/s  about 15.0 s left');
	const {effects} = after(update, start({screen: 'execution', execution: 'last', act: 'cancel'})[0], [going]);
	expect(effects.find((effect) => 'confirm' in effect)).toMatchObject({
		confirm: {lines: expect.arrayContaining(['Not written then: about 60 rows of its load steps.'])},
	});
});

test('a million of anything is shown whole in its column, at 80x24 too', () => {
	const counts = {created: 1_000_000, updated: 0, skipped: 12_345_678, errored: 0};
	const frame = draw(screen.Draw, told(came({stages: [stageOf({...load, ...counts, rows: 1_000_000})]})), small);
	expect(frame).toMatch(/1000000 1000000 +0 +12\.3 M/);
});

test('of a file that could not be read no number of rows is claimed, and nothing is left to follow', () => {
	const unread = came({
		status: 'failed',
		rows: {input: 0, by_scope: {}},
		counts: {created: 0, updated: 0, skipped: 0, errored: 0, warnings: 0},
		stages: [stageOf({stage: 'intake', name: 'Intake', state: 'failed'})],
		error: new SluiceError('internal', 'A quote is never closed').toJSON(),
	});
	const frame = draw(screen.Draw, told(unread, logCame(line('one'))), large);
	expect(frame).toMatch(/ orders\.csv$/m);
	expect(frame).toMatch(/Stays {2}nothing was written +│/);
	expect(frame).not.toContain('following');
	expect(draw(screen.Draw, told(running, logCame(line('one'))), large)).toContain('Log  1 line  following');
});

test('on a wide screen the name of a stage leaves its numbers near', () => {
	const wide = {...large, width: 200, height: 56};
	expect(draw(screen.Draw, told(came({stages: [load]})), wide)).toMatch(/Orders {30,40}orders/);
});
