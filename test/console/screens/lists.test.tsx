import {expect, test} from 'vitest';
import type {Delivery, HistoryEntry, ObjectSummary} from '../../../source/api/contract.js';
import {clashes} from '../../../source/console/keys/bindings.js';
import {screens} from '../../../source/console/screens/all.js';
import * as connectorsModel from '../../../source/console/screens/connectors/model.js';
import {connectors as connectorsScreen} from '../../../source/console/screens/connectors/screen.js';
import * as deliveries from '../../../source/console/screens/deliveries/model.js';
import {deliveries as deliveriesScreen} from '../../../source/console/screens/deliveries/screen.js';
import * as history from '../../../source/console/screens/history/model.js';
import {history as historyScreen} from '../../../source/console/screens/history/screen.js';
import * as problems from '../../../source/console/screens/problems/model.js';
import {problems as problemsScreen} from '../../../source/console/screens/problems/screen.js';
import * as records from '../../../source/console/screens/records/model.js';
import {records as recordsScreen} from '../../../source/console/screens/records/screen.js';
import {rowUnder} from '../../../source/console/screens/shared/paged-list.js';
import {connectorSummaryOf, large, small, withConnectors} from './support/around.js';
import {draw, overflow} from './support/draw.js';
import {executionOf} from './support/executions.js';
import {after, asked} from './support/steps.js';

const problem = {file: 'connectors/orders/connector.yaml', line: 3, column: 5, code: 'x', message: '"tpye" is not known', expected: 'type'};
const delivery: Delivery = {
	id: 'd1',
	kind: 'webhook',
	to: 'https://example.com/hook',
	execution: null,
	state: 'failed',
	attempts: 4,
	last_error: 'HTTP 503',
	next_attempt_at: null,
	created_at: '2026-11-21T03:00:00.000Z',
};
const contacts: ObjectSummary = {
	api_name: 'contacts',
	name: 'Contacts',
	identifier: 'email',
	fields: [
		{api_name: 'email', name: 'Email', type: 'email', multiple: false},
		{api_name: 'tier', name: 'Tier', type: 'dropdown', multiple: false},
	],
};

const ofProblems = after(problems.update, problems.start({screen: 'problems'})[0], [{type: 'validated', problems: [problem]}]).state;
const entry: HistoryEntry = {at: '2026-11-21T03:00:00.000Z', who: 'ann', what: 'run', connector: 'orders', detail: {}};
const ofDeliveries = after(deliveries.update, deliveries.start(small)[0], [
	{type: 'came', page: 0, question: 0, list: {items: [delivery], total: 1, next: null}},
]).state;
const historyPage = (page: number, total: number, question = 0): history.Command => ({
	type: 'came',
	page,
	question,
	list: {
		items: Array.from({length: Math.min(200, total - page * 200)}, (_, index) => ({...entry, what: `deed ${total - page * 200 - index}`})),
		total,
		next: null,
	},
});
const startOfHistory = history.start({screen: 'history'}, small)[0];
const ofHistory = after(history.update, startOfHistory, [
	{
		type: 'came',
		page: 0,
		question: 0,
		list: {items: [{...entry, detail: {execution: 'e1', counts: {created: 3}}}], total: 1, next: null},
	},
]).state;
const withObjects = after(records.update, records.start({screen: 'records'})[0], [{type: 'objectsCame', items: [contacts]}]);
const ofRecords = after(records.update, withObjects.state, [
	{
		type: 'came',
		question: 1,
		page: 0,
		list: {items: [{id: 'r1', archived: false, fields: {email: 'ann@x.io', tier: 'Gold'}}], total: 1, next: null},
	},
]).state;

const recordsPage = (page: number, total: number, question: number): records.Command => ({
	type: 'came',
	question,
	page,
	list: {
		items: Array.from({length: Math.min(200, total - page * 200)}, (_, index) => ({
			id: `r${page * 200 + index}`,
			archived: false,
			fields: {email: `r${page * 200 + index}@x.io`},
		})),
		total,
		next: null,
	},
});

test('the end of the history is its oldest entry, and all of it is searched', () => {
	const first = after(history.update, startOfHistory, [historyPage(0, 5002)]).state;
	const end = after(history.update, first, [{type: 'move', how: 'bottom'}]);
	expect(asked(end.effects)).toEqual([
		['history', {connector: undefined, find: undefined, offset: 4800, limit: 200}],
		['history', {connector: undefined, find: undefined, offset: 5000, limit: 200}],
	]);
	const {state} = after(history.update, end.state, [historyPage(25, 5002), historyPage(24, 5002)]);
	expect(rowUnder(state.entries)?.what).toBe('deed 1');
	expect(draw(historyScreen.Draw, state, small)).toContain('5,002 of 5,002');
	const found = after(history.update, state, [{type: 'find', text: "ann's"}]);
	expect(asked(found.effects)).toEqual([['history', {connector: undefined, find: "ann's", offset: 0, limit: 200}]]);
	expect(historyScreen.commandLine?.(found.state)).toBe("sluice history --find 'ann'\\''s'");
	const late = after(history.update, found.state, [historyPage(0, 5002)]).state;
	expect(late.entries.pages.total).toBeNull();
});

test('what is added to the history leaves the cursor on its entry', () => {
	const down = after(history.update, startOfHistory, [historyPage(0, 150), {type: 'move', how: 'down'}]).state;
	expect(rowUnder(down.entries)?.what).toBe('deed 149');
	const refreshed = after(history.update, down, [{type: 'refresh'}]);
	expect(rowUnder(after(history.update, refreshed.state, [historyPage(0, 152, 1)]).state.entries)?.what).toBe('deed 149');
	const top = after(history.update, startOfHistory, [historyPage(0, 150), {type: 'refresh'}, historyPage(0, 152, 1)]).state;
	expect(rowUnder(top.entries)?.what).toBe('deed 152');
});

test('deliveries are paged to the oldest and searched by the daemon', () => {
	const list = {items: Array.from({length: 200}, () => delivery), total: 1400, next: 200};
	const first = after(deliveries.update, deliveries.start(small)[0], [{type: 'came', page: 0, question: 0, list}]).state;
	const end = after(deliveries.update, first, [{type: 'move', how: 'bottom'}]);
	expect(asked(end.effects)).toEqual([['deliveries', {find: undefined, offset: 1200, limit: 200}]]);
	const found = after(deliveries.update, first, [{type: 'find', text: '503'}]);
	expect(asked(found.effects)).toEqual([['deliveries', {find: '503', offset: 0, limit: 200}]]);
	expect(deliveriesScreen.commandLine?.(found.state)).toBe("sluice deliveries --find '503'");
});

test('the last run of a connector is known however many others ran since', () => {
	const last = {...executionOf({status: 'failed'}), id: 'old'};
	const connectors = [connectorSummaryOf({last_execution: 'old', last_run: last}), connectorSummaryOf({api_name: 'never'})];
	const around = withConnectors(small, connectors);
	const sorted = after(
		connectorsModel.update,
		connectorsModel.start(around)[0],
		[...Array.from({length: 3}, () => ({type: 'columnMoved', by: 1}) as const), {type: 'sorted'}, {type: 'sorted'}],
		around,
	).state;
	expect(sorted.shown.map(({api_name: name}) => name)).toEqual(['orders', 'never']);
	expect(draw(connectorsScreen.Draw, sorted, around)).toMatch(/orders +● Operational +✗ \d+ min ago/);
});

test('no key stands for two things on any screen', () => {
	for (const screen of Object.values(screens)) expect(clashes(screen?.scopes ?? []), screen?.name).toEqual([]);
});

test.each([
	['80x24', small],
	['120x40', large],
])('problems, deliveries, history and records fit %s', (_size, around) => {
	const frames = [
		draw(problemsScreen.Draw, ofProblems, around),
		draw(deliveriesScreen.Draw, ofDeliveries, around),
		draw(historyScreen.Draw, ofHistory, around),
		draw(recordsScreen.Draw, ofRecords, around),
	];
	for (const frame of frames) expect(overflow(frame, around)).toEqual([]);
	expect(frames[0]).toContain('! "tpye" is not known');
	expect(frames[1]).toContain('✗ failed');
	expect(frames[1]).toContain('HTTP 503');
	expect(frames[2]).toMatch(/2026-11-21 03:00:00 +ann +run/);
	expect(frames[3]).toMatch(/ann@x\.io +Gold/);
});

test('a problem opens in the editor at its line', () => {
	expect(problems.update(ofProblems, {type: 'edit'}, small)[1]).toEqual({edit: {file: '/w/connectors/orders/connector.yaml', line: 3}});
});

test('nothing wrong is said as such', () => {
	const clean = after(problems.update, ofProblems, [{type: 'validated', problems: []}]).state;
	expect(draw(problemsScreen.Draw, clean, small)).toContain('✓ No problems: everything is valid.');
});

test('a delivery is sent again only after a dialog', () => {
	const [, dialog] = deliveries.update(ofDeliveries, {type: 'askRedeliver'}, small);
	expect(dialog).toMatchObject({confirm: {title: 'Send this webhook again?', yes: {type: 'redeliver', id: 'd1'}}});
	expect(asked(deliveries.update(ofDeliveries, {type: 'redeliver', id: 'd1'}, small).slice(1) as never)).toEqual([['redeliver', 'd1']]);
});

test('an entry of the history leads to its execution', () => {
	expect(history.update(ofHistory, {type: 'open'}, small)[1]).toEqual({go: {screen: 'execution', execution: 'e1'}});
});

test('records are asked for by the daemon’s own search, and older answers dropped', () => {
	expect(asked(withObjects.effects)).toEqual([['records', 'contacts', {archived: false, offset: 0, limit: 200}]]);
	const searched = after(records.update, ofRecords, [{type: 'find', text: 'bo'}]);
	expect(asked(searched.effects)).toEqual([['records', 'contacts', {find: 'bo', archived: false, offset: 0, limit: 200}]]);
	const late = after(records.update, searched.state, [recordsPage(0, 7, 1)]).state;
	expect(late.records.total).toBeNull();
	expect(after(records.update, late, [recordsPage(0, 7, 2)]).state.records.total).toBe(7);
});

test('records scrolled past are let go, however many there are, and those in sight are asked for', () => {
	let {state} = after(records.update, withObjects.state, [recordsPage(0, 1_000_000, 1)]);
	expect(asked(after(records.update, state, [{type: 'move', how: 'bottom'}]).effects)).toEqual([
		['records', 'contacts', {archived: false, offset: 999_800, limit: 200}],
	]);
	for (let turn = 0; turn < 4_000; turn++) {
		const step = after(records.update, state, [{type: 'move', how: 'down'}]);
		const pages = asked(step.effects).map(([, , filter]) => (filter as {readonly offset: number}).offset / 200);
		state = after(
			records.update,
			step.state,
			pages.map((page) => recordsPage(page, 1_000_000, 1)),
		).state;
	}
	expect(records.under(state)?.fields.email).toBe('r4000@x.io');
	expect(state.records.pages.size).toBeLessThanOrEqual(12);
});

test('once a record is archived the place in the list stays, and what is in sight is asked for again', () => {
	const {state} = after(records.update, withObjects.state, [
		recordsPage(0, 1000, 1),
		{type: 'move', how: 'bottom'},
		recordsPage(4, 1000, 1),
		{type: 'move', how: 'up'},
	]);
	const moved = after(records.update, state, [{type: 'recordMoved', said: 'It is archived'}]);
	expect(asked(moved.effects)).toEqual([['records', 'contacts', {archived: false, offset: 800, limit: 200}]]);
	expect(records.under(moved.state)?.fields.email).toBe('r998@x.io');
});

test('a record tells which executions touched it', () => {
	expect(asked(records.update(ofRecords, {type: 'touched'}, small).slice(1) as never)).toEqual([['find', {text: 'ann@x.io', limit: 100}]]);
});
