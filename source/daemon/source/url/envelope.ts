import {createReadStream} from 'node:fs';
import {SluiceError} from '../../../model/errors.js';
import {writeNew} from '../../../platform/files/new-file.js';

type Level = {readonly list: boolean; key: string | number};

const quote = 0x22;
const backslash = 0x5c;
const opens: ReadonlySet<number> = new Set([0x7b, 0x5b]);
const closes: ReadonlySet<number> = new Set([0x7d, 0x5d]);
/** A deeper document is none that rows are in. */
const mostLevels = 200;
const longestKey = 10_000;

/**
 * Writes the value that a JSON pointer (RFC 6901) names to a file of its own, byte for byte, so that numbers keep their digits. Reads the
 * document in pieces: it may be as large as an input.
 *
 * @throws SluiceError `source.failed` where the document has no such value
 */
export async function extractRows(from: string, pointer: string, to: string, where: string): Promise<void> {
	const wanted = pointer
		.split('/')
		.slice(1)
		.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
	const scanner = new PointerScanner(wanted);
	await writeNew(to, async (file) => {
		for await (const chunk of createReadStream(from)) {
			const found = scanner.take(chunk as Buffer);
			if (found.length > 0) await file.write(found);
			if (scanner.done) break;
		}
	});
	if (scanner.done) return;
	throw new SluiceError('source.failed', `The answer holds no list of rows at ${pointer}`, {
		where,
		expected: `JSON with a list of objects at ${pointer}`,
		cure: 'Correct source.rows, or look whether the answer is an error.',
	});
}

/** Follows a JSON document byte by byte to one value: a list or an object. */
class PointerScanner {
	readonly #wanted: readonly string[];
	readonly #levels: Level[] = [];
	#inText = false;
	#escaped = false;
	#text: number[] = [];
	/** The last text that ended, which is a key when a colon follows. */
	#lastText = '';
	/** The level that the wanted value opened at, while it is copied. */
	#copiedFrom: number | null = null;
	done = false;

	constructor(wanted: readonly string[]) {
		this.#wanted = wanted;
	}

	/** @returns the part of `chunk` that belongs to the value */
	take(chunk: Buffer): Buffer {
		let from = this.#copiedFrom === null ? -1 : 0;
		for (let at = 0; at < chunk.length; at++) {
			const byte = chunk[at] ?? 0;
			if (this.#inText) this.#takeText(byte);
			else if (byte === quote) {
				this.#inText = true;
				this.#text = [];
			} else if (opens.has(byte)) {
				if (this.#copiedFrom === null && this.#isWanted()) {
					this.#copiedFrom = this.#levels.length;
					from = at;
				}
				if (this.#levels.length >= mostLevels) return Buffer.alloc(0);
				this.#levels.push({list: byte === 0x5b, key: byte === 0x5b ? 0 : ''});
			} else if (closes.has(byte)) {
				this.#levels.pop();
				if (this.#copiedFrom === this.#levels.length) {
					this.done = true;
					return chunk.subarray(Math.max(0, from), at + 1);
				}
			} else this.#takeMark(byte);
		}
		return from < 0 ? Buffer.alloc(0) : chunk.subarray(from);
	}

	#takeText(byte: number): void {
		if (this.#escaped) this.#escaped = false;
		else if (byte === backslash) this.#escaped = true;
		else if (byte === quote) {
			this.#inText = false;
			this.#lastText = textOf(this.#text);
			return;
		}
		if (this.#copiedFrom === null && this.#text.length < longestKey) this.#text.push(byte);
	}

	#takeMark(byte: number): void {
		const level = this.#levels.at(-1);
		if (!level) return;
		if (byte === 0x3a && !level.list) level.key = this.#lastText;
		if (byte === 0x2c && typeof level.key === 'number') level.key++;
	}

	#isWanted(): boolean {
		return this.#levels.length === this.#wanted.length && this.#levels.every(({key}, at) => String(key) === this.#wanted[at]);
	}
}

function textOf(bytes: readonly number[]): string {
	const raw = Buffer.from(bytes).toString('utf8');
	try {
		return JSON.parse(`"${raw}"`) as string;
	} catch {
		// A key with a broken escape is named as it is written.
		return raw;
	}
}
