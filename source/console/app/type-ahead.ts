import type {Key} from '../keys/key.js';
import type {App, Early, View} from './state.js';
import {topOf} from './state.js';

/** Commands of every screen that need no answer of the daemon: they act at once. */
const actsAtOnce: ReadonlySet<string> = new Set(['back', 'palette', 'help', 'redraw', 'theme', 'home', 'quit', 'refresh']);

/** Keys kept are few: a person types ahead a word, a cat on the keyboard more. */
const mostKeys = 256;

/** Whether the daemon has yet to say anything at all. One that is lost is not waited for. */
export function isSilentYet({live}: App): boolean {
	return live.heardAt === null && live.lost === null;
}

/** Whether what a command works on has yet to come: the first news, the first answers of the screen, the rows under its cursor. */
export function mustWait(app: App, command: string): boolean {
	const view = topOf(app);
	if (view === null || actsAtOnce.has(command)) return false;
	return isSilentYet(app) || view.opening !== null || (view.screen.waits?.(view.state, command) ?? false);
}

/** Keeps a key until what it works on is there; it is handed on in the order it was pressed. */
export function kept(app: App, key: Key): App {
	const view = topOf(app);
	if (view === null) return app;
	const early: Early = app.early ?? {view: view.id, keys: [], late: false};
	if (early.keys.length === mostKeys)
		return {...app, message: {text: 'Too many keys wait for the daemon: this one is dropped', tone: 'warning'}};
	return {...app, early: {...early, keys: [...early.keys, key]}};
}

/** A view that asks for something before its first answers are there: they wait for this one too. */
export function asksFor(view: View, slot: string): View {
	return view.opening === null ? view : {...view, opening: new Set([...view.opening, slot])};
}

/** A view after one of its questions was answered, or refused. */
export function hears(view: View, slot: string): View {
	return view.opening === null ? view : {...view, opening: new Set([...view.opening].filter((one) => one !== slot))};
}

/** A view that waits for nothing more: its first answers are there for good, whatever it asks later. */
export function settled(view: View): View {
	return view.opening?.size === 0 ? {...view, opening: null} : view;
}
