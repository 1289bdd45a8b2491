/** Arrays and objects within one another; deeper ones are no data. */
export const mostDepth = 100_000;

const literals = ['true', 'false', 'null'] as const;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/**
 * Whether a text is one valid JSON value (RFC 8259), without making anything of it: `JSON.parse` takes fifty times a nested text's length in
 * memory.
 *
 * @throws SyntaxError with the place
 */
export function checkJson(text: string): void {
	const open: string[] = [];
	let at = space(text, 0);
	for (;;) {
		const character = text[at];
		if (character === '{' || character === '[') {
			if (open.length >= mostDepth) throw new SyntaxError(`it is nested more than ${mostDepth} deep`);
			open.push(character);
			at = space(text, at + 1);
			if (text[at] !== closing(character)) {
				if (character === '{') at = key(text, at);
				continue;
			}
		} else at = space(text, scalar(text, at));
		for (let inner = open.at(-1); inner !== undefined && text[at] === closing(inner); inner = open.at(-1)) {
			open.pop();
			at = space(text, at + 1);
		}
		const around = open.at(-1);
		if (around === undefined) {
			if (at < text.length) throw unexpected(text, at);
			return;
		}
		if (text[at] !== ',') throw unexpected(text, at);
		at = space(text, at + 1);
		if (around === '{') at = key(text, at);
	}
}

function closing(open: string): string {
	return open === '{' ? '}' : ']';
}

/** A key and its colon. */
function key(text: string, at: number): number {
	if (text[at] !== '"') throw unexpected(text, at);
	const colon = space(text, string(text, at));
	if (text[colon] !== ':') throw unexpected(text, colon);
	return space(text, colon + 1);
}

function scalar(text: string, at: number): number {
	if (text[at] === '"') return string(text, at);
	const word = literals.find((literal) => text.startsWith(literal, at));
	if (word) return at + word.length;
	number.lastIndex = at;
	if (!number.test(text)) throw unexpected(text, at);
	return number.lastIndex;
}

function string(text: string, open: number): number {
	for (let at = open + 1; at < text.length; at++) {
		const code = text.charCodeAt(at);
		if (code === 0x22) return at + 1;
		if (code < 0x20) throw unexpected(text, at);
		if (code !== 0x5c) continue;
		const escaped = text.charAt(++at);
		if (escaped === 'u' && /^[0-9A-Fa-f]{4}$/.test(text.slice(at + 1, at + 5))) at += 4;
		else if (escaped === '' || !'"\\/bfnrt'.includes(escaped)) throw unexpected(text, at);
	}
	throw new SyntaxError('a string is never closed');
}

function space(text: string, from: number): number {
	let at = from;
	for (let code = text.charCodeAt(at); code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09; code = text.charCodeAt(++at));
	return at;
}

function unexpected(text: string, at: number): SyntaxError {
	return new SyntaxError(at >= text.length ? 'it ends early' : `${JSON.stringify(text[at])} is not expected at position ${at}`);
}
