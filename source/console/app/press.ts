import type {Key} from '../keys/key.js';
import {commanded} from './command.js';
import {keyboardNow} from './keyboards.js';
import {pressedInOverlay} from './press-overlay.js';
import type {App, Done} from './state.js';
import {topOf} from './state.js';
import {done, tell} from './views.js';

/** A key or a paste: to the overlay that has the keys, to the text field of a screen, or looked up in the key table. */
export function pressed(app: App, key: Key): Done {
	if (key.type === 'key' && key.name === 'ctrl-c') return interrupted(app);
	const calm = app.leaving ? {...app, leaving: false, message: null} : app;
	if (calm.overlay) return pressedInOverlay(calm, calm.overlay, key);
	const typed = typedInto(calm, key);
	if (typed) return typed;
	if (key.type === 'paste') return done({...calm, message: {text: 'Nothing here takes a pasted text', tone: 'muted'}});
	const command = keyboardNow(calm).commandOf(key.name);
	return command === null ? done(calm) : commanded({...calm, message: null}, command);
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
