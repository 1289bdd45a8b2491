import {connectors} from './connectors/screen.js';
import {home} from './home/screen.js';
import type {ScreenName} from './place.js';
import type {AnyScreen} from './screen.js';

/** Every screen by its name: a line each. */
export const screens: Readonly<Partial<Record<ScreenName, AnyScreen>>> = {
	home,
	connectors,
};
