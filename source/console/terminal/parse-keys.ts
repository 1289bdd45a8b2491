// biome-ignore-all lint/suspicious/noControlCharactersInRegex: sequences of terminals begin with one.
import type {Key} from '../keys/key.js';

/** What a stretch of input stands for: keys and pastes with the bytes Ink understands them by, in order. */
export type Heard = {readonly key: Key; readonly raw: string};

const csi = /^\u001b\[([0-?]*)[ -/]*([@-~])/;
const ss3 = /^\u001bO(?:(\d+;)?(\d+))?([A-Za-z])/;
/** Answers of the terminal to questions nobody asked here: OSC, DCS, APC, PM. */
const answer = /^\u001b[\]P_^][\s\S]*?(?:\u0007|\u001b\\)/;
const unfinished = /^\u001b(?:$|\[[0-?]*[ -/]*$|O\d*(?:;\d*)?$|[\]P_^])/;
const pasteStart = '\u001b[200~';
const pasteEnd = '\u001b[201~';

const tildes: Readonly<Record<string, string>> = {
	1: 'home',
	2: 'insert',
	3: 'delete',
	4: 'end',
	5: 'pageup',
	6: 'pagedown',
	7: 'home',
	8: 'end',
	11: 'f1',
	12: 'f2',
	13: 'f3',
	14: 'f4',
	15: 'f5',
	17: 'f6',
	18: 'f7',
	19: 'f8',
	20: 'f9',
	21: 'f10',
	23: 'f11',
	24: 'f12',
};
const letters: Readonly<Record<string, string>> = {
	A: 'up',
	B: 'down',
	C: 'right',
	D: 'left',
	H: 'home',
	F: 'end',
	Z: 'shift-tab',
	P: 'f1',
	Q: 'f2',
	R: 'f3',
	S: 'f4',
	M: 'enter',
};
const graphemes = new Intl.Segmenter('en', {granularity: 'grapheme'});

/**
 * Cuts what the terminal sent into keys. Sequences of arrows and the like come whole, letters typed fast one by one, a bracketed
 * paste as one; mouse reports and answers of the terminal are left out.
 *
 * @returns the keys, and the beginning of a sequence whose end has not arrived
 */
export function parseKeys(input: string): {heard: readonly Heard[]; rest: string} {
	const heard: Heard[] = [];
	let at = 0;
	while (at < input.length) {
		const text = input.slice(at);
		if (text.startsWith(pasteStart)) {
			const end = text.indexOf(pasteEnd);
			if (end < 0) return {heard, rest: text};
			const pasted = text.slice(pasteStart.length, end).replaceAll('\u001b', '␛');
			if (pasted !== '') heard.push({key: {type: 'paste', text: pasted}, raw: pasted});
			at += end + pasteEnd.length;
		} else if (text.startsWith('\u001b')) {
			const taken = takeSequence(text);
			if (taken === null) return {heard, rest: text};
			if (taken.heard) heard.push(taken.heard);
			at += taken.length;
		} else {
			const end = text.search(/[\p{Cc}]/u);
			if (end === 0) {
				const control = controlKey(text);
				heard.push(control);
				at += control.raw.length;
			} else {
				const typed = end < 0 ? text : text.slice(0, end);
				for (const {segment} of graphemes.segment(typed)) heard.push(typedKey(segment));
				at += typed.length;
			}
		}
	}
	return {heard, rest: ''};
}

/** The key that a lone escape stood for, once it is clear that nothing follows. A torn sequence stands for nothing. */
export function giveUpWaiting(rest: string): readonly Heard[] {
	return rest === '\u001b' ? [named('escape', '\u001b')] : [];
}

/** Whether the rest is the beginning of a paste, which may take its time. */
export function isPasting(rest: string): boolean {
	return rest.startsWith(pasteStart);
}

function takeSequence(text: string): {heard: Heard | null; length: number} | null {
	if (text.startsWith('\u001b[M')) return text.length < 6 ? null : {heard: null, length: 6};
	const whole = csi.exec(text) ?? ss3.exec(text);
	if (whole) return {heard: sequenceKey(whole), length: whole[0].length};
	const answered = answer.exec(text);
	if (answered) return {heard: null, length: answered[0].length};
	if (unfinished.test(text)) return null;
	if (text[1] === '\u001b') return {heard: named('escape', '\u001b'), length: 1};
	const [letter = ''] = [...text.slice(1)];
	return {heard: named(`alt-${letter.toLowerCase()}`, `\u001b${letter}`), length: 1 + letter.length};
}

function sequenceKey([raw, first = '', second = '', third]: RegExpExecArray): Heard | null {
	const final = third ?? second;
	const parameters = third === undefined ? first : second;
	if (parameters.startsWith('<') || parameters.startsWith('?') || parameters.startsWith('>')) return null;
	const [number = '', modifier = '1'] = parameters.split(';');
	const base = final === '~' ? tildes[number] : letters[final];
	if (base === undefined) return null;
	const bits = Number(modifier || 1) - 1;
	const prefix = `${bits & 4 ? 'ctrl-' : ''}${bits & 2 ? 'alt-' : ''}${bits & 1 && base !== 'shift-tab' ? 'shift-' : ''}`;
	return named(prefix + base, raw);
}

function controlKey(text: string): Heard {
	const code = text.charCodeAt(0);
	if (code === 0x0d) return named('enter', '\r');
	if (code === 0x0a) return named('enter', '\r');
	if (code === 0x09) return named('tab', '\t');
	// why: Ink calls 0x7f "delete"; 0x08 is what it calls backspace.
	if (code === 0x7f || code === 0x08) return named('backspace', '\b');
	if (code === 0) return named('ctrl-space', '\0');
	if (code < 0x20) return named(`ctrl-${String.fromCharCode(code + 0x60)}`, text.slice(0, 1));
	return {key: {type: 'key', name: 'unknown', text: ''}, raw: text.slice(0, 1)};
}

function typedKey(text: string): Heard {
	return {key: {type: 'key', name: text === ' ' ? 'space' : text, text}, raw: text};
}

function named(name: string, raw: string): Heard {
	return {key: {type: 'key', name, text: ''}, raw};
}
