const control = /[\p{Cc}\u2028\u2029\ufeff]/gu;
/** Marks that change the direction of what follows, and so could swap what a line seems to say. */
const direction = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const hasEither = /[\p{Cc}\u2028\u2029\ufeff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/**
 * Text from data as one line that cannot drive the terminal (SPEC 14): control characters become symbols (a line break `⏎`,
 * an escape `␛`), direction marks `·`.
 */
export function shown(text: string): string {
	if (!hasEither.test(text)) return text;
	return text
		.replaceAll('\r\n', '⏎')
		.replaceAll(control, (character) => symbolOf(character.charCodeAt(0)))
		.replaceAll(direction, '·');
}

function symbolOf(code: number): string {
	if (code === 0x0a || code === 0x2028 || code === 0x2029) return '⏎';
	if (code === 0xfeff) return '·';
	return code < 0x20 ? String.fromCodePoint(0x2400 + code) : '␡';
}
