import {isUtf8} from 'node:buffer';
import {SluiceError} from '../../../model/errors.js';
import {encodingOf} from '../../../model/text-encodings.js';
import {guessEncoding} from './guess-encoding.js';
import {decodeText} from './text-decoder.js';

/** An encoding by its name (`encodingOf`). `damaged`: UTF-8 with bytes that are none, which become U+FFFD. `guessed`: nothing proves it. */
export type Encoding = {readonly name: string; readonly bomBytes: number; readonly damaged: boolean; readonly guessed: boolean};

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
	const mark = marks.find(({bytes}) => bytes.every((byte, at) => head[at] === byte));
	if (mark?.name.startsWith('utf-32')) {
		throw new SluiceError('intake.encoding', `${file} is ${mark.name.toUpperCase()}`, {
			where: file,
			expected: 'UTF-8, UTF-16 or an 8-bit encoding',
		});
	}
	if (mark) return {name: mark.name, bomBytes: mark.bytes.length, damaged: false, guessed: false};
	const wide = hasPlainHeader(head) ? undefined : utf16Order(head, whole);
	if (wide) return {name: wide, bomBytes: 0, damaged: false, guessed: false};
	if (!isUtf8(whole ? head : head.subarray(0, completeLength(head)))) return null;
	const japanese = hasJapaneseEscapes(head) && !decodeText(head, 'iso-2022-jp').slice(0, -1).includes('\uFFFD');
	return {name: japanese ? 'iso-2022-jp' : 'utf-8', bomBytes: 0, damaged: false, guessed: false};
}

/** The encoding that the connector names. Its mark, where the file has one, is no text. */
export function givenEncoding(name: string, head: Uint8Array): Encoding {
	const label = encodingOf(name) ?? name;
	const mark = marks.find((each) => each.name === label && each.bytes.every((byte, at) => head[at] === byte));
	const damaged = label === 'utf-8' && !isUtf8(head.subarray(0, completeLength(head)));
	return {name: label, bomBytes: mark?.bytes.length ?? 0, damaged, guessed: false};
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
	const {sequences, strays} = countSequences(lines);
	if (sequences > strays) return {name: 'utf-8', bomBytes: 0, damaged: true, guessed: false};
	return {name: guessEncoding(lines), bomBytes: 0, damaged: false, guessed: true};
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

/**
 * UTF-16 without a mark: Latin letters, digits, delimiters and line ends leave zeros on one side of each pair. A short text must have them in
 * most of its pairs, and none that is cut in two.
 */
function utf16Order(head: Uint8Array, whole: boolean): string | undefined {
	const pairs = head.length >> 1;
	if (pairs === 0) return undefined;
	const short = whole && pairs < fewPairs;
	if (short && head.length % 2 === 1) return undefined;
	const zeros = [0, 0];
	for (let at = 0; at < pairs * 2; at++) if (head[at] === 0) zeros[at & 1] = (zeros[at & 1] ?? 0) + 1;
	const [high = 0, low = 0] = zeros;
	const most = Math.max(high, low);
	const name = low > high ? 'utf-16le' : 'utf-16be';
	if (most > pairs * (short ? 0.5 : 0.3) && Math.min(high, low) < pairs * 0.05) return name;
	// Why: a Chinese text has zeros only in its delimiters and line ends; then it must decode without a flaw to be believed.
	if (most < pairs * 0.02 || Math.min(high, low) > 0 || isUtf8(head)) return undefined;
	return decodeText(head.subarray(0, pairs * 2), name).includes('\uFFFD') ? undefined : name;
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
