import type {Place} from '../screens/place.js';

export type PaletteEntry = {
	/** `go`, `do`: what kind of thing it is. */
	readonly kind: 'go' | 'do';
	/** The words of the command line where it has the same. */
	readonly words: string;
	readonly detail: string;
	/** `complete`: it wants a name yet, and becomes the beginning of the line. */
	readonly does: {readonly place: Place} | {readonly command: string} | {readonly complete: string};
};
