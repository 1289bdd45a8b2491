import {plainNumber} from '../plain-number.js';
import {checkJson} from './check-json.js';

/** The members of an object in their order, as cells: text of strings, digits of numbers, JSON text of what is nested; null is blank. */
export type Members = {
	readonly cells: ReadonlyMap<string, string | null>;
	readonly repeated: readonly string[];
	/** Keys of numbers that keep their exponent, as they would be too long without it. */
	readonly unexpanded: ReadonlySet<string>;
	/** Keys that have, or whose text has, one half of a surrogate pair without the other, which is no character. */
	readonly halves: readonly string[];
	/** Keys of lists whose first element is an object with a key. */
	readonly lists: ReadonlySet<string>;
};

const space = /\s/;

/** Up to here an object is parsed as a whole, which is faster than to look at each character. */
const shortCharacters = 64 * 1024;

/**
 * Takes an object apart without touching its values: a number keeps every digit and loses its exponent, nested values stay JSON text
 * without the blanks between its parts. Of a key that comes twice the last value counts, as in every JSON reader.
 *
 * @throws SyntaxError for what is no valid JSON, `NaN` included
 */
export function membersOf(text: string): Members {
	if (text.length > shortCharacters) checkJson(text);
	else JSON.parse(text);
	// From here on the text is known to be valid, so that looking for the next quote, comma or brace is enough.
	const cells = new Map<string, string | null>();
	const repeated: string[] = [];
	const unexpanded = new Set<string>();
	const lists = new Set<string>();
	let at = skipSpace(text, 1);
	while (text[at] === '"') {
		const keyEnd = stringEnd(text, at);
		const key = JSON.parse(text.slice(at, keyEnd)) as string;
		const start = skipSpace(text, skipSpace(text, keyEnd) + 1);
		const end = valueEnd(text, start);
		if (cells.has(key)) {
			repeated.push(key);
			unexpanded.delete(key);
			lists.delete(key);
		}
		const value = text.slice(start, end);
		const cell = isNumber(value) ? plainNumber(value) : cellOf(value);
		if (cell === null && value !== 'null') unexpanded.add(key);
		if (value.startsWith('[') && cell?.startsWith('[{"')) lists.add(key);
		cells.set(key, cell ?? (value === 'null' ? null : value));
		at = skipSpace(text, end);
		if (text[at] === ',') at = skipSpace(text, at + 1);
	}
	// Only an escape can write one.
	const halves = escapedHalf.test(text) ? [...cells].filter(([key, cell]) => half.test(`${key}\n${cell ?? ''}`)).map(([key]) => key) : [];
	return {cells, repeated, unexpanded, halves, lists};
}

const escapedHalf = /\\u[dD][89a-fA-F]/;
/** With `u`, two halves that belong together are no surrogates. In nested values they stand as escapes still. */
const half = /\p{Surrogate}/u;

function isNumber(value: string): boolean {
	const code = value.charCodeAt(0);
	return code === 0x2d || (code >= 0x30 && code <= 0x39);
}

function cellOf(value: string): string | null {
	if (value === 'null') return null;
	if (value.startsWith('"')) return value.includes('\\') ? (JSON.parse(value) as string) : value.slice(1, -1);
	return value.startsWith('{') || value.startsWith('[') ? compact(value) : value;
}

function skipSpace(text: string, from: number): number {
	let at = from;
	while (at < text.length && text.charCodeAt(at) <= 0x20) at++;
	return at;
}

function stringEnd(text: string, start: number): number {
	let at = start + 1;
	while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
	return at + 1;
}

function valueEnd(text: string, start: number): number {
	if (text[start] === '"') return stringEnd(text, start);
	let depth = 0;
	for (let at = start; ; at++) {
		switch (text[at]) {
			case '"':
				at = stringEnd(text, at) - 1;
				break;
			case '{':
			case '[':
				depth++;
				break;
			case '}':
			case ']':
				if (depth === 0) return at;
				depth--;
				if (depth === 0) return at + 1;
				break;
			case ',':
			case ' ':
			case '\t':
			case '\n':
			case '\r':
				if (depth === 0) return at;
				break;
			default:
		}
	}
}

/** JSON text without the blanks between its parts. */
function compact(text: string): string {
	if (!space.test(text)) return text;
	const parts: string[] = [];
	let joined = '';
	let from = 0;
	for (let at = 0; at < text.length; at++) {
		if (text[at] === '"') at = stringEnd(text, at) - 1;
		else if (text.charCodeAt(at) <= 0x20) {
			parts.push(text.slice(from, at));
			from = at + 1;
			// Why now and then: a piece takes more memory than the few characters in it.
			if (parts.length > 10_000) joined += parts.splice(0).join('');
		}
	}
	return joined + parts.join('') + text.slice(from);
}
