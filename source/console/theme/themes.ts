import type {Tone} from './tones.js';

/** The SGR parameters of each tone; an empty text changes nothing. Of colours the 16 of every terminal alone (SPEC 14). */
export type Theme = {readonly name: ThemeName; readonly says: string; readonly sgr: Readonly<Record<Tone, string>>};

export const themeNames = ['dark', 'light', 'high-contrast', 'colour-blind', 'mono'] as const;
export type ThemeName = (typeof themeNames)[number];

const dark: Theme['sgr'] = {
	normal: '',
	muted: '90',
	strong: '1',
	good: '32',
	warning: '33',
	bad: '1;31',
	busy: '36',
	waiting: '35',
	accent: '36',
	key: '1;36',
	title: '1',
	bar: '7',
	selected: '7',
	marked: '1;33',
	border: '90',
	stale: '1;33',
};

/** Every theme a person can choose. Glyph and word say the same as the colour, so that none is needed. */
export const themes: Readonly<Record<ThemeName, Theme>> = {
	dark: {name: 'dark', says: 'for a dark terminal', sgr: dark},
	light: {
		name: 'light',
		says: 'for a light terminal',
		sgr: {...dark, warning: '1;35', busy: '34', accent: '34', key: '1;34', marked: '1;35', stale: '1;35', waiting: '34'},
	},
	'high-contrast': {
		name: 'high-contrast',
		says: 'no grey, bright colours',
		sgr: {...dark, muted: '', good: '1;92', warning: '1;93', bad: '1;97;41', busy: '1;96', waiting: '1;95', border: '', stale: '1;30;103'},
	},
	'colour-blind': {
		name: 'colour-blind',
		says: 'blue and orange instead of green and red',
		sgr: {...dark, good: '94', warning: '33', bad: '1;30;43', busy: '96', waiting: '37'},
	},
	mono: {
		name: 'mono',
		says: 'no colours at all',
		sgr: {
			...dark,
			muted: '2',
			good: '',
			warning: '1',
			bad: '1;4',
			busy: '',
			waiting: '2',
			accent: '1',
			key: '1',
			marked: '1',
			border: '2',
			stale: '1;4',
		},
	},
};

/** The theme a person starts with: the one they chose, `mono` under NO_COLOR, else `dark`. */
export function themeFor(chosen: string | undefined, environment: Readonly<Record<string, string | undefined>>): Theme {
	if (environment.NO_COLOR) return themes.mono;
	const name = themeNames.find((known) => known === chosen);
	return themes[name ?? 'dark'];
}

/** The theme after this one, for the key that walks through them. */
export function nextTheme({name}: Theme): Theme {
	return themes[themeNames[(themeNames.indexOf(name) + 1) % themeNames.length] ?? 'dark'];
}
