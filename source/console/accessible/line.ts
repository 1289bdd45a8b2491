import {commanded} from '../app/command.js';
import {pressed} from '../app/handle-key.js';
import {keyboardNow} from '../app/keyboards.js';
import {paletteEntries} from '../app/palette.js';
import {type App, type Done, topOf} from '../app/state.js';
import {isSilentYet, kept, mustWait} from '../app/type-ahead.js';
import {andThen, done, open, tell} from '../app/views.js';
import {editOf} from '../components/text-edit.js';
import type {Binding} from '../keys/table.js';
import {spokenMenu} from './spoken.js';

const press =
	(name: string, text = ''): ((app: App) => Done) =>
	(app) =>
		pressed(app, {type: 'key', name, text});

/**
 * A line the person typed: the number of a command, its name or key (`down`, `j`), an answer to what is asked, or words of the palette such as `connectors` or
 * `show 0193`. An empty line reads the screen again.
 */
export function lineEntered(app: App, line: string): Done {
	const text = line.trim();
	if (app.overlay) return answered(app, text);
	const view = topOf(app);
	if (view?.screen.typing?.(view.state) && text !== '' && !/^\d+$/.test(text)) {
		const command = view.screen.onText?.(view.state, text) ?? null;
		return command === null ? done(app) : tell(app, view.id, command);
	}
	if (text === '') return done(app);
	const chosen = /^\d+$/.test(text) ? spokenMenu(app)[Number(text) - 1] : undefined;
	if (chosen) return commandedOrKept(app, chosen);
	const named = keyboardNow(app).bindings.find(({label, keys}) => label === text || keys.includes(text));
	if (named) return commandedOrKept(app, named);
	const palette: App = {...app, overlay: {kind: 'palette', edit: editOf(text), cursor: 0}};
	if (isSilentYet(app)) return press('enter')(palette);
	const [entry] = paletteEntries(app, text);
	if (!entry) return done({...app, message: {text: `Nothing is called "${text}"`, tone: 'muted'}});
	if ('complete' in entry.does) return done({...app, message: {text: `It wants a name: ${entry.words}`, tone: 'muted'}});
	if ('place' in entry.does) return open(app, entry.does.place);
	const {command} = entry.does;
	const binding = keyboardNow(app).bindings.find((one) => one.command === command);
	return binding ? commandedOrKept(app, binding) : commanded({...app, message: null}, command);
}

/** Does it, or keeps it, as its key, until what it works on is there. */
function commandedOrKept(app: App, {command, keys: [name = '']}: Binding): Done {
	return mustWait(app, command) ? done(kept(app, {type: 'key', name, text: ''})) : commanded({...app, message: null}, command);
}

function answered(app: App, text: string): Done {
	const {overlay} = app;
	switch (overlay?.kind) {
		case 'menu': {
			const choice = overlay.choices[Number(text) - 1];
			if (!choice || choice.refused !== undefined)
				return done({...app, overlay: null, message: {text: choice ? `Not now: ${choice.refused}` : 'Left it', tone: 'muted'}});
			return tell({...app, overlay: null}, overlay.view, choice.command);
		}
		case 'confirm': {
			const meant = text === (overlay.confirmation.typed ?? 'yes');
			return meant
				? tell({...app, overlay: null}, overlay.view, overlay.confirmation.yes)
				: done({...app, overlay: null, message: {text: 'Left it', tone: 'muted'}});
		}
		case 'find': {
			const view = app.stack.find(({id}) => id === overlay.view);
			return view?.screen.find
				? tell({...app, overlay: null}, overlay.view, view.screen.find.changed(text))
				: done({...app, overlay: null});
		}
		case 'prompt':
			return andThen(done({...app, overlay: {...overlay, edit: editOf(text)}}), press('enter'));
		default:
			return done({...app, overlay: null, early: null});
	}
}
