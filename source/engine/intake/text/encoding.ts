import {isUtf8} from 'node:buffer';
import {analyse} from 'chardet';
import {SluiceError} from '../../../model/errors.js';

/** An encoding by its WHATWG name. `damaged`: UTF-8 with bytes that are none, which become U+FFFD. */
export type Encoding = {readonly name: string; readonly bomBytes: number; readonly damaged: boolean};

/** Byte order marks, the longer ones first: UTF-32's begins with UTF-16's. */
const marks: readonly {name: string; bytes: readonly number[]}[] = [
	{name: 'utf-32le', bytes: [0xff, 0xfe, 0, 0]},
	{name: 'utf-32be', bytes: [0, 0, 0xfe, 0xff]},
	{name: 'utf-8', bytes: [0xef, 0xbb, 0xbf]},
	{name: 'utf-16le', bytes: [0xff, 0xfe]},
	{name: 'utf-16be', bytes: [0xfe, 0xff]},
];

/**
 * The encoding of a text whose first bytes are `head` (SPEC 4): by its mark, as UTF-8 if it is valid, as UTF-16 by where its zeros stand,
 * else by the statistics of its letters.
 *
 * @param whole whether `head` is all there is; otherwise its last character may be cut in two
 * @throws SluiceError `intake.encoding` for UTF-32
 */
export function detectEncoding(head: Uint8Array, whole: boolean, file: string): Encoding {
	const mark = marks.find(({bytes}) => bytes.every((byte, at) => head[at] === byte));
	if (mark?.name.startsWith('utf-32')) {
		throw new SluiceError('intake.encoding', `${file} is ${mark.name.toUpperCase()}`, {
			where: file,
			expected: 'UTF-8, UTF-16 or an 8-bit encoding',
		});
	}
	if (mark) return {name: mark.name, bomBytes: mark.bytes.length, damaged: false};
	const wide = hasPlainHeader(head) ? undefined : utf16Order(head);
	if (wide) return {name: wide, bomBytes: 0, damaged: false};
	if (isUtf8(whole ? head : head.subarray(0, completeLength(head)))) return {name: 'utf-8', bomBytes: 0, damaged: false};
	return guessEncoding(head);
}

/** The encoding that the connector names. Its mark, where the file has one, is no text. */
export function givenEncoding(name: string, head: Uint8Array): Encoding {
	const label = new TextDecoder(name).encoding;
	const mark = marks.find((each) => each.name === label && each.bytes.every((byte, at) => head[at] === byte));
	return {name: label, bomBytes: mark?.bytes.length ?? 0, damaged: label === 'utf-8' && !isUtf8(head.subarray(0, completeLength(head)))};
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

/** The encoding of bytes that are not valid UTF-8. */
export function guessEncoding(sample: Uint8Array): Encoding {
	const {sequences, strays} = countSequences(sample);
	if (sequences > strays) return {name: 'utf-8', bomBytes: 0, damaged: true};
	return {name: byStatistics(sample), bomBytes: 0, damaged: false};
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

/** UTF-16 without a mark: Latin letters, digits, delimiters and line ends leave zeros on one side of each pair. */
function utf16Order(head: Uint8Array): string | undefined {
	const pairs = head.length >> 1;
	if (pairs === 0) return undefined;
	const zeros = [0, 0];
	for (let at = 0; at < pairs * 2; at++) if (head[at] === 0) zeros[at & 1] = (zeros[at & 1] ?? 0) + 1;
	const [high = 0, low = 0] = zeros;
	const most = Math.max(high, low);
	const name = low > high ? 'utf-16le' : 'utf-16be';
	if (most > pairs * 0.3 && Math.min(high, low) < pairs * 0.05) return name;
	// Why: a Chinese text has zeros only in its delimiters and line ends; then it must decode without a flaw to be believed.
	if (most < pairs * 0.02 || Math.min(high, low) > 0 || isUtf8(head)) return undefined;
	return new TextDecoder(name).decode(head.subarray(0, pairs * 2)).includes('\uFFFD') ? undefined : name;
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

const western = ['ISO-8859-1', 'windows-1252'];
const manyBytes = ['Shift_JIS', 'EUC-JP', 'EUC-KR', 'Big5', 'GB18030'];

/**
 * Why not simply chardet's first answer: on a few words it takes "café" for Romanian and gives every CJK encoding a courtesy 10. So a CJK
 * encoding must be nearly sure and decode without a flaw, another 8-bit one must beat Western clearly, and what is left is Windows-1252.
 */
function byStatistics(sample: Uint8Array): string {
	const lines = linesWithLetters(sample);
	const matches = analyse(lines);
	const sure = matches.find(({name, confidence}) => manyBytes.includes(name) && confidence >= 60 && decodes(lines, name));
	if (sure) return sure.name.toLowerCase();
	const confidenceOf = (names: readonly string[]) =>
		Math.max(0, ...matches.filter(({name}) => names.includes(name)).map((match) => match.confidence));
	const eightBit = matches.find(({name}) => /^(windows-125|ISO-8859-|KOI8)/.test(name) && decodes(lines, name));
	if (!eightBit || western.includes(eightBit.name)) return 'windows-1252';
	if (eightBit.confidence < confidenceOf(western) * 1.3 || new Set(lines.filter((byte) => byte >= 0x80)).size < 3) return 'windows-1252';
	return eightBit.name === 'ISO-8859-9' ? 'windows-1254' : eightBit.name.toLowerCase();
}

function decodes(bytes: Uint8Array, name: string): boolean {
	try {
		// The last character may be cut in two.
		return !new TextDecoder(name).decode(bytes).slice(0, -2).includes('\uFFFD');
	} catch {
		return false; // The runtime does not know this encoding.
	}
}

/** Only the lines that say something about the encoding: the rest would drown them. */
function linesWithLetters(sample: Uint8Array): Uint8Array {
	const lines: Uint8Array[] = [];
	let start = 0;
	let letters = false;
	for (let at = 0; at <= sample.length; at++) {
		const byte = sample[at] ?? 0x0a;
		if (byte >= 0x80) letters = true;
		if (byte !== 0x0a) continue;
		if (letters) lines.push(sample.subarray(start, at + 1));
		[start, letters] = [at + 1, false];
	}
	return Buffer.concat(lines);
}
