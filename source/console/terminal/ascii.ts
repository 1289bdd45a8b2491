/** Every sign of the console beyond ASCII, as one that any terminal has, of the same width (a test holds that none is missing). */
const forms: Readonly<Record<string, string>> = {
	'…': '~',
	'·': '.',
	'›': '>',
	'→': '>',
	'←': '<',
	'↑': '^',
	'↓': 'v',
	'▌': '>',
	'▏': '|',
	'─': '-',
	'│': '|',
	'┌': '+',
	'┐': '+',
	'└': '+',
	'┘': '+',
	'█': '#',
	'░': '.',
	'▁': '.',
	'▂': '.',
	'▃': ':',
	'▄': '-',
	'▅': '=',
	'▆': '+',
	'▇': '*',
	'●': '*',
	'○': 'o',
	'◷': 'q',
	'▶': '>',
	'✓': '+',
	'✗': 'x',
	'■': '#',
	'‖': '=',
	'✎': 'p',
	'•': '*',
	'⏎': '$',
	'␡': '?',
	'␛': '?',
	'’': "'",
};

const beyond = /[^\p{ASCII}]/u;
const graphemes = new Intl.Segmenter('en', {granularity: 'grapheme'});

/**
 * A drawn text for a terminal that shows ASCII alone: the console's own signs in their ASCII form, letters with accents without them,
 * anything else from data as `?`, a wide character as two, so that columns stay straight.
 */
export function toAscii(text: string, widthOf: (text: string) => number): string {
	if (!beyond.test(text)) return text;
	return Array.from(graphemes.segment(text), ({segment}) => {
		if (!beyond.test(segment)) return segment;
		const form = forms[segment];
		if (form !== undefined) return form;
		const bare = segment.normalize('NFD').replaceAll(/\p{M}/gu, '');
		return beyond.test(bare) ? '?'.repeat(widthOf(segment)) : bare;
	}).join('');
}

/** Whether a character of the console's own has its ASCII form. */
export function hasAsciiForm(character: string): boolean {
	return character in forms;
}
