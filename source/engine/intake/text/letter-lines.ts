import {isAscii} from 'node:buffer';
import type {Bytes} from '../bytes.js';
import {withoutStart} from './without-start.js';

/** Some lines of a text that have bytes outside ASCII: together they show its encoding. */
export type LetterLines = {
	readonly bytes: Buffer;
	/** The first of them, with its number as the reader of CSV counts; null where every byte is ASCII. */
	readonly first: {readonly line: number; readonly bytes: Buffer} | null;
};

const [lineFeed, carriageReturn] = [0x0a, 0x0d];
/** Enough to tell any encoding; more would cost time. */
const enoughLetters = 2000;
const mostBytes = 256 * 1024;
/** What is kept of a line without an end. */
const mostLineBytes = 16 * 1024;

/**
 * Reads a text from its start until it has enough lines with bytes outside ASCII, to its end if need be.
 *
 * @param markBytes the length of its byte order mark, which is no letter
 */
export async function letterLines(source: Bytes, markBytes: number): Promise<LetterLines> {
	const search = new LetterSearch();
	for await (const chunk of withoutStart(source, markBytes)) if (search.look(chunk)) break;
	return search.found();
}

class LetterSearch {
	readonly #lines: Buffer[] = [];
	#bytes = 0;
	#letters = 0;
	#first: LetterLines['first'] = null;
	#line = 1;
	/** The line that has begun in an earlier chunk. */
	#open: Buffer = Buffer.alloc(0);
	#afterReturn = false;

	/** Whether enough is known. */
	look(chunk: Uint8Array): boolean {
		let start = 0;
		for (let at = 0; at < chunk.length; at++) {
			const byte = chunk[at];
			if (byte !== lineFeed && byte !== carriageReturn) {
				this.#afterReturn = false;
				continue;
			}
			if (byte === lineFeed && this.#afterReturn) this.#afterReturn = false;
			else {
				this.#keep(chunk.subarray(start, at));
				this.#line++;
				this.#afterReturn = byte === carriageReturn;
			}
			start = at + 1;
			if (this.#letters >= enoughLetters || this.#bytes >= mostBytes) return true;
		}
		this.#open = Buffer.concat([this.#open, chunk.subarray(start)]).subarray(0, mostLineBytes);
		return false;
	}

	found(): LetterLines {
		this.#keep(Buffer.alloc(0));
		return {bytes: Buffer.concat(this.#lines), first: this.#first};
	}

	#keep(end: Uint8Array): void {
		const whole = this.#open.length > 0 ? Buffer.concat([this.#open, end]) : end;
		this.#open = Buffer.alloc(0);
		if (isAscii(whole)) return;
		const line = Buffer.from(whole.subarray(0, mostLineBytes));
		this.#first ??= {line: this.#line, bytes: line};
		for (const byte of line) if (byte >= 0x80) this.#letters++;
		this.#lines.push(line, Buffer.from('\n'));
		this.#bytes += line.length;
	}
}
