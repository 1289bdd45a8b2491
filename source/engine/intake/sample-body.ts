import {open, stat} from 'node:fs/promises';
import {detectDialect} from './csv/dialect.js';
import {cellText, delimiterByte, rawCells} from './csv/record.js';
import {cleanHeaders} from './header.js';

const [quote, lineFeed, carriageReturn] = [0x22, 0x0a, 0x0d];

/** The body of a webhook sample's first row; null where there is none, it is over `largestBytes`, or the sample is no CSV in UTF-8. */
export async function sampleBody(file: string, largestBytes: number): Promise<string | null> {
	if (!/\.csv$/i.test(file) || !(await stat(file).catch(() => null))?.isFile()) return null;
	// Enough for a header and one row, whose body may have its quotes doubled.
	const head = await headOf(file, 3 * largestBytes);
	if (head === null) return null;
	const [header, row] = firstRecords(head.bytes);
	if (!header || !row || (row.end === head.bytes.length && !head.whole)) return null;
	const delimiter = delimiterByte(detectDialect(head.bytes, head.whole, file).delimiter);
	const texts = ({start, end}: Span) =>
		rawCells(head.bytes, start, end, delimiter).map((cell) => Buffer.from(cellText(head.bytes, cell)).toString('utf8'));
	const body = texts(row)[cleanHeaders(texts(header)).indexOf('body')];
	return body && Buffer.byteLength(body) <= largestBytes ? body : null;
}

type Span = {readonly start: number; readonly end: number};

/** The first two lines that are not empty; a line end inside quotes is text. */
function firstRecords(bytes: Uint8Array): readonly Span[] {
	const found: Span[] = [];
	let [start, quoted] = [0, false];
	for (let at = 0; at <= bytes.length && found.length < 2; at++) {
		const byte = bytes[at];
		if (byte === quote) quoted = !quoted;
		if (at < bytes.length && (quoted || (byte !== lineFeed && byte !== carriageReturn))) continue;
		if (at > start) found.push({start, end: at});
		start = at + 1;
	}
	return found;
}

async function headOf(file: string, headBytes: number): Promise<{readonly bytes: Buffer; readonly whole: boolean} | null> {
	const handle = await open(file).catch(() => null);
	if (handle === null) return null;
	try {
		const {buffer, bytesRead} = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
		const bytes = buffer.subarray(0, bytesRead);
		const bom = bytes.indexOf('\uFEFF') === 0 ? 3 : 0;
		return {bytes: bytes.subarray(bom), whole: bytesRead < headBytes};
	} finally {
		await handle.close();
	}
}
