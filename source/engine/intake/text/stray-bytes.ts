import {visible} from '../../../text/visible.js';
import type {Bytes} from '../bytes.js';
import {textDecoder} from './text-decoder.js';
import {withoutStart} from './without-start.js';

/** A line that bytes are on that are not of the encoding, as it is read. */
export type StrayLine = {readonly line: number; readonly shown: string};

const replacement = '\uFFFD';
/** Small, so that a U+FFFD that is in the text itself is hardly ever in the same piece. */
const pieceBytes = 4096;
/** Characters that are shown before and behind the first stray byte. */
const shownCharacters = 40;

/** The first line with bytes that are not of the encoding; null where there are none. Lines end as they do for the reader of CSV. */
export async function firstStrayLine(source: Bytes, encoding: string, markBytes: number): Promise<StrayLine | null> {
	const [lenient, strict] = [textDecoder(encoding), textDecoder(encoding, {fatal: true})];
	let [line, open, afterReturn, strays] = [1, '', false, false];
	let found: StrayLine | null = null;
	for await (const chunk of withoutStart(source, markBytes)) {
		for (let at = 0; at < chunk.length; at += pieceBytes) {
			const piece = chunk.subarray(at, at + pieceBytes);
			if (look(lenient.write(piece), () => strict.write(piece))) return found;
		}
	}
	look(lenient.end(), () => strict.end());
	return found;

	function look(text: string, strictly: () => string): boolean {
		strays ||= !isDecoded(strictly);
		const lines = (afterReturn && text.startsWith('\n') ? text.slice(1) : text).split(/\r\n|\r|\n/);
		if (text !== '') afterReturn = text.endsWith('\r');
		const strayLine = strays ? lines.findIndex((each) => each.includes(replacement)) : -1;
		const shown = lines[strayLine];
		if (shown !== undefined) {
			found = {line: line + strayLine, shown: shownAround(strayLine === 0 ? open + shown : shown)};
			return true;
		}
		line += lines.length - 1;
		open = ((lines.length === 1 ? open : '') + (lines.at(-1) ?? '')).slice(-shownCharacters);
		return false;
	}
}

/** A text may hold U+FFFD itself: what is wrong shows where decoding is strict. */
function isDecoded(strictly: () => string): boolean {
	try {
		strictly();
		return true;
	} catch (error) {
		if (error instanceof TypeError) return false;
		throw error;
	}
}

function shownAround(line: string): string {
	const at = line.indexOf(replacement);
	const [from, to] = [Math.max(0, at - shownCharacters), at + shownCharacters];
	return `${from > 0 ? '…' : ''}${visible(line.slice(from, to).trim())}${to < line.length ? '…' : ''}`;
}
