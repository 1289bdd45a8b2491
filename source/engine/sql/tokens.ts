/** `name` is an identifier in backticks or double quotes, `word` one without; `broken` is text that never ends (an open string or comment). */
export type TokenKind = 'word' | 'name' | 'string' | 'number' | 'symbol' | 'broken';

/** A token of SQL text. `value` is the identifier without its quotes, and the text itself for all other kinds. */
export type Token = {readonly kind: TokenKind; readonly text: string; readonly value: string; readonly offset: number};

const space = /\s/u;
const wordPattern = /[A-Za-z_][A-Za-z0-9_$]*/y;
const numberPattern =
	/(?:0[xX][0-9a-fA-F_]+(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?\d+)?|0[bB][01_]+|(?:\d[\d_]*(?:\.\d[\d_]*|\.(?![.A-Za-z_]))?|\.\d[\d_]*)(?:[eE][+-]?\d+)?)/y;
const heredocPattern = /\$[A-Za-z0-9_]*\$/y;

const closers: Readonly<Record<string, string>> = {"'": "'", '"': '"', '`': '`', '\u2018': '\u2019', '\u201C': '\u201D'};

/** Where the block comment that begins at `start` ends; comments nest. Undefined where it never does. */
function blockCommentEnd(text: string, start: number): number | undefined {
	let depth = 0;
	for (let at = start; at < text.length - 1; at++) {
		const pair = text.slice(at, at + 2);
		if (pair === '/*') depth++;
		if (pair === '*/') depth--;
		if (pair === '/*' || pair === '*/') at++;
		if (depth === 0) return at + 1;
	}
	return undefined;
}

/** Where the text that is not SQL (space, a comment) ends; `at` itself where there is none, undefined for a comment that never ends. */
function skip(text: string, at: number): number | undefined {
	const character = text.charAt(at);
	if (space.test(character)) return at + 1;
	const pair = text.slice(at, at + 2);
	const toLineEnd = () => {
		const end = text.indexOf('\n', at);
		return end < 0 ? text.length : end + 1;
	};
	if (pair === '--' || pair === '//' || pair === '#!' || (character === '#' && space.test(text.charAt(at + 1)))) return toLineEnd();
	return pair === '/*' ? blockCommentEnd(text, at) : at;
}

/** Where a quoted text ends, its closing quote included; a backslash or a doubled quote does not end it. */
function quotedEnd(text: string, start: number, closer: string): number | undefined {
	const escapes = closer.charCodeAt(0) < 128;
	for (let at = start + 1; at < text.length; at++) {
		const character = text.charAt(at);
		if (escapes && character === '\\') at++;
		else if (character === closer) {
			if (escapes && text.charAt(at + 1) === closer) at++;
			else return at + 1;
		}
	}
	return undefined;
}

function unquote(text: string): string {
	const quote = text.charAt(0);
	return text
		.slice(1, -1)
		.replaceAll(quote + quote, quote)
		.replace(/\\(.)/gs, '$1');
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
	pattern.lastIndex = at;
	return pattern.exec(text)?.[0];
}

function tokenAt(text: string, at: number, previous: Token | undefined): Token {
	const token = (kind: TokenKind, end: number): Token => {
		const raw = text.slice(at, end);
		return {kind, text: raw, value: kind === 'name' ? unquote(raw) : raw, offset: at};
	};
	const character = text.charAt(at);
	const closer = closers[character];
	if (closer !== undefined) {
		const end = quotedEnd(text, at, closer);
		if (end === undefined) return token('broken', text.length);
		return token(character === "'" || character === '\u2018' ? 'string' : 'name', end);
	}
	const heredoc = matchAt(heredocPattern, text, at);
	if (heredoc !== undefined) {
		const end = text.indexOf(heredoc, at + heredoc.length);
		return end < 0 ? token('broken', text.length) : token('string', end + heredoc.length);
	}
	const word = matchAt(wordPattern, text, at);
	if (word !== undefined) return token('word', at + word.length);
	// Why: `a.1.2` is two elements of a tuple, not a number.
	const elementOfTuple = previous?.text === '.' && previous.offset === at - 1;
	const number = elementOfTuple ? matchAt(/\d+/y, text, at) : matchAt(numberPattern, text, at);
	if (number !== undefined && number !== '') return token('number', at + number.length);
	return token('symbol', at + String.fromCodePoint(text.codePointAt(at) ?? 0).length);
}

/** The tokens of SQL text as ClickHouse reads it: four kinds of comments, quotes of five kinds, heredocs. Never throws. */
export function tokenise(text: string): readonly Token[] {
	const tokens: Token[] = [];
	for (let at = 0; at < text.length; ) {
		const next = skip(text, at);
		if (next === undefined) {
			tokens.push({kind: 'broken', text: text.slice(at), value: text.slice(at), offset: at});
			break;
		}
		if (next !== at) {
			at = next;
			continue;
		}
		const token = tokenAt(text, at, tokens.at(-1));
		tokens.push(token);
		at = token.offset + token.text.length;
	}
	return tokens;
}
