import {editOf} from '../components/text-edit.js';
import type {KeyCommand} from '../keys/table.js';
import {nextTheme, themes} from '../theme/themes.js';
import {refusalOf} from './keyboards.js';
import {screenContext} from './screen-context.js';
import type {App, Done} from './state.js';
import {topOf} from './state.js';
import {andThen, back, backHome, done, tell} from './views.js';

/** What a key command of the screen on top does. Also how the palette and the accessible menu act. */
export function commanded(app: App, command: string): Done {
	const view = topOf(app);
	if (!view) return done(app);
	const refusal = refusalOf(app, command);
	if (refusal !== null)
		return done({...app, message: {text: `Not now: ${refusal}`, tone: 'warning', end: {on: 'refusal', command, refusal}}});
	const own = view.screen.onKey(view.state, command as KeyCommand, screenContext(app));
	if (own !== null)
		return andThen(tell(app, view.id, own), (next) => (command === 'refresh' ? done(next, {order: 'refresh'}) : done(next)));
	switch (command) {
		case 'back':
			return back(app);
		case 'home':
			return backHome(app);
		case 'palette':
			return done({...app, overlay: {kind: 'palette', edit: editOf(''), cursor: 0}});
		case 'help':
			return done({...app, overlay: {kind: 'help', top: 0}});
		case 'refresh':
			return done(app, {order: 'refresh'});
		case 'redraw':
			return done(app, {order: 'redraw'});
		case 'theme': {
			const {name, says} = nextTheme(themes[app.theme]);
			return done({...app, theme: name, message: {text: `Theme ${name}: ${says}`, tone: 'normal'}});
		}
		case 'quit':
			return app.stack.length > 1 ? back(app) : done(app, {order: 'quit'});
		case 'copyCommand':
			return copied(app);
		case 'find': {
			if (!view.screen.find) return done(app);
			const text = view.screen.find.text(view.state);
			return done({...app, overlay: {kind: 'find', view: view.id, edit: editOf(text), before: text}});
		}
		default:
			return done(app);
	}
}

function copied(app: App): Done {
	const view = topOf(app);
	const line = view?.screen.commandLine?.(view.state) ?? null;
	if (line === null) return done({...app, message: {text: 'No command line shows this', tone: 'muted'}});
	return done(app, {order: 'copy', text: line, what: line});
}
