import {isUtf8} from 'node:buffer';
import {SluiceError} from '../../../model/errors.js';
import {visible} from '../../../text/visible.js';
import {type Bytes, headOf} from '../bytes.js';
import type {IntakeListener, IntakeWarning} from '../page.js';
import {certainEncoding, completeLength, type Encoding, encodingByLetters, givenEncoding, hasPlainHeader} from './encoding.js';
import {letterLines} from './letter-lines.js';
import {decodeText, textDecoder} from './text-decoder.js';

/** Why 256 KB: enough for letters to be counted and delimiters to be compared, and read in a millisecond. */
export const headBytes = 256 * 1024;

/** Bytes that turned out not to be UTF-8 although the head of the text is. */
class NotUtf8 extends Error {
	/** @param before what is valid of the chunk */
	constructor(
		readonly before: Uint8Array,
		readonly cutOff: boolean,
	) {
		super('not UTF-8');
	}
}

/** A text as UTF-8 without mark, whatever it was, and its first bytes in that form. */
export type Utf8Text = {readonly head: Buffer; readonly whole: boolean; readonly encoding: Encoding; readonly bytes: Bytes};

/**
 * Runs `read` over a text brought to UTF-8 (SPEC 4). Where bytes far from the head prove the encoding wrong, what was read is thrown away
 * and `read` runs again with the right one: so it must begin afresh each time.
 *
 * @throws SluiceError `intake.empty` for no bytes, `intake.truncated` for half a character at the end, `intake.type` for what is no text
 */
export async function readAsUtf8<Result>(
	source: Bytes,
	given: string | null,
	{onLog, onWarning}: Pick<IntakeListener, 'onLog' | 'onWarning'>,
	read: (text: Utf8Text) => Promise<Result>,
): Promise<Result> {
	const {head, whole} = await headOf(source, headBytes);
	if (head.length === 0) throw new SluiceError('intake.empty', `${source.name} is empty: 0 bytes`, {where: source.name});
	const detected = await encodingFor(source, head, whole, given);
	if (detected.damaged && whole && isUtf8(head.subarray(0, completeLength(head)))) throw cutOff(source.name);
	try {
		return await readAs(detected);
	} catch (error) {
		if (!(error instanceof NotUtf8)) throw error;
		if (given !== null) return await readAs({...detected, damaged: true});
		const better = encodingByLetters((await letterLines(source)).bytes);
		if (better.damaged && error.cutOff) throw cutOff(source.name);
		return await readAs({...better, bomBytes: detected.bomBytes});
	}

	async function readAs(encoding: Encoding): Promise<Result> {
		const result = await read(decoded(source, head, whole, encoding));
		if (encoding.name !== 'utf-8') onLog(`${source.name}: read as ${encoding.name}`);
		if (encoding.guessed) onWarning(await guessWarning(source, encoding));
		if (encoding.damaged) {
			const line = await firstStrayLine(source, encoding.bomBytes);
			onWarning({line, message: `${source.name}: bytes that are not valid UTF-8 were read as \uFFFD, first on line ${line}`});
		}
		return result;
	}
}

async function encodingFor(source: Bytes, head: Buffer, whole: boolean, given: string | null): Promise<Encoding> {
	if (given !== null) return givenEncoding(given, head);
	return certainEncoding(head, whole, source.name) ?? encodingByLetters((await letterLines(source)).bytes);
}

/** Characters of a line that a warning shows. */
const shownCharacters = 80;

/** Says which encoding was taken, and shows where a person can see whether it is right. */
async function guessWarning(source: Bytes, {name}: Encoding): Promise<IntakeWarning> {
	const first = await firstNeeded(source, name);
	const message =
		`${source.name}: the encoding ${name} is a guess; it is first needed on line ${first?.line}, read as "${first?.shown ?? ''}". ` +
		`If that is right, write read: {encoding: ${name}} into connector.yaml; else name the encoding that the sender uses`;
	return first ? {line: first.line, message} : {message};
}

/** The first line with bytes outside ASCII, as a message shows it. */
async function firstNeeded(source: Bytes, encoding: string): Promise<{readonly line: number; readonly shown: string} | null> {
	const {first} = await letterLines(source);
	if (first === null) return null;
	const text = visible(decodeText(first.bytes, encoding).trim());
	return {line: first.line, shown: text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text};
}

/** The encoding of a text as its whole shows it. `first`: where it is needed; null where every byte is ASCII. */
export type FullEncoding = {
	readonly name: string;
	readonly guessed: boolean;
	readonly first: {readonly line: number; readonly shown: string} | null;
};

/** Finds the encoding that a text is read with, which may show far behind its head. @throws SluiceError as `readAsUtf8` */
export async function encodingInFull(source: Bytes): Promise<FullEncoding> {
	const silent = {onLog: () => undefined, onWarning: () => undefined};
	const {name, guessed} = await readAsUtf8(source, null, silent, async ({bytes, encoding}) => {
		for await (const _ of bytes.open());
		return encoding;
	});
	return {name, guessed, first: await firstNeeded(source, name)};
}

/** The line of the first byte that is not UTF-8. */
async function firstStrayLine(source: Bytes, skip: number): Promise<number> {
	let line = 1;
	try {
		for await (const chunk of checkedUtf8(source, skip)) line += countLines(chunk);
	} catch (error) {
		if (error instanceof NotUtf8) return line + countLines(error.before);
		throw error;
	}
	return line;
}

function countLines(bytes: Uint8Array): number {
	let lines = 0;
	for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) lines++;
	return lines;
}

/** The head alone as UTF-8: for a look at the header. */
export async function headAsUtf8(source: Bytes, given: string | null): Promise<{head: Buffer; whole: boolean; encoding: Encoding}> {
	const {head, whole} = await headOf(source, headBytes);
	if (head.length === 0) throw new SluiceError('intake.empty', `${source.name} is empty: 0 bytes`, {where: source.name});
	const encoding = await encodingFor(source, head, whole, given);
	return {head: decoded(source, head, whole, encoding).head, whole, encoding};
}

function decoded(source: Bytes, rawHead: Buffer, whole: boolean, encoding: Encoding): Utf8Text {
	const body = rawHead.subarray(encoding.bomBytes);
	const plain = encoding.name === 'utf-8' && !encoding.damaged;
	const head = plain ? body : Buffer.from(whole ? decodeText(body, encoding.name) : textDecoder(encoding.name).write(body));
	if (!(plain && hasPlainHeader(head)) && looksBinary(head))
		throw new SluiceError('intake.type', `${source.name} is not a text file`, {where: source.name, expected: 'rows of text'});
	const bytes: Bytes = {name: source.name, open: () => (plain ? checkedUtf8(source, encoding.bomBytes) : transcoded(source, encoding))};
	return {head, whole, encoding, bytes};
}

/**
 * A picture or a program, not a table with an odd byte in it: over a twentieth of the characters are controls (random bytes have a tenth),
 * or over a third are NULs, which some databases pad their columns with.
 */
function looksBinary(head: Uint8Array): boolean {
	let [characters, controls, nuls] = [0, 0, 0];
	for (const byte of head) {
		if ((byte & 0xc0) !== 0x80) characters++;
		if (byte === 0) nuls++;
		else if (byte < 0x20 && (byte < 0x09 || byte > 0x0d) && byte !== 0x1b && byte !== 0x1f) controls++;
	}
	return (controls > 8 && controls > characters / 20) || (nuls > 8 && nuls > characters / 3);
}

async function* checkedUtf8(source: Bytes, skip: number): AsyncGenerator<Uint8Array, void> {
	let toSkip = skip;
	let held: Uint8Array = new Uint8Array(0);
	for await (const raw of source.open()) {
		const dropped = Math.min(toSkip, raw.length);
		toSkip -= dropped;
		const fresh = raw.subarray(dropped);
		const chunk = held.length > 0 ? Buffer.concat([held, fresh]) : fresh;
		const complete = completeLength(chunk);
		const good = chunk.subarray(0, complete);
		if (!isUtf8(good)) {
			const stray = firstStray(good);
			throw new NotUtf8(Uint8Array.from(good.subarray(0, stray)), false);
		}
		held = Uint8Array.from(chunk.subarray(complete));
		if (good.length > 0) yield good;
	}
	if (held.length > 0) throw new NotUtf8(new Uint8Array(0), true);
}

/** Where the first byte stands that is not UTF-8, found by halving. */
function firstStray(chunk: Uint8Array): number {
	let [low, high] = [0, chunk.length];
	while (high - low > 1) {
		const middle = (low + high) >> 1;
		const upTo = chunk.subarray(0, middle);
		if (isUtf8(upTo.subarray(0, completeLength(upTo)))) low = middle;
		else high = middle;
	}
	return low;
}

async function* transcoded(source: Bytes, {name, bomBytes}: Encoding): AsyncGenerator<Uint8Array, void> {
	const decoder = textDecoder(name);
	const encoder = new TextEncoder();
	let toSkip = bomBytes;
	for await (const raw of source.open()) {
		const dropped = Math.min(toSkip, raw.length);
		toSkip -= dropped;
		const text = decoder.write(raw.subarray(dropped));
		if (text.length > 0) yield encoder.encode(text);
	}
	const rest = decoder.end();
	if (rest.length === 0) return;
	if (name !== 'utf-8') throw cutOff(source.name);
	yield encoder.encode(rest);
}

function cutOff(name: string): SluiceError {
	return new SluiceError('intake.truncated', `${name} ends in the middle of a character`, {where: `${name}, its end`});
}
