import {expect, test} from 'vitest';
import {lineEntered} from '../../source/console/accessible/line.js';
import {spokenMenu} from '../../source/console/accessible/spoken.js';
import {begin} from '../../source/console/app/begin.js';
import {type App, type AppEffect, topOf} from '../../source/console/app/state.js';
import {update} from '../../source/console/app/update.js';
import {open} from '../../source/console/app/views.js';
import type {Place} from '../../source/console/screens/place.js';
import {SluiceError} from '../../source/model/errors.js';
import {connectorSummaryOf, noChanges, small, withConnectors} from './screens/support/around.js';

/* A key pressed before a screen's first answers: it waits for them, acts, or is said to wait. Never is it dropped in silence. */

const heard = (heardAt: number) => ({...withConnectors(small, [connectorSummaryOf()]).live, heardAt});

type Asking = AppEffect & {readonly order: 'ask'};

/** The console with its orders, answered by hand. */
class Desk {
	app: App = begin({user: 'ann', workspaceDir: '/w', folder: '/w', environment: {}, columns: 80, rows: 24, now: 0, overrides: {}});
	readonly #asked: Asking[] = [];

	at(place: Place): this {
		return this.#take(open({...this.app, live: heard(1)}, place));
	}

	press(...names: string[]): this {
		for (const name of names) this.#take(update(this.app, {type: 'key', key: {type: 'key', name, text: name.length === 1 ? name : ''}}));
		return this;
	}

	/** A line of --accessible. */
	line(text: string): this {
		return this.#take(lineEntered(this.app, text));
	}

	/** Answers the oldest question asked by this method. */
	answer(method: string, answered: unknown): this {
		const {view, ticket, ask} = this.#next(method);
		return this.#take(update(this.app, {type: 'answered', view, ticket, slot: ask.slot, command: ask.answered(answered as never)}));
	}

	refuse(method: string, error: SluiceError): this {
		const {view, ticket, ask} = this.#next(method);
		return this.#take(update(this.app, {type: 'refused', view, ticket, slot: ask.slot, error, command: ask.failed?.(error) ?? null}));
	}

	get screen(): string | undefined {
		return topOf(this.app)?.screen.name;
	}

	#next(method: string): Asking {
		const at = this.#asked.findIndex(({ask}) => ask.ask === method);
		const [found] = this.#asked.splice(at, at < 0 ? 0 : 1);
		if (!found) throw new Error(`nobody asked for ${method}`);
		return found;
	}

	#take({app, orders}: {app: App; orders: readonly AppEffect[]}): this {
		this.app = app;
		this.#asked.push(...orders.filter((order) => order.order === 'ask'));
		return this;
	}
}

const detail = {api_name: 'items', status: 'operational', problems: [], queued: 0, running: 0};
const tables = {items: [{table: 'sql:items', rows: 2}]};
const rows = {
	items: [
		{row: 1, values: {}},
		{row: 2, values: {}},
	],
	total: 2,
};
const executionLike = {id: 'e-1', stages: [], mode: 'live'};

test('t on a connector whose answer is on its way asks to deactivate as soon as it is there', () => {
	const desk = new Desk().at({screen: 'connector', connector: 'items'}).press('t');
	expect(desk.app.overlay).toBeNull();
	expect(desk.answer('connector', detail).app.overlay).toMatchObject({kind: 'confirm'});
});

test('Enter in tables waits for the tables, then for their rows, and opens the row the keys before it went to', () => {
	const desk = new Desk().at({screen: 'tables', execution: 'e-1'}).press('down', 'enter');
	desk.answer('tables', tables).answer('execution', executionLike);
	expect(desk.screen).toBe('tables');
	expect(desk.answer('rows', rows).screen).toBe('row');
	expect(topOf(desk.app)?.place).toMatchObject({row: 2});
});

test('rows that are asked for in another order are waited for as the first ones were', () => {
	const desk = new Desk().at({screen: 'tables', execution: 'e-1'});
	desk.answer('tables', tables).answer('execution', executionLike).answer('rows', rows).press('s', 'down', 'enter');
	expect(desk.screen).toBe('tables');
	expect(topOf(desk.answer('rows', rows).app)?.place).toMatchObject({screen: 'row', row: 2});
});

test('keys for the screen that an early key opens wait for that one’s answers in turn', () => {
	const desk = new Desk().at({screen: 'tables', execution: 'e-1'}).press('enter', 'left', 'q');
	desk.answer('tables', tables).answer('execution', executionLike).answer('rows', rows);
	expect(desk.screen).toBe('row');
	desk.answer('explain', {row: 1, scope: 'items', intake: {line: 2, text: 'A,a'}, sql: {table: 'items', values: {}}, diff: null});
	expect(desk.screen).toBe('tables');
});

test('Esc acts at once and forgets what waits; what needs no answer acts at once', () => {
	const desk = new Desk().at({screen: 'home'}).at({screen: 'connector', connector: 'items'});
	expect(desk.press('?').app.overlay).toMatchObject({kind: 'help'});
	expect(desk.press('escape', 't', 'escape').screen).toBe('home');
	expect(desk.answer('connector', detail).app).toMatchObject({overlay: null, early: null});
});

test('a refusal is an answer: the key is handed on, and the daemon’s words stay', () => {
	const desk = new Desk().at({screen: 'connector', connector: 'gone'}).press('right');
	desk.refuse('connector', new SluiceError('usage.unknown', 'There is no connector "gone"'));
	expect(desk.app.early).toBeNull();
	expect(topOf(desk.app)?.state).toMatchObject({tab: 'executions', detail: {error: {code: 'usage.unknown'}}});
});

test('a key that waits long is said to wait', () => {
	const desk = new Desk().at({screen: 'connector', connector: 'items'}).press('t');
	expect(desk.app.early).toMatchObject({late: false});
	expect(update(desk.app, {type: 'ticked', now: 300}).app.early).toMatchObject({late: true});
});

test('before the daemon said anything Home waits with its keys, and the palette with its Enter', () => {
	const desk = new Desk().at({screen: 'home'});
	desk.app = {...desk.app, live: small.live};
	desk.press(':', ...'history', 'enter');
	expect(desk.screen).toBe('home');
	expect(topOf(update(desk.app, {type: 'news', live: heard(2), changes: noChanges}).app)?.screen.name).toBe('history');
});

test('a command chosen by name in the palette waits as its key does', () => {
	const desk = new Desk().at({screen: 'connector', connector: 'items'}).press(':', ...'deactivate it', 'enter');
	expect(desk.app.overlay).toMatchObject({kind: 'palette'});
	expect(desk.app.early).not.toBeNull();
	desk.answer('connector', detail);
	expect(desk.app).toMatchObject({early: null, overlay: {kind: 'confirm'}});
});

test('of --accessible a number waits as its key does, and words wait for the first news', () => {
	const desk = new Desk().at({screen: 'connector', connector: 'items'});
	const number = spokenMenu(desk.app).findIndex(({command}) => command === 'toggleActive') + 1;
	desk.line(String(number));
	expect(desk.app.overlay).toBeNull();
	expect(desk.answer('connector', detail).app.overlay).toMatchObject({kind: 'confirm'});
	const silent = new Desk().at({screen: 'home'});
	silent.app = {...silent.app, live: small.live};
	silent.line('queue orders');
	expect(silent.screen).toBe('home');
	const {app} = update(silent.app, {type: 'news', live: heard(2), changes: noChanges});
	expect(topOf(app)?.place).toEqual({screen: 'review', connector: 'orders'});
});

test('what was refused because the daemon was lost is not said any longer when it is back', () => {
	const desk = new Desk().at({screen: 'connectors'});
	desk.app = {...desk.app, live: {...heard(1), lost: {since: 1, message: 'gone', tries: 1}}};
	expect(desk.press('r').app.message?.text).toContain('the daemon does not answer');
	expect(update(desk.app, {type: 'news', live: heard(2), changes: noChanges}).app.message).toBeNull();
});
