/**
 * Characters that drive a terminal, change the direction of what follows, or take no place at all: controls (C0, DEL, C1), line and
 * paragraph separators, marks and isolates of direction, zero-width spaces and byte order marks. The joiners U+200C and U+200D are no
 * part of it: words of several scripts and joined emoji need them.
 */
const hidden = /[\p{Cc}\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;
const hasHidden = new RegExp(hidden.source, 'u');

/**
 * Text from data as one line that cannot drive the terminal (SPEC 14, 17): control characters become symbols (a line break `⏎`,
 * an escape `␛`), marks of direction and characters without width `·`.
 */
export function visible(text: string): string {
	if (!hasHidden.test(text)) return text;
	return text.replaceAll('\r\n', '⏎').replaceAll(hidden, (character) => symbolOf(character.charCodeAt(0)));
}

/** The same for a line of JSON, which stays the same value: `\u001b`, `\u009b`, `\u202e`. */
export function visibleJson(json: string): string {
	if (!hasHidden.test(json)) return json;
	return json.replaceAll(hidden, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function symbolOf(code: number): string {
	if (code === 0x0a || code === 0x2028 || code === 0x2029) return '⏎';
	if (code < 0x20) return String.fromCodePoint(0x2400 + code);
	return code < 0xa0 ? '␡' : '·';
}

/** What a reader of a message does not see, the joiners included. */
const unseen = /[\p{Cc}\p{Cf}\u00a0\u2000-\u200a\u2028\u2029\u202f\u3000\u3164]/gu;

/** Text from data in which each character that is not seen is named: `ann@x.io␣U+200B`. */
export function spelledOut(text: string): string {
	return text.replaceAll(unseen, (character) => `␣U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`);
}

/** Text without the characters that are not seen. */
export function withoutUnseen(text: string): string {
	return text.replaceAll(unseen, '');
}
