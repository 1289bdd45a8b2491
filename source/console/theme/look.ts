import {createContext, useContext} from 'react';
import type {Sign} from './signs.js';
import {type Theme, themes} from './themes.js';

/** How things are drawn on this terminal: the theme, and whether it can show more than ASCII. */
export type Look = {readonly theme: Theme; readonly unicode: boolean};

export const LookContext = createContext<Look>({theme: themes.dark, unicode: true});

export function useLook(): Look {
	return useContext(LookContext);
}

/** The glyph of a sign as this terminal can show it. */
export function glyphOf({glyph, ascii}: Sign, {unicode}: Look): string {
	return unicode ? glyph : ascii;
}
