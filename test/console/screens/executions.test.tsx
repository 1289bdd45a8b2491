import {expect, test} from 'vitest';
import {rerunDialog} from '../../../source/console/screens/execution-acts/dialogs.js';
import {executionMenu} from '../../../source/console/screens/execution-acts/menu.js';
import {type Command, type State, start, under, update} from '../../../source/console/screens/executions/model.js';
import {executions as screen} from '../../../source/console/screens/executions/screen.js';
import {connectorSummaryOf, large, noChanges, small, withConnectors} from './support/around.js';
import {draw, overflow} from './support/draw.js';
import {executionOf} from './support/executions.js';
import {after, asked} from './support/steps.js';

const [opened] = start({screen: 'executions'}, small);
const cameTo = (question: number, ...ids: string[]): Command => ({
	type: 'came',
	page: 0,
	question,
	list: {items: ids.map((id) => executionOf({id})), total: ids.length, next: null},
});
const came = (...ids: string[]): Command => cameTo(0, ...ids);
const idsOf = ({executions: {pages}}: State) => pages.get(0)?.map(({id}) => id);
const told = (...commands: Command[]): State => after(update, opened, commands).state;

test('the menu has the labels people know, in their order', () => {
	expect(executionMenu(executionOf()).map(({label}) => label)).toEqual([
		'Download XLS report',
		'Download SQL output (ZIP)',
		'Download input file',
		'Rerun',
		'Rerun failed rows',
		'Acknowledge',
		'Cancel',
	]);
});

test('what cannot be done now says why', () => {
	const refusals = (of = executionOf()) =>
		Object.fromEntries(executionMenu(of).flatMap(({label, refused}) => (refused ? [[label, refused]] : [])));
	expect(refusals()).toEqual({
		'Rerun failed rows': 'no row failed',
		Acknowledge: 'only runs that failed or had errored rows are acknowledged',
		Cancel: 'it has ended',
	});
	const running = executionOf({status: 'running', artifacts: {input: '/i', sql_output: null, report: null}});
	expect(Object.keys(refusals(running))).toEqual(['Download XLS report', 'Download SQL output (ZIP)', 'Rerun failed rows', 'Acknowledge']);
});

test('a download asks where to, is written by the daemon, and then says path, size and how to fetch it', () => {
	const {effects} = after(update, opened, [{type: 'downloadTo', of: executionOf(), artifact: 'report', to: 'out.xlsx'}]);
	expect(asked(effects)).toEqual([['export', executionOf().id, {artifact: 'report', to: '/home/ann/out.xlsx'}]]);
	const [, shown] = update(opened, {type: 'downloaded', written: {path: "/t/a'b.xlsx", bytes: 14_200}}, small);
	expect(JSON.stringify(shown)).toContain('14.2 kB');
	expect(JSON.stringify(shown)).toContain("scp ann@<this machine>:'/t/a'\\\\''b.xlsx' .");
});

test('a live rerun says that it will wait where the connector is not active', () => {
	const around = withConnectors(small, [connectorSummaryOf({status: 'inactive'})], 'production');
	const dialog = rerunDialog(executionOf(), undefined, around);
	expect(dialog.lines).toContain('orders is not active: it will wait in the queue.');
	expect(dialog.typed).toBe('orders');
	expect(rerunDialog(executionOf({mode: 'dry'}), undefined, around).typed).toBeUndefined();
});

test('the cursor stays on its execution when a new one arrives above', () => {
	const state = told(came('c', 'b', 'a'), {type: 'move', how: 'down'});
	const next = update(state, {type: 'heard', changes: {...noChanges, executions: new Map([['d', executionOf({id: 'd'})]])}}, small)[0];
	expect(idsOf(next)).toEqual(['d', 'c', 'b', 'a']);
	expect(under(next)?.id).toBe('b');
});

test('news that the filter leaves out does not appear', () => {
	const state = told({type: 'status', status: 'failed'}, cameTo(1, 'a'));
	const next = update(state, {type: 'heard', changes: {...noChanges, executions: new Map([['d', executionOf({id: 'd'})]])}}, small)[0];
	expect(idsOf(next)).toEqual(['a']);
});

const longPage = (page: number, question = 0): Command => ({
	type: 'came',
	page,
	question,
	list: {
		items: Array.from({length: Math.min(200, 5002 - page * 200)}, (_, index) => executionOf({id: String(99_999 - page * 200 - index)})),
		total: 5002,
		next: null,
	},
});

test('G goes to the last of 5,002, and only the pages in sight are asked for', () => {
	const {state, effects} = after(update, opened, [longPage(0), {type: 'move', how: 'bottom'}]);
	expect(asked(effects)).toEqual([
		['executions', expect.objectContaining({offset: 4800, limit: 200})],
		['executions', expect.objectContaining({offset: 5000, limit: 200})],
	]);
	const last = after(update, state, [longPage(25)]).state;
	expect(under(last)?.id).toBe(String(99_999 - 5001));
	expect(draw(screen.Draw, last, small)).toContain('5,002 of 5,002');
});

test('a text is looked for by the daemon among all, and y names it', () => {
	const {state, effects} = after(update, opened, [longPage(0), {type: 'find', text: "it's"}]);
	expect(asked(effects)).toEqual([['executions', expect.objectContaining({find: "it's", offset: 0})]]);
	expect(screen.commandLine?.(state)).toBe("sluice executions --find 'it'\\''s'");
});

test('what is new while the cursor is far down moves the rows on, and is not counted twice', () => {
	const far = after(update, opened, [longPage(0), {type: 'move', how: 'bottom'}, longPage(25)]).state;
	const changes = {...noChanges, executions: new Map([['99999x', executionOf({id: '99999x'})]])};
	const once = update(far, {type: 'heard', changes}, small)[0];
	expect(under(once)?.id).toBe(under(far)?.id);
	expect(once.executions.total).toBe(5003);
	expect(update(once, {type: 'heard', changes}, small)[0].executions.total).toBe(5003);
});

test.each([
	['80x24', small],
	['120x40', large],
])('the list shows status as glyph and word with its counts at %s', (_size, around) => {
	const frame = draw(screen.Draw, told(came('01a1fc18-12b8-763e-a768-000000000001')), around);
	expect(overflow(frame, around)).toEqual([]);
	expect(frame).toMatch(/✓ completed orders +.*live +9 +1 +0 +0 .*9 min ago/);
	expect(frame).toContain('1 of 1');
});

test('an empty list says why and what to do next', () => {
	expect(draw(screen.Draw, told(came()), small)).toContain('Nothing has run yet');
	expect(draw(screen.Draw, told({type: 'status', status: 'failed'}, cameTo(1)), small)).toContain(
		'No failed execution; f, v, b and i change what is shown.',
	);
});
