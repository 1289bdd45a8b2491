import {expect, test} from 'vitest';
import type {ConnectorDetail, ConnectorStatus} from '../../../source/api/contract.js';
import {type Command, fieldsShown, type State, start, update, whatHappens} from '../../../source/console/screens/run/model.js';
import {run as screen} from '../../../source/console/screens/run/screen.js';
import {SluiceError} from '../../../source/model/errors.js';
import {connectorSummaryOf, large, small, withConnectors} from './support/around.js';
import {draw, overflow} from './support/draw.js';
import {executionOf} from './support/executions.js';
import {after, asked} from './support/steps.js';

const opened = (mode: 'live' | 'dry') => start({screen: 'run', connector: 'orders', mode})[0];
const detailOf = (status: ConnectorStatus, ...lacks: string[]): Command => ({
	type: 'detailCame',
	detail: {
		...connectorSummaryOf({status}),
		description: null,
		operation: 'import',
		lacks,
		file: '/w/c.yaml',
		configuration: null,
		next_runs: [],
	} satisfies ConnectorDetail,
});
const told = (mode: 'live' | 'dry', ...commands: Command[]): State => after(update, opened(mode), commands).state;

test('a dry run of the sample is started with exactly what is on the screen', () => {
	const {effects, state} = after(update, told('dry', detailOf('setup')), [{type: 'submit'}]);
	expect(asked(effects)).toEqual([
		['run', {connector: 'orders', input: null, mode: 'dry', diff_check: false, accept_incomplete: false, notify: null, confirm: null}],
	]);
	expect(state.sent).toBe(true);
});

test('a relative path is sent as the daemon sees it', () => {
	const {effects} = after(update, told('live', detailOf('operational'), {type: 'typed', text: 'in.csv'}), [{type: 'submit'}]);
	expect(asked(effects)[0]?.[1]).toMatchObject({input: '/home/ann/in.csv', mode: 'live'});
});

test('a live run of an inactive connector says that it will wait', () => {
	const state = told('live', detailOf('inactive'), {type: 'typed', text: 'in.csv'});
	expect(whatHappens(state).join(' ')).toContain('inactive: it will wait in the queue until the connector is activated.');
});

test('on production a live run asks for the connector’s name first, a dry run does not', () => {
	const around = withConnectors(small, [], 'production');
	expect(update(told('live', detailOf('operational')), {type: 'submit'}, around)[1]).toMatchObject({confirm: {typed: 'orders'}});
	expect(asked(update(told('dry', detailOf('operational')), {type: 'submit'}, around).slice(1) as never)).toHaveLength(1);
});

test('an incomplete connector runs dry only when that is said', () => {
	const state = told('dry', detailOf('setup', 'no load steps'));
	expect(fieldsShown(state)).toContain('incomplete');
	const asking = after(update, state, [{type: 'submit'}]);
	expect(asked(asking.effects)).toEqual([]);
	expect(asked(after(update, asking.state, [{type: 'choose'}, {type: 'submit'}]).effects)[0]?.[1]).toMatchObject({accept_incomplete: true});
});

test('a path is completed as far as all files agree, and those are listed', () => {
	const state = told('dry', detailOf('setup'), {type: 'typed', text: 'da'}, {type: 'found', paths: ['data/a.csv', 'data/b.csv']});
	expect(state.input.text).toBe('data/');
	expect(draw(screen.Draw, state, small)).toContain('data/b.csv');
});

test('the input of an earlier execution is run once more as the daemon kept it; typing lets it go', () => {
	const execution = executionOf().id;
	const inputs = [{execution, name: 'orders.csv', at: '2026-11-21T03:00:00.000Z'}];
	const asking = update(told('dry', detailOf('operational'), {type: 'recentCame', inputs}), {type: 'complete'}, small);
	expect(asking[1]).toMatchObject({
		menu: {choices: [{label: `orders.csv  2026-11-21 03:00 UTC  ${execution.slice(0, 13)}`, command: {type: 'take', input: inputs[0]}}]},
	});
	const taken: Command[] = [detailOf('operational'), {type: 'take', input: {execution, name: 'orders.csv', at: ''}}];
	const state = told('dry', ...taken);
	expect(draw(screen.Draw, state, small)).toContain(`Reads orders.csv once more, the input of execution ${execution.slice(0, 13)}`);
	expect(screen.commandLine?.(state)).toContain(`sluice run orders --input-of ${execution} --dry-run`);
	expect(asked(after(update, state, [{type: 'submit'}]).effects)[0]?.[1]).toMatchObject({input: null, input_of: execution});
	expect(told('dry', ...taken, {type: 'edited', key: 'left'}).kept).not.toBeNull();
	expect(told('dry', ...taken, {type: 'edited', key: 'backspace'})).toMatchObject({kept: null, input: {text: ''}});
	const typed = told('dry', ...taken, {type: 'typed', text: 'in.csv'});
	const [, request] = asked(after(update, typed, [{type: 'submit'}]).effects)[0] ?? [];
	expect(request).toMatchObject({input: '/home/ann/in.csv'});
	expect(request).not.toHaveProperty('input_of');
});

test('an answer leads to the execution; a refusal stays here in full', () => {
	expect(update(told('dry'), {type: 'started', execution: executionOf()}, small)[1]).toEqual({
		replace: {screen: 'execution', execution: executionOf().id},
	});
	const refused = told('dry', detailOf('setup'), {
		type: 'refused',
		error: new SluiceError('internal', 'in.csv is not there', {cure: 'Check the path.'}),
	});
	expect(draw(screen.Draw, refused, small)).toContain('Check the path.');
});

test.each([
	['80x24', small],
	['120x40', large],
])('the dialog says before Enter what Enter will do at %s', (_size, around) => {
	const frame = draw(screen.Draw, told('dry', detailOf('setup', 'a sample file')), around);
	expect(overflow(frame, around)).toEqual([]);
	expect(frame).toContain('(•) dry: nothing is written');
	expect(frame).toContain('does everything but write. Nothing changes.');
	expect(frame).toContain('a sample file');
});

test.each([
	['80x24', small, 9],
	['120x40', large, 19],
])('paths that do not fit are counted at %s', (_size, around, least) => {
	const paths = Array.from({length: 19}, (_, index) => `in/file-${index + 10}.csv`);
	const state = told('dry', detailOf('operational'), {type: 'found', paths});
	const frame = draw(screen.Draw, state, around);
	expect(overflow(frame, around)).toEqual([]);
	const shown = paths.filter((path) => frame.includes(path)).length;
	expect(shown).toBeGreaterThanOrEqual(least);
	if (shown < 19) expect(frame).toContain(`… and ${19 - shown} more`);
});
