import {expect, test} from 'vitest';
import {rerunDialog} from '../../../source/console/screens/execution-acts/dialogs.js';
import {executionMenu} from '../../../source/console/screens/execution-acts/menu.js';
import {type Command, rowsShown, type State, start, under, update} from '../../../source/console/screens/executions/model.js';
import {executions as screen} from '../../../source/console/screens/executions/screen.js';
import {connectorSummaryOf, large, noChanges, small, withConnectors} from './support/around.js';
import {draw, overflow} from './support/draw.js';
import {executionOf} from './support/executions.js';
import {after, asked} from './support/steps.js';

const [opened] = start({screen: 'executions'});
const came = (...ids: string[]): Command => ({
	type: 'came',
	offset: 0,
	list: {items: ids.map((id) => executionOf({id})), total: ids.length, next: null},
});
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
		Acknowledge: 'only failed runs are acknowledged',
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
	expect(rowsShown(next).map(({id}) => id)).toEqual(['d', 'c', 'b', 'a']);
	expect(under(next)?.id).toBe('b');
});

test('news that the filter leaves out does not appear', () => {
	const state = told({type: 'status', status: 'failed'}, came('a'));
	const next = update(state, {type: 'heard', changes: {...noChanges, executions: new Map([['d', executionOf({id: 'd'})]])}}, small)[0];
	expect(rowsShown(next)).toHaveLength(1);
});

test('older executions are fetched as the cursor comes near the end', () => {
	const list = {items: [executionOf({id: 'b'})], total: 2, next: 1};
	const {effects} = after(update, opened, [
		{type: 'came', offset: 0, list},
		{type: 'move', how: 'down'},
	]);
	expect(asked(effects)).toEqual([['executions', expect.objectContaining({offset: 1, limit: 200})]]);
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
	expect(draw(screen.Draw, told({type: 'status', status: 'failed'}, came()), small)).toContain(
		'No failed execution; f, v, b and i change what is shown.',
	);
});
