import {createContext, useContext} from 'react';
import type {Look} from './glyph.js';
import {themes} from './themes.js';

export const LookContext = createContext<Look>({theme: themes.dark, unicode: true});

export function useLook(): Look {
	return useContext(LookContext);
}
