import {isAscii, isUtf8} from 'node:buffer';
import {SluiceError} from '../../../model/errors.js';
import {visible} from '../../../text/visible.js';
import {type Bytes, headOf} from '../bytes.js';
import type {IntakeListener, IntakeWarning} from '../page.js';
import {
	certainEncoding,
	completeLength,
	type Encoding,
	encodingByLetters,
	givenEncoding,
	hasPlainHeader,
	isMostlyUtf8,
	isUtf16,
} from './encoding.js';
import {letterLines} from './letter-lines.js';
import {firstStrayLine} from './stray-bytes.js';
import {decodeText, textDecoder} from './text-decoder.js';
import {withoutStart} from './without-start.js';

/** Why 256 KB: enough for letters to be counted and delimiters to be compared, and read in a millisecond. */
export const headBytes = 256 * 1024;

/** Bytes that turned out not to be UTF-8 although the head of the text is. */
class NotUtf8 extends Error {
	constructor(readonly cutOff: boolean) {
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
		const better = await encodingAfterAll(source, detected, given);
		if (given === null && better.damaged && error.cutOff) throw cutOff(source.name);
		return await readAs(better);
	}

	async function readAs(encoding: Encoding): Promise<Result> {
		const seen = new SeenBytes();
		const result = await read(decoded(source, head, whole, encoding, seen));
		if (encoding.name !== 'utf-8') onLog(`${source.name}: read as ${encoding.name}`);
		if (encoding.overruled !== undefined) onWarning(markWarning(source.name, encoding, encoding.overruled));
		if (encoding.guessed) onWarning(await guessWarning(source, encoding));
		if (encoding.damaged || seen.hasReplaced) {
			const warning = await strayWarning(source, encoding, given);
			if (warning) onWarning(warning);
		} else if (given !== null && seen.isUtf8 && !isUtf16(encoding.name)) onWarning(await utf8Warning(source, encoding));
		return result;
	}
}

async function encodingFor(source: Bytes, head: Buffer, whole: boolean, given: string | null): Promise<Encoding> {
	if (given !== null) return givenEncoding(given, head, whole, source.name);
	return certainEncoding(head, whole, source.name) ?? encodingByLetters((await letterLines(source, 0)).bytes);
}

/** The encoding of a text that is not UTF-8, although its head is. */
async function encodingAfterAll(source: Bytes, {bomBytes, overruled, ...detected}: Encoding, given: string | null): Promise<Encoding> {
	const {bytes} = await letterLines(source, bomBytes);
	if (given === null) return {...encodingByLetters(bytes), bomBytes};
	if (overruled !== undefined && !isMostlyUtf8(bytes)) return {...detected, name: overruled, bomBytes};
	return {...detected, bomBytes, damaged: true, ...(overruled !== undefined && {overruled})};
}

/** What was seen of the bytes of a text while they were brought to UTF-8. */
class SeenBytes {
	/** Whether some became U+FFFD. */
	hasReplaced = false;
	#isValid = true;
	#isAscii = true;
	#rest: Uint8Array = new Uint8Array(0);

	/** Begins again at the first byte. */
	begin(): void {
		this.hasReplaced = false;
		this.#isValid = true;
		this.#isAscii = true;
		this.#rest = new Uint8Array(0);
	}

	look(chunk: Uint8Array, text: string): void {
		this.hasReplaced ||= text.includes('\uFFFD');
		if (!this.#isValid) return;
		const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
		const complete = completeLength(bytes);
		this.#isValid = isUtf8(bytes.subarray(0, complete));
		this.#isAscii &&= isAscii(bytes);
		this.#rest = Uint8Array.from(bytes.subarray(complete));
	}

	/** Whether they are valid UTF-8, with characters outside ASCII. */
	get isUtf8(): boolean {
		return this.#isValid && !this.#isAscii && this.#rest.length === 0;
	}
}

function markWarning(name: string, {name: mark}: Encoding, given: string): IntakeWarning {
	return {
		line: 1,
		message:
			`${name}: read as ${mark}, whose byte order mark it begins with, and not as ${given}, which read.encoding in connector.yaml names. ` +
			'If the sender now writes it so, leave read.encoding out',
	};
}

async function strayWarning(source: Bytes, {name, bomBytes, guessed}: Encoding, given: string | null): Promise<IntakeWarning | null> {
	const stray = await firstStrayLine(source, name, bomBytes);
	if (stray === null) return null;
	const cure =
		given === null || guessed || name === 'utf-8' ? '' : '. If the file is in another encoding, correct read.encoding in connector.yaml';
	return {
		line: stray.line,
		message:
			`${source.name}: bytes that are not valid ${name === 'utf-8' ? 'UTF-8' : name} were read as \uFFFD, ` +
			`first on line ${stray.line}: "${stray.shown}"${cure}`,
	};
}

/** For a text that was read as the connector says, while nothing in it speaks against UTF-8. */
async function utf8Warning(source: Bytes, {name, bomBytes}: Encoding): Promise<IntakeWarning> {
	const [as, asUtf8] = [await firstNeeded(source, name, bomBytes), await firstNeeded(source, 'utf-8', bomBytes)];
	return {
		...(as && {line: as.line}),
		message:
			`${source.name}: read as ${name}, which read.encoding in connector.yaml names, but all of it is valid UTF-8: line ${as?.line} was read ` +
			`as "${as?.shown ?? ''}", and is "${asUtf8?.shown ?? ''}" in UTF-8. If that is right, leave read.encoding out`,
	};
}

/** Characters of a line that a warning shows. */
const shownCharacters = 80;

/** Says which encoding was taken, and shows where a person can see whether it is right. */
async function guessWarning(source: Bytes, {name, bomBytes}: Encoding): Promise<IntakeWarning> {
	const first = await firstNeeded(source, name, bomBytes);
	const message =
		`${source.name}: the encoding ${name} is a guess; it is first needed on line ${first?.line}, read as "${first?.shown ?? ''}". ` +
		`If that is right, write read: {encoding: ${name}} into connector.yaml; else name the encoding that the sender uses`;
	return first ? {line: first.line, message} : {message};
}

/** The first line with bytes outside ASCII, as a message shows it. */
async function firstNeeded(
	source: Bytes,
	encoding: string,
	bomBytes: number,
): Promise<{readonly line: number; readonly shown: string} | null> {
	const {first} = await letterLines(source, bomBytes);
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
	const {name, guessed, bomBytes} = await readAsUtf8(source, null, silent, async ({bytes, encoding}) => {
		for await (const _ of bytes.open());
		return encoding;
	});
	return {name, guessed, first: await firstNeeded(source, name, bomBytes)};
}

/** The head alone as UTF-8: for a look at the header. */
export async function headAsUtf8(source: Bytes, given: string | null): Promise<{head: Buffer; whole: boolean; encoding: Encoding}> {
	const {head, whole} = await headOf(source, headBytes);
	if (head.length === 0) throw new SluiceError('intake.empty', `${source.name} is empty: 0 bytes`, {where: source.name});
	const encoding = await encodingFor(source, head, whole, given);
	return {head: decoded(source, head, whole, encoding).head, whole, encoding};
}

function decoded(source: Bytes, rawHead: Buffer, whole: boolean, encoding: Encoding, seen = new SeenBytes()): Utf8Text {
	const body = rawHead.subarray(encoding.bomBytes);
	const plain = encoding.name === 'utf-8' && !encoding.damaged;
	const head = plain ? body : Buffer.from(whole ? decodeText(body, encoding.name) : textDecoder(encoding.name).write(body));
	if (!(plain && hasPlainHeader(head)) && looksBinary(head))
		throw new SluiceError('intake.type', `${source.name} is not a text file`, {where: source.name, expected: 'rows of text'});
	const bytes: Bytes = {
		name: source.name,
		open: () => (plain ? checkedUtf8(source, encoding.bomBytes) : transcoded(source, encoding, seen)),
	};
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
	let held: Uint8Array = new Uint8Array(0);
	for await (const fresh of withoutStart(source, skip)) {
		const chunk = held.length > 0 ? Buffer.concat([held, fresh]) : fresh;
		const complete = completeLength(chunk);
		const good = chunk.subarray(0, complete);
		if (!isUtf8(good)) throw new NotUtf8(false);
		held = Uint8Array.from(chunk.subarray(complete));
		if (good.length > 0) yield good;
	}
	if (held.length > 0) throw new NotUtf8(true);
}

async function* transcoded(source: Bytes, {name, bomBytes}: Encoding, seen: SeenBytes): AsyncGenerator<Uint8Array, void> {
	const decoder = textDecoder(name);
	const encoder = new TextEncoder();
	seen.begin();
	for await (const chunk of withoutStart(source, bomBytes)) {
		const text = decoder.write(chunk);
		seen.look(chunk, text);
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
