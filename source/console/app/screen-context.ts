import {frameLines} from '../components/frame.js';
import type {ScreenContext} from '../screens/screen.js';
import {messageLines} from './message.js';
import type {App} from './state.js';

/** What a screen may know of the console around it. */
export function screenContext(app: App): ScreenContext {
	const {live, columns, rows, now, user, workspaceDir, folder} = app;
	return {live, width: columns, height: rows - frameLines - messageLines(app).length + 1, now, user, workspaceDir, folder};
}
