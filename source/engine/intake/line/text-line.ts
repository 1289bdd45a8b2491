import {mostLineCharacters, shownLine} from '../../../model/input-text.js';
import type {Bytes} from '../bytes.js';
import {readAsUtf8} from '../text/utf8-bytes.js';

const [lineFeed, carriageReturn, quote] = [0x0a, 0x0d, 0x22];
const silent = {onLog: () => undefined, onWarning: () => undefined};
/** What a quote that opens a cell stands behind. */
const cellEnds = [...Buffer.from(',;\t|\r\n')];
/** Bytes of a line that are kept: no character has more than four. */
const mostBytes = mostLineCharacters * 4;

/**
 * The text of a line, counted from 1 as the reader of CSV counts (LF, CR LF and CR each end one), whatever the encoding; with the lines that
 * follow as long as a quote is open. Reads no further than that. Null where there is no such line.
 */
export async function textLine(source: Bytes, line: number, encoding: string | null): Promise<string | null> {
	return await readAsUtf8(source, encoding, silent, async ({bytes}) => {
		const search = new LineSearch(line);
		for await (const chunk of bytes.open()) if (search.look(chunk)) break;
		return search.text();
	});
}

/** Looks for one line in bytes that come in pieces. */
class LineSearch {
	readonly #wanted: number;
	readonly #found: Uint8Array[] = [];
	#line = 1;
	#bytes = 0;
	#quoted = false;
	#before = lineFeed;

	constructor(wanted: number) {
		this.#wanted = wanted;
	}

	/** Whether enough is known. */
	look(chunk: Uint8Array): boolean {
		let start = this.#line === this.#wanted ? 0 : -1;
		for (let at = 0; at < chunk.length; at++) {
			const byte = chunk[at] ?? 0;
			const before = this.#before;
			this.#before = byte;
			if (byte === quote && start >= 0) {
				// why also behind a quote: two of them are one inside a quoted cell
				this.#quoted = !this.#quoted && (at === start || before === quote || cellEnds.includes(before));
				continue;
			}
			if (byte === lineFeed && before === carriageReturn) {
				if (start === at && this.#bytes === 0) start++;
				continue;
			}
			if (byte !== lineFeed && byte !== carriageReturn) continue;
			if (start < 0) {
				if (++this.#line === this.#wanted) start = at + 1;
			} else if (!this.#quoted) {
				this.#keep(chunk.subarray(start, at));
				return true;
			}
		}
		if (start >= 0) this.#keep(chunk.subarray(start));
		return this.#bytes > mostBytes;
	}

	text(): string | null {
		if (this.#bytes === 0) return null;
		return shownLine(Buffer.concat(this.#found).toString('utf8'));
	}

	#keep(bytes: Uint8Array): void {
		if (this.#bytes > mostBytes) return;
		// why a copy: the chunk is filled anew
		this.#found.push(Uint8Array.from(bytes.subarray(0, mostBytes + 1)));
		this.#bytes += bytes.length;
	}
}
