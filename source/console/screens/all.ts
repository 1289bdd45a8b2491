import {execution} from './execution/screen.js';
import type {ScreenName} from './place.js';
import type {AnyScreen} from './screen.js';

/** Every screen by its name: a line each. */
export const screens: Readonly<Partial<Record<ScreenName, AnyScreen>>> = {
	execution,
};
