import {charactersOf} from '../text/fit.js';

/** A line of text being written: the cursor stands before the character of that number. */
export type TextEdit = {readonly text: string; readonly cursor: number};

export const emptyEdit: TextEdit = {text: '', cursor: 0};

/** A text with the cursor at its end. */
export function editOf(text: string): TextEdit {
	return {text, cursor: charactersOf(text).length};
}

/** The text with something typed or pasted in. Line breaks of a paste become blanks: it is one line. */
export function insert({text, cursor}: TextEdit, typed: string): TextEdit {
	const characters = charactersOf(text);
	const added = charactersOf(typed.replaceAll(/[\r\n\t]+/g, ' ').replaceAll(/\p{Cc}/gu, ''));
	return {text: [...characters.slice(0, cursor), ...added, ...characters.slice(cursor)].join(''), cursor: cursor + added.length};
}

/** The text after an editing key, null when the key edits nothing. The keys of a shell's line. */
export function edit({text, cursor}: TextEdit, key: string): TextEdit | null {
	const characters = charactersOf(text);
	const without = (from: number, to: number): TextEdit => ({
		text: [...characters.slice(0, from), ...characters.slice(to)].join(''),
		cursor: from,
	});
	switch (key) {
		case 'left':
		case 'ctrl-b':
			return {text, cursor: Math.max(0, cursor - 1)};
		case 'right':
		case 'ctrl-f':
			return {text, cursor: Math.min(characters.length, cursor + 1)};
		case 'home':
		case 'ctrl-a':
			return {text, cursor: 0};
		case 'end':
		case 'ctrl-e':
			return {text, cursor: characters.length};
		case 'backspace':
			return cursor === 0 ? {text, cursor} : without(cursor - 1, cursor);
		case 'delete':
			return without(cursor, cursor + 1);
		case 'ctrl-u':
			return without(0, cursor);
		case 'ctrl-k':
			return {text: characters.slice(0, cursor).join(''), cursor};
		case 'ctrl-w':
			return without(wordBefore(characters, cursor), cursor);
		default:
			return null;
	}
}

function wordBefore(characters: readonly string[], cursor: number): number {
	let at = cursor;
	while (at > 0 && characters[at - 1] === ' ') at--;
	while (at > 0 && characters[at - 1] !== ' ') at--;
	return at;
}
