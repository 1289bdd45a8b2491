import {isUtf8} from 'node:buffer';
import {SluiceError} from '../../../model/errors.js';
import {encodingOf} from '../../../model/text-encodings.js';
import {guessEncoding} from './guess-encoding.js';
import {decodeText} from './text-decoder.js';

/** An encoding by its name (`encodingOf`). */
export type Encoding = {
	readonly name: string;
	readonly bomBytes: number;
	/** Whether it is UTF-8 with bytes that are none, which become U+FFFD. */
	readonly damaged: boolean;
	/** Whether nothing proves it. */
	readonly guessed: boolean;
	/** The encoding that the connector names where the mark of the file goes before it. */
	readonly overruled?: string;
};

/** Byte order marks, the longer ones first: UTF-32's begins with UTF-16's. */
const marks: readonly {name: string; bytes: readonly number[]}[] = [
	{name: 'utf-32le', bytes: [0xff, 0xfe, 0, 0]},
	{name: 'utf-32be', bytes: [0, 0, 0xfe, 0xff]},
	{name: 'utf-8', bytes: [0xef, 0xbb, 0xbf]},
	{name: 'utf-16le', bytes: [0xff, 0xfe]},
	{name: 'utf-16be', bytes: [0xfe, 0xff]},
];

/**
 * The encoding of a text whose first bytes are `head` (SPEC 4): by its mark, as UTF-8 if it is valid, as UTF-16 by where its zeros stand.
 * Null when it is none of them: then its letters must be counted (`encodingByLetters`).
 *
 * @param whole whether `head` is all there is; otherwise its last character may be cut in two
 * @throws SluiceError `intake.encoding` for UTF-32
 */
export function certainEncoding(head: Uint8Array, whole: boolean, file: string): Encoding | null {
	const mark = markOf(head, file);
	if (mark) return {name: mark.name, bomBytes: mark.bytes.length, damaged: false, guessed: false};
	const wide = utf16Order(head, whole);
	if (wide) return {name: wide, bomBytes: 0, damaged: false, guessed: false};
	if (!isUtf8(whole ? head : head.subarray(0, completeLength(head)))) return null;
	const japanese = hasJapaneseEscapes(head) && !decodeText(head, 'iso-2022-jp').slice(0, -1).includes('\uFFFD');
	return {name: japanese ? 'iso-2022-jp' : 'utf-8', bomBytes: 0, damaged: false, guessed: false};
}

/** @throws SluiceError `intake.encoding` for UTF-32 */
function markOf(head: Uint8Array, file: string): (typeof marks)[number] | undefined {
	const mark = marks.find(({bytes}) => bytes.every((byte, at) => head[at] === byte));
	if (mark?.name.startsWith('utf-32')) {
		throw new SluiceError('intake.encoding', `${file} is ${mark.name.toUpperCase()}`, {
			where: file,
			expected: 'UTF-8, UTF-16 or an 8-bit encoding',
		});
	}
	return mark;
}

/**
 * The encoding of a text of which the connector names one. A byte order mark that the text bears out goes before the connector: no text of
 * another encoding begins with one.
 *
 * @throws SluiceError `intake.encoding` for UTF-32, and where the zeros of the text, or that it has none, prove the name wrong
 */
export function givenEncoding(given: string, head: Uint8Array, whole: boolean, file: string): Encoding {
	const label = encodingOf(given) ?? given;
	const certain = {damaged: false, guessed: false};
	const mark = markOf(head, file);
	if (mark && mark.name !== 'utf-8') {
		const overruled = label !== mark.name && !(isUtf16(label) && namesNoOrder(given));
		return {...certain, name: mark.name, bomBytes: mark.bytes.length, ...(overruled && {overruled: label})};
	}
	const text = mark ? head.subarray(mark.bytes.length) : head;
	const bomBytes = mark?.bytes.length ?? 0;
	const isValid = isUtf8(text.subarray(0, completeLength(text)));
	if (!isUtf16(label)) {
		const wide = mark ? undefined : latinUtf16Order(head, whole);
		if (wide) throw otherThanGiven(file, label, wide);
	}
	if (label === 'utf-8' || (mark && (isValid || isMostlyUtf8(text))))
		return {...certain, name: 'utf-8', bomBytes, damaged: !isValid, ...(label !== 'utf-8' && {overruled: label})};
	// In UTF-16 delimiters and line ends have zeros.
	if (isUtf16(label) && isValid && !head.includes(0)) throw otherThanGiven(file, label, 'utf-8');
	const order = isUtf16(label) && namesNoOrder(given) ? utf16Order(head, whole) : undefined;
	return {...certain, name: order ?? label, bomBytes};
}

export const isUtf16 = (name: string) => name === 'utf-16le' || name === 'utf-16be';

/** Whether a label of UTF-16 leaves open which byte of a pair comes first, such as `utf-16`. */
function namesNoOrder(label: string): boolean {
	return !/(?:le|be|120[01])\s*$/i.test(label);
}

function otherThanGiven(file: string, given: string, found: string): SluiceError {
	return new SluiceError('intake.encoding', `${file} is not in ${given}, which read.encoding in connector.yaml names: it is ${found}`, {
		where: file,
		expected: `text in ${given}`,
		cure: `Set read: {encoding: ${found}} in connector.yaml, or leave read.encoding out.`,
	});
}

/**
 * Whether the first line is a header in plain ASCII, with no zero in or right behind it: whatever controls the cells below hold, they make
 * neither UTF-16 nor a picture of the file.
 */
export function hasPlainHeader(head: Uint8Array): boolean {
	const lineEnd = head.indexOf(0x0a);
	// why eight: a few Chinese characters in UTF-16 may look like ASCII by chance.
	if (lineEnd < 8 || head[lineEnd + 1] === 0) return false;
	const line = head.subarray(0, lineEnd);
	const delimited = [0x2c, 0x3b, 0x09, 0x7c].some((delimiter) => line.includes(delimiter));
	return delimited && line.every((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0x09 || byte === 0x0d);
}

/** The encoding of a text that is not valid UTF-8. @param lines some of its lines with bytes outside ASCII, whole ones */
export function encodingByLetters(lines: Uint8Array): Encoding {
	if (isMostlyUtf8(lines)) return {name: 'utf-8', bomBytes: 0, damaged: true, guessed: false};
	return {name: guessEncoding(lines), bomBytes: 0, damaged: false, guessed: true};
}

/** Whether more bytes outside ASCII are characters of UTF-8 than are none. */
export function isMostlyUtf8(bytes: Uint8Array): boolean {
	const {sequences, strays} = countSequences(bytes);
	return sequences > strays;
}

/** Whether it switches to two-byte characters and back, as ISO-2022-JP alone does. */
function hasJapaneseEscapes(head: Uint8Array): boolean {
	const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
	return (bytes.includes('\u001b$B') || bytes.includes('\u001b$@')) && (bytes.includes('\u001b(B') || bytes.includes('\u001b(J'));
}

/** Where the last complete UTF-8 character ends, looking at the last three bytes only. */
export function completeLength(bytes: Uint8Array): number {
	for (let back = 1; back <= Math.min(3, bytes.length); back++) {
		const byte = bytes[bytes.length - back] ?? 0;
		if (byte < 0x80) return bytes.length;
		if (byte >= 0xc0) return sequenceLength(byte) > back ? bytes.length - back : bytes.length;
	}
	return bytes.length;
}

function sequenceLength(lead: number): number {
	if (lead >= 0xf0) return 4;
	return lead >= 0xe0 ? 3 : 2;
}

/** Below this many pairs a zero or two prove nothing. */
const fewPairs = 32;

/** UTF-16 without a mark: Latin letters, digits, delimiters and line ends leave zeros on one side of each pair. */
function utf16Order(head: Uint8Array, whole: boolean): string | undefined {
	if (hasPlainHeader(head)) return undefined;
	const {pairs, most, least, name} = countZeros(head);
	const latin = latinUtf16Order(head, whole);
	if (latin !== undefined || (whole && pairs < fewPairs && head.length % 2 === 1)) return latin;
	// A Chinese text has zeros only in its delimiters and line ends; then it must decode without a flaw to be believed.
	if (pairs === 0 || most < pairs * 0.02 || least > 0 || isUtf8(head)) return undefined;
	return decodeText(head.subarray(0, pairs * 2), name).includes('\uFFFD') ? undefined : name;
}

/** The same for a text mostly in Latin letters. A short one must have zeros in most of its pairs, and no pair that is cut in two. */
function latinUtf16Order(head: Uint8Array, whole: boolean): string | undefined {
	if (hasPlainHeader(head)) return undefined;
	const {pairs, most, least, name} = countZeros(head);
	const short = whole && pairs < fewPairs;
	if (pairs === 0 || (short && head.length % 2 === 1)) return undefined;
	return most > pairs * (short ? 0.5 : 0.3) && least < pairs * 0.05 ? name : undefined;
}

function countZeros(head: Uint8Array): {pairs: number; most: number; least: number; name: string} {
	const pairs = head.length >> 1;
	const zeros = [0, 0];
	for (let at = 0; at < pairs * 2; at++) if (head[at] === 0) zeros[at & 1] = (zeros[at & 1] ?? 0) + 1;
	const [high = 0, low = 0] = zeros;
	return {pairs, most: Math.max(high, low), least: Math.min(high, low), name: low > high ? 'utf-16le' : 'utf-16be'};
}

/** How many characters of two bytes and more are valid UTF-8, and how many bytes are none at all. */
function countSequences(bytes: Uint8Array): {sequences: number; strays: number} {
	let [sequences, strays] = [0, 0];
	for (let at = 0; at < bytes.length; at++) {
		const byte = bytes[at] ?? 0;
		if (byte < 0x80) continue;
		const length = sequenceLength(byte);
		if (byte >= 0xc2 && at + length > bytes.length) break;
		if (byte >= 0xc2 && isUtf8(bytes.subarray(at, at + length))) {
			sequences++;
			at += length - 1;
		} else strays++;
	}
	return {sequences, strays};
}
