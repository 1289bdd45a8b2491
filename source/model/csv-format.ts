import type {Delimiter} from './read-options.js';
import {encodingOf} from './text-encodings.js';

/** How the text of a CSV export is written (SPEC 11, `export.csv` in `connector.yaml`). */
export type CsvFormat = {
	readonly delimiter: Delimiter;
	/** Whether the file begins with a byte order mark. */
	readonly bom: boolean;
	/** What stands between the whole part of a decimal and its fraction. */
	readonly decimal: '.' | ',';
	readonly lineEnd: 'lf' | 'crlf';
	/** The standard name of the character encoding. */
	readonly encoding: string;
};

/** The format of an export that says nothing about it. */
export const defaultCsvFormat: CsvFormat = {delimiter: ',', bom: false, decimal: '.', lineEnd: 'lf', encoding: 'utf-8'};

/** Encodings that can be read, but that there is no encoder for. */
const readOnly: readonly string[] = ['iso-2022-jp', 'replacement', 'x-user-defined'];

/**
 * Encodings that are read as a larger one. They are written without what that one adds: a system that asks for Latin-1 has no euro sign at
 * the byte 0x80.
 */
const narrow: readonly (readonly [name: string, labels: RegExp])[] = [
	['us-ascii', /^(us-?)?ascii$/],
	['iso-8859-1', /^(iso[-_]?8859[-_]?1|latin[-_]?1|l1)$/],
	['iso-8859-9', /^(iso[-_]?8859[-_]?9|latin[-_]?5|l5)$/],
];

export function isNarrow(encoding: string): boolean {
	return narrow.some(([name]) => name === encoding);
}

/** The standard name of an encoding that a file can be written in; null for a label that means none. */
export function writableEncodingOf(label: string): string | null {
	const name = narrow.find(([, labels]) => labels.test(label.trim().toLowerCase()))?.[0] ?? encodingOf(label);
	return name === null || readOnly.includes(name) ? null : name;
}

/** Whether a byte order mark exists in the encoding. */
export function isUnicode(encoding: string): boolean {
	return encoding.startsWith('utf-');
}
