import {expect, test} from 'vitest';
import {type Live, nothingYet} from '../../source/console/live/live.js';
import {glyphOf} from '../../source/console/theme/glyph.js';
import {executionSigns} from '../../source/console/theme/signs.js';
import {themes} from '../../source/console/theme/themes.js';
import {layOutWall} from '../../source/console/wall/layout.js';
import {emptyWall, heard, sampled, samples, successOf} from '../../source/console/wall/model.js';
import {failureLines, headLine, logLines, plainChart, runningLines} from '../../source/console/wall/panels.js';
import type {Execution} from '../../source/model/execution.js';
import {connectorSummaryOf, noChanges, small, withConnectors} from './screens/support/around.js';
import {executionOf, stageOf} from './screens/support/executions.js';

const at = Date.parse('2026-11-21T03:10:00.000Z');
const around = {now: at, look: {theme: themes.mono, unicode: true}, workspace: 'acme', width: 60};
const words = (lines: readonly (readonly {readonly text: string}[])[]): readonly string[] =>
	lines.map((spans) => spans.map(({text}) => text).join(''));

function liveOf(active: readonly Execution[], recent: readonly Execution[] = []): Live {
	return {...nothingYet, active, recent, heardAt: at};
}

const counted = (id: string, created: number): Execution =>
	executionOf({id, status: 'running', ended_at: null, counts: {created, updated: 0, skipped: 0, errored: 0, warnings: 0}});

test('rows that go through load steps become rows a minute, over all executions', () => {
	let wall = heard(emptyWall(at), liveOf([counted('a', 100), counted('b', 0)]), noChanges);
	wall = heard(wall, liveOf([counted('a', 350), counted('b', 50)]), noChanges);
	wall = sampled(wall, at + 6_000);
	expect(wall.rate.at(-1)).toBe(3_000);
	expect(sampled(wall, at + 12_000).rate.slice(-2)).toEqual([3_000, 0]);
	expect(wall.rate).toHaveLength(samples);
});

test('rows of a run that ended between two pictures are counted too', () => {
	const before = heard(emptyWall(at), liveOf([counted('a', 100)]), noChanges);
	const after = heard(before, liveOf([], [{...counted('a', 900), status: 'completed'}]), noChanges);
	expect(sampled(after, at + 60_000).rate.at(-1)).toBe(800);
});

test('the queue is as deep as executions wait, and nothing is claimed of a daemon that is lost', () => {
	const live = liveOf([executionOf({id: 'a', status: 'queued'}), executionOf({id: 'b', status: 'queued'}), counted('c', 1)]);
	const wall = heard(emptyWall(at), live, noChanges);
	expect(sampled(wall, at + 5_000).queue.at(-1)).toBe(2);
	const lost = heard(wall, {...live, lost: {since: at, message: 'gone', tries: 1}}, noChanges);
	expect(sampled(lost, at + 5_000).queue.at(-1)).toBe(0);
	expect(words([headLine(lost, {...around, now: at + 3_000})])[0]).toContain('STALE: shown as of 3.0 s ago');
});

test('success is the share of clean runs among the last twenty of every connector', () => {
	const {live} = withConnectors(small, [
		connectorSummaryOf({api_name: 'a', health: ['completed', 'warning', 'failed']}),
		connectorSummaryOf({api_name: 'b', health: ['completed']}),
	]);
	expect(successOf(live)).toEqual({clean: 3, all: 4, share: 0.75});
	expect(successOf(nothingYet).share).toBeNull();
});

test('what runs stands before what waits, with its progress, its time and what it waits for', () => {
	const running = executionOf({
		id: 'a',
		connector: 'orders',
		status: 'running',
		started_at: '2026-11-21T03:09:50.000Z',
		ended_at: null,
		stages: [stageOf({stage: 'load:1', state: 'running', chunks: 4, chunks_done: 1})],
	});
	const queued = executionOf({id: 'b', connector: 'vendors', status: 'queued', started_at: null, waiting_for: 'activation'});
	const [first = '', second = ''] = words(runningLines(heard(emptyWall(at), liveOf([queued, running]), noChanges), around));
	expect(first).toMatch(/running .*orders.* 25 %.*10\.0 s/);
	expect(second).toMatch(/queued .*vendors.*waits for activation/);
});

test('the last failures say what and when, and good runs are not among them', () => {
	const error = {code: 'sql.failed', message: 'the SQL broke', where: null, expected: null, cure: null};
	const failed = executionOf({id: 'f', connector: 'orders', status: 'failed', ended_at: '2026-11-21T03:00:00.000Z', error} as never);
	const lines = words(failureLines(heard(emptyWall(at), liveOf([], [executionOf(), failed]), noChanges), around));
	expect(lines).toEqual([`${glyphOf(executionSigns.failed, {unicode: true})} orders  10 min ago  the SQL broke`]);
});

test('the newest log lines of all executions stay, oldest first', () => {
	const line = (second: number, message: string) => ({
		at: `2026-11-21T03:00:0${second}.000Z`,
		level: 'info' as const,
		stage: null,
		message,
	});
	const changes = {
		...noChanges,
		logs: new Map([
			['a', [line(3, 'third'), line(1, 'first')]],
			['b', [line(2, 'second')]],
		]),
	};
	const wall = heard(emptyWall(at), liveOf([executionOf({id: 'a', connector: 'orders'})]), changes);
	expect(words(logLines(wall, 2))).toEqual(['03:00:02   second', '03:00:03 orders  third']);
});

test('without more than ASCII the charts are words and bars', () => {
	const [said = '', drawn = ''] = words(plainChart([0, 10, 1_500], 20));
	expect(said).toBe('now 1,500   most 1,500');
	expect(drawn).toMatch(/^[ -~]+$/);
});

test.each([
	[80, 24],
	[120, 40],
	[203, 61],
])('every cell of %i x %i belongs to one panel', (columns, rows) => {
	const cells = Object.values(layOutWall(columns, rows)).flatMap(({left, top, width, height}) =>
		Array.from({length: width * height}, (_, index) => `${left + (index % width)},${top + Math.floor(index / width)}`),
	);
	expect(cells).toHaveLength(columns * rows);
	expect(new Set(cells).size).toBe(columns * rows);
});
