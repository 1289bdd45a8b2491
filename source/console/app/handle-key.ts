import type {Key} from '../keys/key.js';
import {commanded} from './command.js';
import {pressedInOverlay} from './handle-overlay-key.js';
import {keyboardNow} from './keyboards.js';
import type {App, Done} from './state.js';
import {topOf} from './state.js';
import {isSilentYet, kept, mustWait} from './type-ahead.js';
import {andThen, done, tell} from './views.js';

/**
 * A key or a paste: to the overlay that has the keys, to the text field of a screen, or looked up in the key table. One that works on
 * what the daemon has not told yet waits, and those after it wait their turn; Esc and Ctrl-C wait for nothing and forget them.
 */
export function pressed(app: App, key: Key): Done {
	if (key.type === 'key' && key.name === 'ctrl-c') return interrupted({...app, early: null});
	const calm = app.leaving ? {...app, leaving: false, message: null} : app;
	if (key.type === 'key' && key.name === 'escape') return acted({...calm, early: null}, key);
	return calm.early === null ? acted(calm, key) : done(kept(calm, key));
}

/** The keys that waited, once what they work on has come. They were meant for the screen they were pressed on, and no other. */
export function handedOn(app: App): Done {
	const {early} = app;
	if (early === null) return done(app);
	const calm = {...app, early: null};
	if (topOf(app)?.id !== early.view) return done(calm);
	const {app: next, orders} = early.keys.reduce<Done>((so, key) => andThen(so, (now) => pressed(now, key)), done(calm));
	return {app: next.early === null ? next : {...next, early: {...next.early, late: early.late}}, orders};
}

function acted(calm: App, key: Key): Done {
	if (calm.overlay?.kind === 'palette' && key.type === 'key' && key.name === 'enter' && isSilentYet(calm)) return done(kept(calm, key));
	if (calm.overlay) return pressedInOverlay(calm, calm.overlay, key);
	const typed = typedInto(calm, key);
	if (typed) return typed;
	if (key.type === 'paste') return done({...calm, message: {text: 'Nothing here takes a pasted text', tone: 'muted'}});
	const command = keyboardNow(calm).commandOf(key.name);
	if (command === null) return done(calm);
	return mustWait(calm, command) ? done(kept(calm, key)) : commanded({...calm, message: null}, command);
}

function typedInto(app: App, key: Key): Done | null {
	const view = topOf(app);
	if (!view?.screen.typing?.(view.state)) return null;
	const {screen, state, id} = view;
	const command =
		key.text === '' && key.type === 'key' ? (screen.onEdit?.(state, key.name) ?? null) : (screen.onText?.(state, key.text) ?? null);
	if (command !== null) return tell(app, id, command);
	return key.text === '' ? null : done(app);
}

function interrupted(app: App): Done {
	if (app.leaving) return done(app, {order: 'quit'});
	return done({
		...app,
		leaving: true,
		message: {text: 'Ctrl-C again leaves the console; the daemon and its executions go on', tone: 'warning'},
	});
}
