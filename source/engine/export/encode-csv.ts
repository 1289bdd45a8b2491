import {createReadStream} from 'node:fs';
import iconv from 'iconv-lite';
import {type CsvFormat, isNarrow} from '../../model/csv-format.js';
import type {NewFile} from '../../platform/files/new-file.js';
import {decodeText} from '../intake/text/text-decoder.js';

/** Thrown for the first character of a text that the encoding does not hold; null where the bytes are no UTF-8. */
export class Unencodable extends Error {
	override readonly name = 'Unencodable';

	constructor(readonly character: string | null) {
		super(character === null ? 'The text is not valid UTF-8' : `"${character}" is not in the encoding`);
	}
}

/**
 * Brings a file of UTF-8 to another encoding, in pieces, with a byte order mark where one is asked for.
 *
 * @throws Unencodable
 */
export async function encodeFile(
	from: string,
	file: Pick<NewFile, 'write'>,
	{bom, encoding}: Pick<CsvFormat, 'bom' | 'encoding'>,
): Promise<void> {
	const encode = textEncoder(encoding);
	const decoder = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true});
	const write = async (text: string) => await file.write(encode(text));
	if (bom) await write('\ufeff');
	for await (const piece of createReadStream(from, {highWaterMark: 1 << 20})) await write(decoded(decoder, piece as Buffer));
	await write(decoded(decoder, null));
}

/** Returns a function that encodes text which comes in pieces. @throws Unencodable what the function throws */
export function textEncoder(encoding: string): (text: string) => Buffer {
	if (encoding === 'utf-8') return (text) => Buffer.from(text);
	const name = iconvName(encoding);
	const encoder = iconv.getEncoder(name);
	const held = new Map<string, boolean>();
	return (text) => {
		if (!encoding.startsWith('utf-16')) for (const [character] of text.matchAll(/[^\0-\x7f]/gu)) check(character);
		return encoder.write(text);
	};

	function check(character: string): void {
		let isHeld = held.get(character);
		if (isHeld === undefined) {
			const bytes = iconv.encode(character, name);
			isHeld = (isNarrow(encoding) ? iconv.decode(bytes, name) : decodeText(bytes, encoding)) === character;
			held.set(character, isHeld);
		}
		if (!isHeld) throw new Unencodable(character);
	}
}

/** iconv-lite knows the encodings of the standard under other names in three cases. */
function iconvName(encoding: string): string {
	return encoding.replace(/^x-mac-/, 'mac').replace(/^(iso-8859-\d+)-[ei]$/, '$1');
}

function decoded(decoder: InstanceType<typeof TextDecoder>, piece: Buffer | null): string {
	try {
		return piece === null ? decoder.decode() : decoder.decode(piece, {stream: true});
	} catch {
		throw new Unencodable(null);
	}
}
