import iconv from 'iconv-lite';
import {encodingOf} from '../../../model/text-encodings.js';

/** Turns bytes that come in pieces into text. A byte order mark is kept as U+FEFF. */
export type PieceDecoder = {
	/** The text of the characters that have ended. */
	write(piece: Uint8Array): string;
	/** What is left at the end: half a character is U+FFFD. */
	end(): string;
};

/**
 * Returns a decoder of an encoding by any label that `encodingOf` knows.
 *
 * @param fatal whether bytes that are not of the encoding throw a TypeError; else each is U+FFFD
 * @throws RangeError for a label that is not known
 */
export function textDecoder(label: string, {fatal = false} = {}): PieceDecoder {
	const name = encodingOf(label);
	if (name === null) throw new RangeError(`"${label}" is no encoding`);
	if (isOld(name)) return oldDecoder(name, fatal);
	const decoder = new TextDecoder(name, {ignoreBOM: true, fatal});
	// Always in streaming: in Node 20 a decoder of windows-1252 that is handed a whole text leaves 0x80 to 0x9F as controls.
	return {write: (piece) => decoder.decode(piece, {stream: true}), end: () => decoder.decode()};
}

/** A whole text. @throws TypeError when `fatal` and the bytes are not of the encoding · RangeError for a label that is not known */
export function decodeText(bytes: Uint8Array, label: string, options?: {readonly fatal?: boolean}): string {
	const decoder = textDecoder(label, options);
	return decoder.write(bytes) + decoder.end();
}

/** Whether the runtime has no decoder for it, or one that swaps control characters: that of `ibm866` reads 0x1A as U+007F. */
function isOld(name: string): boolean {
	return /^cp\d|^ibm866$|^iso-8859-16$/.test(name);
}

function oldDecoder(name: string, fatal: boolean): PieceDecoder {
	const decoder = iconv.getDecoder(name);
	const checked = (text: string) => {
		if (fatal && text.includes('\uFFFD')) throw new TypeError(`The bytes are not of the encoding ${name}`);
		return text;
	};
	return {
		write: (piece) => checked(decoder.write(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength))),
		end: () => checked(decoder.end() ?? ''),
	};
}
