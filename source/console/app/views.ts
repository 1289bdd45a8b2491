import {editOf, emptyEdit} from '../components/text-edit.js';
import type {Effect} from '../screens/effect.js';
import type {Place} from '../screens/place.js';
import type {AnyScreen, Step} from '../screens/screen.js';
import {screenContext} from './screen-context.js';
import type {App, AppEffect, Done, View} from './state.js';
import {topOf} from './state.js';
import {asksFor, hears, settled} from './type-ahead.js';

export function done(app: App, ...orders: AppEffect[]): Done {
	return {app, orders};
}

/** Does one thing after another, gathering what is to be done outside. */
export function andThen({app, orders}: Done, next: (app: App) => Done): Done {
	const after = next(app);
	return {app: after.app, orders: [...orders, ...after.orders]};
}

/** Opens a screen on top of the others, or in the place of `instead`. */
export function open(app: App, place: Place, instead?: number): Done {
	const screen = app.screens[place.screen];
	if (!screen) return done({...app, message: {text: `There is no screen "${place.screen}"`, tone: 'warning'}});
	const id = app.numbers + 1;
	const step = screen.start(place, screenContext(app));
	const state = recalled(app, screen, place, step[0]);
	const view: View = {id, screen, place, state, opening: new Set()};
	const remembered = forgetting(app, instead);
	const stack = instead === undefined ? [...app.stack, view] : app.stack.map((one) => (one.id === instead ? view : one));
	return andThen(
		applied({...app, remembered, numbers: id, stack, overlay: null}, id, [state, ...(step.slice(1) as Effect<unknown>[])]),
		(next) => done(changed(next, id, settled)),
	);
}

/** Goes back one screen; the first one stays. */
export function back(app: App): Done {
	if (app.stack.length <= 1) return done(app);
	return returned({...remembering(app, app.stack.slice(-1)), stack: app.stack.slice(0, -1), overlay: null, message: null});
}

/** Goes back to the first screen. */
export function backHome(app: App): Done {
	return app.stack.length <= 1
		? done(app)
		: returned({...remembering(app, app.stack.slice(1)), stack: app.stack.slice(0, 1), overlay: null, message: null});
}

/** Keeps what the screens that are left have to know again. */
function remembering(app: App, left: readonly View[]): App {
	const kept = left.flatMap(({screen, place, state}) =>
		screen.memory === undefined ? [] : [[memoryKey(screen, place), screen.memory.of(state)] as const],
	);
	return kept.length === 0 ? app : {...app, remembered: new Map([...app.remembered, ...kept])};
}

/** What a screen had to know again is over when another takes its place. */
function forgetting({remembered, stack}: App, replaced: number | undefined): App['remembered'] {
	const view = stack.find(({id}) => id === replaced);
	if (view === undefined) return remembered;
	const over = memoryKey(view.screen, view.place);
	return new Map([...remembered].filter(([key]) => key !== over));
}

function recalled(app: App, screen: AnyScreen, place: Place, state: unknown): unknown {
	if (screen.memory === undefined) return state;
	const kept = app.remembered.get(memoryKey(screen, place)) ?? null;
	return kept === null ? state : screen.memory.back(state, kept);
}

function memoryKey({name, memory}: AnyScreen, place: Place): string {
	return `${name} ${memory?.keyOf(place) ?? ''}`;
}

function returned(app: App): Done {
	const view = topOf(app);
	const command = view?.screen.returned?.(view.state, screenContext(app)) ?? null;
	return view && command !== null ? tell(app, view.id, command) : done(app);
}

/** Hands an answer to the screen that asked, or what it makes of a refusal; null: the screen makes nothing of it. */
export function told(app: App, id: number, slot: string, command: unknown): Done {
	const heard = changed(app, id, (view) => hears(view, slot));
	return andThen(command === null ? done(heard) : tell(heard, id, command), (next) => done(changed(next, id, settled)));
}

/** Hands a command to a screen, if it is still there. */
export function tell(app: App, id: number, command: unknown): Done {
	const view = app.stack.find((one) => one.id === id);
	if (!view) return done(app);
	return applied(app, id, view.screen.update(view.state, command, screenContext(app)));
}

function applied(app: App, id: number, [state, ...effects]: Step<unknown, unknown>): Done {
	const after = changed(app, id, (view) => ({...view, state}));
	const {app: next, orders} = effects.reduce<Done>((so, effect) => andThen(so, (now) => effected(now, id, effect)), done(after));
	const progress = effects.findLast((effect) => 'progress' in effect);
	if (progress === undefined) return {app: next, orders};
	const questions = effects.flatMap((effect) => ('ask' in effect ? [`${id} ${effect.slot}`] : []));
	const tickets = Object.fromEntries(questions.map((question) => [question, next.waiting[question] ?? 0]));
	return {app: {...next, message: {text: progress.progress, tone: 'busy', end: {on: 'answers', tickets}}}, orders};
}

function changed(app: App, id: number, change: (view: View) => View): App {
	return {...app, stack: app.stack.map((view) => (view.id === id ? change(view) : view))};
}

function effected(app: App, view: number, effect: Effect<unknown>): Done {
	if ('ask' in effect) {
		const ticket = app.numbers + 1;
		const waiting = {...app.waiting, [`${view} ${effect.slot}`]: ticket};
		const asked = changed(app, view, (one) => asksFor(one, effect.slot));
		return done({...asked, numbers: ticket, waiting}, {order: 'ask', view, ticket, ask: effect});
	}
	if ('go' in effect) return open(app, effect.go);
	if ('replace' in effect) return open(app, effect.replace, view);
	if ('back' in effect) return topOf(app)?.id === view ? back(app) : done({...app, stack: app.stack.filter(({id}) => id !== view)});
	if ('confirm' in effect)
		return done({...app, overlay: {kind: 'confirm', view, confirmation: effect.confirm, edit: emptyEdit, chosen: false}});
	if ('menu' in effect) {
		const {title, choices} = effect.menu;
		const cursor = Math.max(
			0,
			choices.findIndex(({refused}) => refused === undefined),
		);
		return done({...app, overlay: {kind: 'menu', view, title, choices, cursor}});
	}
	if ('prompt' in effect) {
		const {label, text, entered, typed} = effect.prompt;
		return done({...app, overlay: {kind: 'prompt', view, label, edit: editOf(text), entered, typed: typed ?? null}});
	}
	if ('show' in effect) return done({...app, overlay: {kind: 'show', ...effect.show, top: 0}});
	if ('progress' in effect) return done(app);
	if ('say' in effect) {
		const {say: text, tone = 'normal', as: fact} = effect;
		return done({...app, message: text === '' ? null : {text, tone, ...(fact && {end: {on: 'news', fact}})}});
	}
	if ('copy' in effect) return done(app, {order: 'copy', text: effect.copy, what: effect.what});
	if ('edit' in effect) return done(app, {order: 'edit', file: effect.edit.file, line: effect.edit.line});
	return done(app, {order: 'complete', view, path: effect.completePath, completed: effect.completed});
}
