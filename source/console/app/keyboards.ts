import {type Keyboard, keyboardOf} from '../keys/bindings.js';
import type {KeyCommand} from '../keys/table.js';
import {screenContext} from './screen-context.js';
import type {App} from './state.js';
import {topOf} from './state.js';

/** Commands that start or change something: they wait for the daemon. */
const needsDaemon: ReadonlySet<string> = new Set([
	'run',
	'dryRun',
	'toggleActive',
	'activate',
	'cancel',
	'redeliver',
	'validate',
	'menu',
	'archiveRecord',
]);

/** The keyboard of the screen on top. */
export function keyboardNow(app: App): Keyboard {
	return keyboardOf(topOf(app)?.screen.scopes ?? [], app.overrides);
}

/** Why a command cannot be used now, null when it can. */
export function refusalOf(app: App, command: string): string | null {
	const view = topOf(app);
	if (!view) return null;
	if (app.live.lost && needsDaemon.has(command)) return 'the daemon does not answer; actions wait for it';
	return view.screen.refused?.(view.state, command as KeyCommand, screenContext(app)) ?? null;
}
