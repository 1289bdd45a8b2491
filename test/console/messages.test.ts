import {expect, test} from 'vitest';
import {begin} from '../../source/console/app/begin.js';
import {afterNews, messageLines} from '../../source/console/app/message.js';
import {type App, type AppEffect, topOf} from '../../source/console/app/state.js';
import {update} from '../../source/console/app/update.js';
import {open} from '../../source/console/app/views.js';
import type {Changes, Live} from '../../source/console/live/live.js';
import type {Place} from '../../source/console/screens/place.js';
import {connectorSummaryOf, noChanges, small, withConnectors} from './screens/support/around.js';
import {executionOf, id} from './screens/support/executions.js';

/* A message lives no longer than the fact it tells (SPEC 14). */

const live: Live = {...withConnectors(small, [connectorSummaryOf()]).live, heardAt: 1};
const lost: Live = {...live, lost: {since: 2, message: 'gone', tries: 1}};
const fresh: App = {
	...begin({user: 'ann', workspaceDir: '/w', folder: '/w', environment: {}, columns: 80, rows: 24, now: 0, overrides: {}}),
	live,
};

type Asking = AppEffect & {readonly order: 'ask'};

/** The console at a place, with the questions it asked. */
class Console {
	app: App = fresh;
	readonly #asked: Asking[] = [];

	constructor(place: Place) {
		this.#take(open(open(fresh, {screen: 'home'}).app, place));
	}

	press(...names: string[]): this {
		for (const name of names) this.#take(update(this.app, {type: 'key', key: {type: 'key', name, text: name.length === 1 ? name : ''}}));
		return this;
	}

	answer(method: string, answered: unknown): this {
		const asked = this.#asked.findLast(({ask}) => ask.ask === method);
		if (asked === undefined) throw new Error(`nobody asked for ${method}`);
		const {view, ticket, ask} = asked;
		return this.#take(update(this.app, {type: 'answered', view, ticket, slot: ask.slot, command: ask.answered(answered as never)}));
	}

	news(changes: Partial<Changes> = {}, now: Live = live): this {
		return this.#take(update(this.app, {type: 'news', live: now, changes: {...noChanges, ...changes}}));
	}

	get says(): string | null {
		return this.app.message?.text ?? null;
	}

	#take({app, orders}: {app: App; orders: readonly AppEffect[]}): this {
		this.app = app;
		this.#asked.push(...orders.filter((order): order is Asking => order.order === 'ask'));
		return this;
	}
}

const delivery = {
	...{id: 'd1', kind: 'mail', to: 'ops@example.com', execution: null, state: 'waiting', attempts: 1, last_error: 'HTTP 503'},
	...{next_attempt_at: null, created_at: '2026-11-21T03:00:00.000Z'},
};

test('that the daemon is asked is said until it answers, and how a delivery is until one changes', () => {
	const console = new Console({screen: 'deliveries'});
	console.answer('deliveries', {items: [delivery], total: 1, next: null}).press('r', 'ctrl-y');
	expect(console.news().says).toBe('Asking the daemon to send it again …');
	console.answer('redeliver', delivery);
	expect(console.news().says).toBe('It is waiting (1 attempt so far)');
	expect(console.news({deliveries: true}).says).toBeNull();
});

test('a question whose answer says nothing leaves nothing on the message line', () => {
	const console = new Console({screen: 'problems'});
	console.answer('validate', {problems: []}).press('v');
	expect(console.says).toMatch(/^Checking the files/);
	console.answer('validate', {problems: []});
	expect(console.says ?? '').not.toMatch(/^Checking/);
});

test('what is refused is said as long as it is refused', () => {
	const running = executionOf({status: 'running', ended_at: null});
	const console = new Console({screen: 'execution', execution: id});
	console.answer('execution', running).answer('log', {items: [], total: 0, next: null}).press('x');
	expect(console.says).toBe('Not now: it has not ended');
	console.news({executions: new Map([[id, executionOf({status: 'warning', counts: {...running.counts, errored: 2}})]])});
	expect(console.says).toBeNull();
});

const running = {
	text: 'It is running',
	tone: 'good',
	end: {on: 'news', fact: {execution: id, status: 'running', waiting_for: null}},
} as const;

test('that an execution runs is said until it does not, and not while the daemon is lost', () => {
	const runs = {...live, active: [executionOf({status: 'running'})]};
	expect(afterNews(running, live, runs, noChanges)).toBe(running);
	expect(afterNews(running, live, live, noChanges)).toBe(running);
	expect(afterNews(running, runs, {...live, recent: [executionOf()]}, noChanges)).toBeNull();
	expect(afterNews(running, runs, {...lost, active: runs.active}, noChanges)).toBeNull();
});

test('that a connector is active is said until it is not', () => {
	const active = {
		text: 'orders is operational',
		tone: 'good',
		end: {on: 'news', fact: {connector: 'orders', status: 'operational'}},
	} as const;
	expect(afterNews(active, live, live, noChanges)).toBe(active);
	const inactive = {...live, ...withConnectors(small, [connectorSummaryOf({status: 'inactive'})]).live};
	expect(afterNews(active, live, inactive, noChanges)).toBeNull();
});

test('that the daemon was asked for everything is said until it told it', () => {
	const asked = {text: 'Asked the daemon again', tone: 'muted', end: {on: 'refresh'}} as const;
	expect(afterNews(asked, live, live, noChanges)).toBe(asked);
	expect(afterNews(asked, live, live, {...noChanges, again: true})).toBeNull();
});

test('a message of two lines takes a line of the body, and no more', () => {
	const long = {...fresh, message: {text: 'word '.repeat(30).trim(), tone: 'bad' as const}};
	expect(messageLines(long)).toHaveLength(2);
	expect(messageLines(fresh)).toHaveLength(1);
});

test.each(['~', 'escape'])('decisions on a queue are there again after it was left with %s', (key) => {
	const queue = {
		revision: 3,
		items: ['a', 'b'].map((one) => ({
			...{revision: 3, id: one, queued_at: '2026-11-21T03:00:00.000Z', started_by: 'ann', input_file: `${one}.csv`},
			...{rows: 1, done: null},
		})),
	};
	const console = new Console({screen: 'review', connector: 'orders'});
	console.answer('queue', queue).answer('connector', {...connectorSummaryOf({status: 'inactive'}), lacks: []});
	console.press('c', key);
	expect(topOf(console.app)?.screen.name).toBe('home');
	const again = open(console.app, {screen: 'review', connector: 'orders'}).app;
	expect(topOf(again)?.state).toMatchObject({decisions: {a: 'cancel'}});
	expect(topOf(open(console.app, {screen: 'review', connector: 'others'}).app)?.state).toMatchObject({decisions: {}});
});
