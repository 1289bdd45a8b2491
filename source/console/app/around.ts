import {frameLines} from '../components/frame.js';
import type {Surroundings} from '../screens/screen.js';
import type {App} from './state.js';

/** What a screen may know of the console around it. */
export function aroundOf({live, columns, rows, now, user, workspaceDir, folder}: App): Surroundings {
	return {live, width: columns, height: rows - frameLines, now, user, workspaceDir, folder};
}
