import {edit, editOf, insert, type TextEdit} from '../components/text-edit.js';
import {bindingsOf} from '../keys/bindings.js';
import type {Key} from '../keys/key.js';
import {commanded} from './command.js';
import {paletteEntries} from './palette.js';
import type {PaletteEntry} from './palette-entry.js';
import type {App, Done, Overlay} from './state.js';
import {kept, mustWait} from './type-ahead.js';
import {done, open, tell} from './views.js';

type Of<Kind extends Overlay['kind']> = Overlay & {readonly kind: Kind};

/** A key while something lies over the screen. Esc closes it and never acts (SPEC 14). */
export function pressedInOverlay(app: App, overlay: Overlay, key: Key): Done {
	const name = key.type === 'key' ? key.name : 'paste';
	if (name === 'escape') return closed(app, overlay);
	switch (overlay.kind) {
		case 'help':
		case 'show':
			return done({
				...app,
				overlay: name === 'enter' || name === 'q' || name === '?' ? null : {...overlay, top: scrolled(overlay.top, name)},
			});
		case 'menu':
			return inMenu(app, overlay, name);
		case 'confirm':
			return inDialog(app, overlay, key, name);
		case 'palette':
			return inPalette(app, overlay, key, name);
		default:
			return inLine(app, overlay, key, name);
	}
}

function closed(app: App, overlay: Overlay): Done {
	const calm = {...app, overlay: null};
	if (overlay.kind !== 'find') return done(calm);
	const view = app.stack.find(({id}) => id === overlay.view);
	return view?.screen.find ? tell(calm, overlay.view, view.screen.find.changed(overlay.before)) : done(calm);
}

function scrolled(top: number, name: string): number {
	const by: Readonly<Record<string, number>> = {
		up: -1,
		k: -1,
		down: 1,
		j: 1,
		space: 10,
		pagedown: 10,
		pageup: -10,
		'ctrl-d': 10,
		'ctrl-u': -10,
	};
	return Math.max(0, name === 'home' || name === 'g' ? 0 : top + (by[name] ?? 0));
}

function inMenu(app: App, overlay: Of<'menu'>, name: string): Done {
	const {choices, cursor, view} = overlay;
	const direct = choices.findIndex(({key}, index) => name === key || name === String(index + 1));
	const chosen = name === 'enter' ? choices[cursor] : choices[direct];
	if (chosen) {
		if (chosen.refused !== undefined) return done({...app, message: {text: `Not now: ${chosen.refused}`, tone: 'warning'}});
		return tell({...app, overlay: null}, view, chosen.command);
	}
	const by = name === 'up' || name === 'k' ? -1 : name === 'down' || name === 'j' ? 1 : 0;
	return done({...app, overlay: {...overlay, cursor: (cursor + by + choices.length) % Math.max(1, choices.length)}});
}

function inDialog(app: App, overlay: Of<'confirm'>, key: Key, name: string): Done {
	const {confirmation, view} = overlay;
	const confirmKeys = bindingsOf('dialog', app.overrides).find(({command}) => command === 'confirm')?.keys ?? [];
	if (['left', 'right', 'tab', 'shift-tab'].includes(name)) return done({...app, overlay: {...overlay, chosen: !overlay.chosen}});
	if (name === 'enter' && !overlay.chosen && overlay.edit.text === '') return done({...app, overlay: null});
	if (confirmKeys.includes(name) || (name === 'enter' && overlay.chosen)) {
		const missing = confirmation.typed !== undefined && overlay.edit.text !== confirmation.typed;
		if (missing) return done({...app, message: {text: `Type ${confirmation.typed} first`, tone: 'warning'}});
		return tell({...app, overlay: null}, view, confirmation.yes);
	}
	const next = confirmation.typed === undefined ? null : written(overlay.edit, key, name);
	return done(next ? {...app, overlay: {...overlay, edit: next}} : app);
}

function inPalette(app: App, overlay: Of<'palette'>, key: Key, name: string): Done {
	const entries = paletteEntries(app, overlay.edit.text);
	if (name === 'enter') {
		const entry = entries[overlay.cursor];
		const calm = {...app, overlay: null};
		if (!entry) return done({...calm, message: {text: `Nothing is called "${overlay.edit.text}"`, tone: 'muted'}});
		if ('complete' in entry.does) return done(completed(app, overlay, entry));
		if ('place' in entry.does) return open(calm, entry.does.place);
		return mustWait(calm, entry.does.command) ? done(kept(app, key)) : commanded(calm, entry.does.command);
	}
	if (name === 'tab') {
		const entry = entries[overlay.cursor];
		return done(entry === undefined ? app : completed(app, overlay, entry));
	}
	if (name === 'up' || name === 'shift-tab') return done({...app, overlay: {...overlay, cursor: Math.max(0, overlay.cursor - 1)}});
	if (name === 'down') {
		return done({...app, overlay: {...overlay, cursor: Math.max(0, Math.min(entries.length - 1, overlay.cursor + 1))}});
	}
	if (name === 'backspace' && overlay.edit.text === '') return done({...app, overlay: null});
	const next = written(overlay.edit, key, name);
	return done(next ? {...app, overlay: {...overlay, edit: next, cursor: 0}} : app);
}

/** The line of the palette as the entry has it, to be gone on with. */
function completed(app: App, overlay: Of<'palette'>, {does, words}: PaletteEntry): App {
	return {...app, overlay: {...overlay, edit: editOf('complete' in does ? does.complete : words), cursor: 0}};
}

function inLine(app: App, overlay: Of<'find'> | Of<'prompt'>, key: Key, name: string): Done {
	const view = app.stack.find(({id}) => id === overlay.view);
	if (name === 'enter') {
		const calm = {...app, overlay: null};
		return overlay.kind === 'prompt' ? tell(calm, overlay.view, overlay.entered(overlay.edit.text)) : done(calm);
	}
	const next = written(overlay.edit, key, name);
	if (next === null) return done(app);
	const changed = {...app, overlay: {...overlay, edit: next}};
	if (next.text === overlay.edit.text) return done(changed);
	if (overlay.kind === 'find') return view?.screen.find ? tell(changed, overlay.view, view.screen.find.changed(next.text)) : done(changed);
	return overlay.typed ? tell(changed, overlay.view, overlay.typed(next.text)) : done(changed);
}

function written(text: TextEdit, key: Key, name: string): TextEdit | null {
	return key.text !== '' ? insert(text, key.text) : edit(text, name);
}
