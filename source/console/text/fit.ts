import stringWidth from 'string-width';
import {visible} from '../../text/visible.js';

const graphemes = new Intl.Segmenter('en', {granularity: 'grapheme'});
const plain = /^[\x20-\x7e]*$/;

export type Align = 'left' | 'right';

/** How many cells a text takes. Plain ASCII, by far the most, is not measured. */
export function widthOf(text: string): number {
	return plain.test(text) ? text.length : stringWidth(text);
}

/** The user-perceived characters of a text. */
export function charactersOf(text: string): string[] {
	return plain.test(text) ? [...text] : Array.from(graphemes.segment(text), ({segment}) => segment);
}

/**
 * A text as exactly `width` cells: made harmless, cut with `…`, filled with blanks. A wide character is never cut in half, so
 * columns stay straight (SPEC 14).
 */
export function toWidth(text: string, width: number, align: Align = 'left'): string {
	if (width <= 0) return '';
	const safe = visible(text);
	const taken = widthOf(safe);
	if (taken === width) return safe;
	if (taken < width) return align === 'right' ? ' '.repeat(width - taken) + safe : safe + ' '.repeat(width - taken);
	if (width === 1) return '…';
	if (plain.test(safe)) return `${safe.slice(0, width - 1)}…`;
	let out = '';
	let used = 0;
	for (const character of charactersOf(safe)) {
		const wide = widthOf(character);
		if (used + wide > width - 1) break;
		out += character;
		used += wide;
	}
	return `${out}…${' '.repeat(width - 1 - used)}`;
}

/** The end of a text in at most `width` cells, `…` in front of what is cut: of a path its file and line tell most. */
export function endOf(text: string, width: number): string {
	const characters = charactersOf(visible(text));
	let used = characters.reduce((sum, character) => sum + widthOf(character), 0);
	if (used <= width) return characters.join('');
	let from = 0;
	while (used > width - 1 && from < characters.length) used -= widthOf(characters[from++] ?? '');
	return `…${characters.slice(from).join('')}`;
}

/** A text broken at blanks into lines of at most `width` cells; a word longer than a line is broken inside. An indented line stays indented. */
export function wrap(text: string, width: number): string[] {
	return text.split('\n').flatMap((paragraph) => {
		const indent = /^ */.exec(paragraph)?.[0].slice(0, Math.floor(width / 2)) ?? '';
		return wrapped(paragraph.trimStart(), width - indent.length).map((line) => indent + line);
	});
}

/** As `wrap`; a paragraph that begins with a head, a word and blanks behind it, hangs under what follows the head. */
export function wrapHanging(text: string, width: number): string[] {
	return text.split('\n').flatMap((paragraph) => {
		const head = /^\S+ {2,}/.exec(paragraph)?.[0] ?? '';
		if (head === '' || head.length > width / 2) return wrap(paragraph, width);
		return wrap(paragraph.slice(head.length), width - head.length).map(
			(line, index) => `${index === 0 ? head : ' '.repeat(head.length)}${line}`,
		);
	});
}

function wrapped(text: string, width: number): string[] {
	const lines: string[] = [];
	let line = '';
	for (const word of visible(text).split(' ')) {
		let rest = word;
		if (line !== '' && widthOf(line) + 1 + widthOf(rest) > width) {
			lines.push(line);
			line = '';
		}
		while (widthOf(rest) > width) {
			const head = headOf(rest, width);
			lines.push(head);
			rest = rest.slice(head.length);
		}
		line = line === '' ? rest : `${line} ${rest}`;
	}
	lines.push(line);
	return lines;
}

function headOf(text: string, width: number): string {
	let out = '';
	let used = 0;
	for (const character of charactersOf(text)) {
		used += widthOf(character);
		if (used > width && out !== '') break;
		out += character;
	}
	return out;
}
