import type {Sign} from './signs.js';
import type {Theme} from './themes.js';

/** How things are drawn on this terminal: the theme, and whether it can show more than ASCII. */
export type Look = {readonly theme: Theme; readonly unicode: boolean};

/** The glyph of a sign as this terminal can show it. */
export function glyphOf({glyph, ascii}: Sign, {unicode}: Pick<Look, 'unicode'>): string {
	return unicode ? glyph : ascii;
}
