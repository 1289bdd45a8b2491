import {open} from 'node:fs/promises';
import {detectDialect} from '../../engine/intake/csv/dialect.js';
import {cellText, delimiterByte, rawCells} from '../../engine/intake/csv/record.js';
import {cleanHeaders} from '../../engine/intake/header.js';
import {largestBodyBytes} from './read-request.js';

/** Enough for a header and one row, whose body may have its quotes doubled. */
const headBytes = 3 * largestBodyBytes;
const [quote, lineFeed, carriageReturn] = [0x22, 0x0a, 0x0d];

/** The body of a sample's first row; null where there is none, or the sample is no CSV in UTF-8. */
export async function sampleBody(file: string | null): Promise<string | null> {
	if (file === null || !/\.csv$/i.test(file)) return null;
	const head = await headOf(file);
	if (head === null) return null;
	const [header, row] = firstRecords(head.bytes);
	if (!header || !row || (row.end === head.bytes.length && !head.whole)) return null;
	const delimiter = delimiterByte(detectDialect(head.bytes, head.whole, file).delimiter);
	const texts = ({start, end}: Span) =>
		rawCells(head.bytes, start, end, delimiter).map((cell) => Buffer.from(cellText(head.bytes, cell)).toString('utf8'));
	const body = texts(row)[cleanHeaders(texts(header)).indexOf('body')];
	return body && Buffer.byteLength(body) <= largestBodyBytes ? body : null;
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

async function headOf(file: string): Promise<{readonly bytes: Buffer; readonly whole: boolean} | null> {
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
