import {screenContext} from './screen-context.js';
import type {App} from './state.js';
import {topOf} from './state.js';

/** A key that waits longer than this for an answer is said to wait. */
const lateMs = 300;

/**
 * How long until something on the screen shows another time: a second where ages or running times are shown, else the next minute;
 * less where keys begin to wait.
 */
export function nextTickMs(app: App, now: number): number {
	if (app.early !== null && !app.early.late) return lateMs;
	const view = topOf(app);
	const seconds = app.live.lost !== null || (view?.screen.ticking?.(view.state, screenContext(app)) ?? false);
	return seconds ? 1000 - (now % 1000) : 60_000 - (now % 60_000);
}
