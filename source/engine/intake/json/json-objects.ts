import {SluiceError} from '../../../model/errors.js';
import {spelledOut} from '../../../text/visible.js';
import {maxRowBytes} from '../bounds.js';

/** One object as it stands in the file, and the line it begins on. */
export type JsonObject = {readonly text: string; readonly line: number};

const [quote, backslash, lineFeed, comma] = [0x22, 0x5c, 0x0a, 0x2c];
const [openArray, closeArray, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];

/** What may come next: at the start, an object or an array; in an array, a value or a comma; after it, nothing; else one object after another. */
type Expecting = 'start' | 'first' | 'value' | 'comma' | 'nothing' | 'objects';

/**
 * Cuts JSON, handed over in pieces of any size, into its objects: those of one array, or one after the other (JSON Lines, or one object).
 * Looks at quotes and braces only; whether an object is valid is for its reader.
 */
export class JsonObjects {
	private pending = Buffer.alloc(0);
	/** A piece is looked at again only when it has doubled, else long objects cost the square of their length. */
	private scanAt = 0;
	private line = 1;
	private expecting: Expecting = 'start';

	/** @param name what errors call the file */
	constructor(private readonly name: string) {}

	/** The objects that have ended. @throws SluiceError `intake.json` for anything but objects, `intake.too_wide` for one over 32 MB */
	*write(piece: Uint8Array): Generator<JsonObject, void> {
		this.pending = Buffer.concat([this.pending, piece]);
		if (this.pending.length < this.scanAt) return;
		yield* this.scan();
		this.scanAt = this.pending.length < piece.length ? 0 : Math.min(this.pending.length * 2, maxRowBytes);
		if (this.pending.length > maxRowBytes) {
			throw new SluiceError('intake.too_wide', `An object is longer than ${maxRowBytes} bytes`, {where: `${this.name}, line ${this.line}`});
		}
	}

	/** Whether what has been read is an array that is closed. */
	get isArray(): boolean {
		return this.expecting === 'nothing';
	}

	/** @throws SluiceError `intake.truncated` when an object or the array is still open */
	*end(): Generator<JsonObject, void> {
		yield* this.scan();
		if (this.pending.length > 0) throw this.cutOff(`the object that begins on line ${this.line} is never closed`);
		if (['first', 'value', 'comma'].includes(this.expecting)) throw this.cutOff('its array is never closed');
	}

	private *scan(): Generator<JsonObject, void> {
		const bytes = this.pending;
		let at = 0;
		for (; at < bytes.length; at++) {
			const byte = bytes[at] as number;
			if (byte === lineFeed) this.line++;
			if (byte <= 0x20) continue;
			if (byte !== openObject || !['start', 'first', 'value', 'objects'].includes(this.expecting)) {
				this.punctuation(byte, bytes, at);
				continue;
			}
			const end = objectEnd(bytes, at);
			if (end < 0) break;
			const object = {text: bytes.toString('utf8', at, end), line: this.line};
			for (let next = bytes.indexOf(lineFeed, at); next >= 0 && next < end; next = bytes.indexOf(lineFeed, next + 1)) this.line++;
			this.expecting = this.expecting === 'start' || this.expecting === 'objects' ? 'objects' : 'comma';
			at = end - 1;
			yield object;
		}
		this.pending = Buffer.from(bytes.subarray(at));
	}

	private punctuation(byte: number, bytes: Buffer, at: number): void {
		if (byte === openArray && this.expecting === 'start') this.expecting = 'first';
		else if (byte === comma && this.expecting === 'comma') this.expecting = 'value';
		else if (byte === closeArray && (this.expecting === 'comma' || this.expecting === 'first')) this.expecting = 'nothing';
		else {
			const found = spelledOut(JSON.stringify(bytes.toString('utf8', at, Math.min(at + 20, bytes.length)).split('\n')[0]));
			const expected = {
				start: 'an object or an array',
				first: 'an object',
				value: 'an object',
				comma: 'a comma or ]',
				nothing: 'nothing',
				objects: 'an object',
			};
			throw new SluiceError('intake.json', `${this.name}, line ${this.line}: ${expected[this.expecting]} was expected, not ${found}`, {
				where: `${this.name}, line ${this.line}`,
				expected: expected[this.expecting],
			});
		}
	}

	private cutOff(why: string): SluiceError {
		return new SluiceError('intake.truncated', `${this.name} is cut off: ${why}`, {where: `${this.name}, line ${this.line}`});
	}
}

/** The byte after the brace that closes the object opened at `start`, or -1. */
function objectEnd(bytes: Uint8Array, start: number): number {
	let depth = 0;
	for (let at = start; at < bytes.length; at++) {
		const byte = bytes[at];
		if (byte === quote) {
			for (at++; at < bytes.length && bytes[at] !== quote; at++) if (bytes[at] === backslash) at++;
			if (at >= bytes.length) return -1;
		} else if (byte === openObject || byte === openArray) depth++;
		else if (byte === closeObject || byte === closeArray) {
			depth--;
			if (depth === 0) return at + 1;
		}
	}
	return -1;
}
