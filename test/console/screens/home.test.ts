import {expect, test} from 'vitest';
import type {NeedsYou} from '../../../source/api/contract.js';
import {needLines, needText} from '../../../source/api/need-lines.js';
import {otherVersion} from '../../../source/api/version.js';
import {headSpans} from '../../../source/console/app/head.js';
import {linesOf, placeOf, start} from '../../../source/console/screens/home/model.js';
import {home} from '../../../source/console/screens/home/screen.js';
import {themes} from '../../../source/console/theme/themes.js';
import {emptyWall} from '../../../source/console/wall/model.js';
import {headLine} from '../../../source/console/wall/panels.js';
import {connectorSummaryOf, small, withConnectors} from './support/around.js';
import {draw, overflow} from './support/draw.js';
import {executionOf} from './support/executions.js';

const need = (kind: NeedsYou['kind'], connector: string, message: string): NeedsYou => ({
	kind,
	connector,
	message,
	execution: null,
	at: null,
});

function needsShown(...needs: NeedsYou[]): readonly (readonly [string, string | null, number])[] {
	const {live} = withConnectors(small, []);
	return linesOf({...live, status: live.status && {...live.status, needs_you: needs}}).flatMap((line) =>
		line.line === 'need' ? [[line.need.kind, line.need.connector, line.many]] : [],
	);
}

test('the problems of one connector are one line, each connector its own', () => {
	const problems = [need('problem', 'orders', 'a'), need('problem', 'prices', 'b'), need('problem', 'orders', 'c')];
	expect(needsShown(...problems)).toEqual([
		['problem', 'orders', 2],
		['problem', 'prices', 1],
	]);
});

test('a daemon of another version is told on Home with the cure, and in the head of every screen', () => {
	const {live} = withConnectors(small, []);
	const around = {...small, live: {...live, otherVersion: otherVersion('0.0.9', '0.1.0'), status: live.status}};
	const frame = draw(home.Draw, start(around)[0], around);
	expect(overflow(frame, around)).toEqual([]);
	expect(frame.replaceAll(/\s+/g, ' ')).toContain(
		'! The daemon of this workspace has version 0.0.9, this command 0.1.0: restart it with `sluice daemon stop`; the next command starts the new one',
	);
	const head = (shown: typeof live) =>
		headSpans({live: shown, workspaceDir: '/w', now: 0})
			.map(({text}) => text)
			.join('');
	expect(head(around.live)).toContain('! version');
	expect(head(live)).not.toContain('version');
});

test('a failed run speaks for the attention its connector needs; another connector keeps its own', () => {
	expect(needsShown(need('failed', 'orders', 'x'), need('attention', 'orders', 'y'), need('attention', 'prices', 'z'))).toEqual([
		['failed', 'orders', 1],
		['attention', 'prices', 1],
	]);
});

test('Home, wall and status count what needs someone alike', () => {
	const needs = [
		need('problem', 'orders', 'connectors/orders/connector.yaml:3:1  a'),
		need('problem', 'orders', 'b'),
		need('failed', 'orders', 'x'),
	];
	const {live} = withConnectors(small, []);
	const status = live.status && {...live.status, needs_you: [...needs, need('attention', 'orders', 'y')]};
	const lines = needLines(status?.needs_you ?? []);
	expect(lines.map(needText)).toEqual(['2 problems, first connector.yaml:3:1  a', 'x']);
	expect(linesOf({...live, status}).filter(({line}) => line === 'need')).toHaveLength(lines.length);
	const wall = {...emptyWall(0), live: {...live, status}};
	const look = {theme: themes.mono, unicode: true};
	const head = headLine(wall, {now: 0, look, workspace: 'acme', width: 120}).map(({text}) => text);
	expect(head.join('')).toContain(`needs someone ${lines.length}`);
});

test('what waits is not counted as running', () => {
	const one = (id: string, status: 'queued' | 'running') => ({
		...executionOf({status}),
		id,
		waiting_for: status === 'queued' ? 'concurrency' : null,
	});
	const around = withConnectors(small, [connectorSummaryOf({queued: 7})]);
	const live = {...around.live, active: [one('b', 'queued'), one('a', 'running')]};
	const frame = draw(home.Draw, start({...around, live})[0], {...around, live});
	expect(frame).toContain('RUNNING NOW  1, 7 waiting');
});

test('what waits for activation is no run: it stands under the queues to review alone', () => {
	const waiting = {...executionOf({status: 'queued'}), waiting_for: 'activation'};
	const next = {...executionOf({status: 'queued'}), id: 'other', waiting_for: 'slot'};
	const lines = linesOf({...withConnectors(small, []).live, active: [waiting, next]});
	expect(lines.flatMap((line) => (line.line === 'running' ? [line.execution.id] : []))).toEqual(['other']);
});

test('500 files that wait are one line that leads to them, beside what runs', () => {
	const one = (id: string, status: 'queued' | 'running', connector = 'orders') => ({
		...executionOf({status, connector}),
		id,
		waiting_for: status === 'queued' ? 'concurrency' : null,
	});
	const active = [one('c', 'queued'), one('b', 'queued'), one('x', 'queued', 'prices'), one('a', 'running')];
	const around = withConnectors(small, [connectorSummaryOf({queued: 499}), connectorSummaryOf({api_name: 'prices', queued: 1})]);
	const lines = linesOf({...around.live, active}).filter(({line}) => line === 'running');
	expect(lines.map((line) => (line.line === 'running' ? [line.execution.id, line.many] : []))).toEqual([
		['a', 1],
		['b', 499],
		['x', 1],
	]);
	expect(lines.map(placeOf)).toEqual([
		{screen: 'execution', execution: 'a'},
		{screen: 'executions', connector: 'orders', status: 'queued'},
		{screen: 'execution', execution: 'x'},
	]);
});

test('webhooks that wait for the end of their window are a line that leads to their connector', () => {
	const gathering = {requests: 3, bytes: 200, queued_at: '2026-11-21T03:11:00.000Z'};
	const hooks = connectorSummaryOf({api_name: 'hooks', gathering});
	const line = linesOf(withConnectors(small, [connectorSummaryOf(), hooks]).live).find((one) => one.line === 'gathering');
	expect(line).toEqual({line: 'gathering', connector: hooks, gathering});
	expect(line && placeOf(line)).toEqual({screen: 'connector', connector: 'hooks'});
});
