import {createReadStream} from 'node:fs';
import {shownLine} from '../../../model/input-text.js';
import {textLines} from '../../../text/text-lines.js';

/**
 * A line of plain text as far as it is shown; null for UTF-16, a line that goes on in the next because of an open quote, and one that is not
 * there.
 */
export async function plainLine(file: string, line: number): Promise<string | null> {
	const stream = createReadStream(file, {highWaterMark: 1 << 18, encoding: 'utf8'});
	try {
		let number = 0;
		for await (const text of textLines(stream)) {
			if (++number === 1 && text.includes('\0')) return null;
			if (number < line) continue;
			if (text === '' || text.includes('\uFFFD') || text.split('"').length % 2 === 0) return null;
			return shownLine(number === 1 ? text.replace(/^\uFEFF/, '') : text);
		}
		return null;
	} finally {
		stream.destroy();
	}
}
