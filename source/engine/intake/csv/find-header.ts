import {type Delimiter, delimiters} from '../../../model/read-options.js';
import {spelledOut} from '../../../text/visible.js';
import type {Bytes} from '../bytes.js';
import {cleanHeaders} from '../header.js';
import {headAsUtf8} from '../text/utf8-bytes.js';
import {type CsvTarget, firstRow} from './read-csv.js';
import {cellText, delimiterByte, rawCells} from './record.js';

/** Lines in which a header is looked for. */
const linesSearched = 50;
const [lineFeed, carriageReturn] = [0x0a, 0x0d];

/** What a text file that lacks columns shows instead. */
export type HeaderFinding = {
	/** The row that was read as the header, and how: a part of a sentence. */
	readonly read: string;
	/** What to write into `connector.yaml`, as a sentence; null where nothing is found. */
	readonly cure: string | null;
};

/** Looks for the row that has all of the wanted columns among the first 50 lines, with any delimiter. */
export async function findHeader(
	source: Bytes,
	target: Pick<CsvTarget, 'name' | 'tableNames' | 'read'>,
	wanted: readonly string[],
): Promise<HeaderFinding> {
	const {read} = target;
	const {head, whole, encoding} = await headAsUtf8(source, read.encoding);
	const first = firstRow({head, whole}, target.name, read) ?? {headers: [], line: 1, delimiter: ',' as const};
	const shown = first.headers.slice(0, 20).map((header) => `"${spelledOut(header)}"`);
	const as = `delimiter ${delimiterName(first.delimiter)}, encoding ${encoding.name}${encoding.guessed ? ' by a guess' : ''}`;
	return {
		read: `the first row read is line ${first.line}: ${shown.join(', ')}${first.headers.length > 20 ? ', …' : ''} (${as})`,
		cure: rowCure(head, target, wanted) ?? headerlessCure(first.headers, read.headerRow, wanted),
	};
}

function rowCure(head: Buffer, {read}: Pick<CsvTarget, 'read'>, wanted: readonly string[]): string | null {
	const tried: readonly Delimiter[] = read.delimiter === null ? delimiters : [read.delimiter];
	for (const {line, start, end} of firstLines(head)) {
		for (const delimiter of tried) {
			const cells = rawCells(head, start, end, delimiterByte(delimiter)).map((cell) => Buffer.from(cellText(head, cell)).toString());
			const columns = cleanHeaders(cells);
			if (!wanted.every((column) => columns.includes(column))) continue;
			const options = read.delimiter === null && line === 1 ? `delimiter: ${optionName(delimiter)}` : `header_row: ${line}`;
			return `Line ${line} has these columns: set read: {${options}} in connector.yaml.`;
		}
	}
	return null;
}

/** For a file whose first row is data. */
function headerlessCure(headers: readonly string[], headerRow: number | 'none' | null, wanted: readonly string[]): string | null {
	if (headerRow === 'none') return null;
	const numbered = wanted.every((column) => Number(/^_(\d+)$/.exec(column)?.[1] ?? headers.length + 1) <= headers.length);
	const option = numbered ? 'header_row: none' : 'header_row: none, columns: [names in the order of the file]';
	const isData = headers.some((header) => /^\s*[-+]?\d[\d.,:/ -]*\s*$/.test(header) || /^[^@\s]+@[^@\s]+\.\w+$/.test(header.trim()));
	if (!isData && !numbered) return null;
	return `The first row looks like data: if the file has no header, set read: {${option}} in connector.yaml.`;
}

/** The lines that are not blank, each with the bytes it takes. */
function firstLines(head: Buffer): {readonly line: number; readonly start: number; readonly end: number}[] {
	const lines: {line: number; start: number; end: number}[] = [];
	let [start, line] = [0, 1];
	for (let at = 0; at <= head.length && line <= linesSearched; at++) {
		const byte = head[at];
		if (byte !== undefined && byte !== lineFeed && byte !== carriageReturn) continue;
		if (at > start) lines.push({line, start, end: at});
		if (byte === carriageReturn && head[at + 1] === lineFeed) at++;
		start = at + 1;
		line++;
	}
	return lines;
}

function delimiterName(delimiter: Delimiter): string {
	return delimiter === '\t' ? 'tab' : `"${delimiter}"`;
}

function optionName(delimiter: Delimiter): string {
	if (delimiter === '\t') return 'tab';
	return `"${delimiter}"`;
}
