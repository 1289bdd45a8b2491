import {isProduction} from '../../live/live.js';
import type {ScreenContext} from '../screen.js';

/** The word a dialog asks for before a live run or a cancel: the connector's name on a production workspace, nothing elsewhere (SPEC 14). */
export function typedName(connector: string, {live}: Pick<ScreenContext, 'live'>): {readonly typed?: string} {
	return isProduction(live) ? {typed: connector} : {};
}

/** The same as the daemon wants to hear it. */
export function confirmedName(connector: string, {live}: Pick<ScreenContext, 'live'>): string | null {
	return isProduction(live) ? connector : null;
}
