import {type DateFormat, dateText} from './date-text.js';
import {numberText} from './number-text.js';
import {joined, textReader, unescapeControls} from './shared-strings.js';
import {attribute} from './xml-attributes.js';
import {XmlError} from './xml-error.js';
import type {XmlHandler} from './xml-scanner.js';

/** A cell as it stands in a sheet: text, the number of a shared string, or null for a blank one. */
export type SheetCell = string | number | null;

/** A cell that is read as blank though it holds something: an error such as `#N/A`, or a formula without a stored value. */
export type LostCell = {readonly column: number; readonly held: string};

/** A row of a sheet. */
export type SheetRow = {readonly row: number; readonly cells: readonly SheetCell[]; readonly lost: readonly LostCell[]};

export type SheetOptions = {
	readonly date1904: boolean;
	readonly dateFormats: readonly (DateFormat | undefined)[];
	readonly onRow: (row: SheetRow) => void;
	readonly onMerge: () => void;
};

/** The last row and column of a sheet (Excel's own limits). */
const [maxRow, maxColumn] = [1_048_576, 16_384];

/** How many elements are around the elements of a sheet. */
const [sheetDataDepth, rowDepth, cellDepth, valueDepth] = [1, 2, 3, 4];

/** The number of a shared string that no workbook has. */
export const noString = Number.MAX_SAFE_INTEGER;

/** What a cell is called that has a formula alone. */
export const noStoredValue = 'a formula without a stored value';

/** An error of Excel is short; what is longer is cut in messages. */
const mostErrorCharacters = 40;

const none: readonly LostCell[] = [];

/**
 * Reads the rows of a sheet's XML. A cell or row without address stands after the one before it. Formulas count as the value stored with
 * them.
 */
export function sheetReader({date1904, dateFormats, onRow, onMerge}: SheetOptions): XmlHandler {
	let row = 0;
	let column = -1;
	let cells: SheetCell[] = [];
	let lost: LostCell[] | null = null;
	let [type, style, value, inlineText] = ['n', 0, '', ''];
	let [inSheetData, inValue, hasValue, inInline, hasInline, hasFormula] = [false, false, false, false, false, false];
	const inline = textReader((piece) => {
		inlineText = joined(inlineText, piece);
	}, valueDepth);

	return {
		open(name, attributes, depth) {
			if (depth > valueDepth) {
				if (inInline) inline.open(name, depth);
			} else if (depth === valueDepth) {
				if (!inSheetData) return;
				if (name === 'v') inValue = hasValue = true;
				else if (name === 'is') inInline = hasInline = true;
				else if (name === 'f') hasFormula = true;
			} else if (depth === cellDepth) {
				if (name === 'c' && inSheetData) beginCell(attributes);
			} else if (depth === rowDepth) {
				if (name === 'row' && inSheetData) beginRow(attributes);
				else if (name === 'mergeCell') onMerge();
			} else if (name === 'sheetData' && depth === sheetDataDepth) inSheetData = true;
		},
		text(piece) {
			if (inValue) value = joined(value, piece);
			else if (inInline) inline.text(piece);
		},
		close(name, depth) {
			if (depth > valueDepth) {
				if (inInline) inline.close(name, depth);
			} else if (depth === valueDepth) inValue = inInline = false;
			else if (!inSheetData) return;
			else if (depth === cellDepth && name === 'c') setCell(cellOf());
			else if (depth === rowDepth && name === 'row') onRow({row, cells, lost: lost ?? none});
			else if (depth === sheetDataDepth) inSheetData = false;
		},
	};

	function beginRow(attributes: string): void {
		row = rowOf(attribute(attributes, 'r'), row);
		column = -1;
		cells = [];
		lost = null;
	}

	function beginCell(attributes: string): void {
		const {r, s, t} = cellAttributes(attributes);
		column = columnOf(r, column);
		type = t ?? 'n';
		style = s === undefined ? 0 : Number(s);
		value = inlineText = '';
		hasValue = hasInline = hasFormula = false;
	}

	/** Why not for a blank one behind the last: a row of 30 bytes could name the last column of the sheet, and there may be millions. */
	function setCell(cell: SheetCell): void {
		if (cell === null && column >= cells.length) return;
		while (cells.length < column) cells.push(null);
		cells[column] = cell;
	}

	function cellOf(): SheetCell {
		// Some programs write the text of an inline string a second time, as a value.
		if (hasInline && (type === 'inlineStr' || !hasValue)) return unescapeControls(inlineText);
		if (hasValue) return cellValue();
		if (hasFormula) lose(noStoredValue);
		return null;
	}

	function lose(held: string): void {
		lost ??= [];
		lost.push({column, held});
	}

	function cellValue(): SheetCell {
		switch (type) {
			case 's': {
				const number = value.trim();
				if (number === '') return null;
				return /^\d{1,9}$/.test(number) ? Number(number) : noString;
			}
			case 'str':
			case 'inlineStr':
				return unescapeControls(value);
			case 'b':
				return value.trim() === '' ? null : value.trim() === '1' || value.trim() === 'true' ? 'true' : 'false';
			case 'e':
				lose(value.slice(0, mostErrorCharacters) || 'an error');
				return null;
			case 'd':
				return value === '' ? null : value;
			default: {
				if (value === '') {
					if (hasFormula) lose(noStoredValue);
					return null;
				}
				const format = dateFormats[style];
				if (format === undefined) return numberText(value);
				const serial = Number(value);
				const kind = format(serial);
				return (kind && dateText(serial, kind, date1904)) ?? numberText(value);
			}
		}
	}
}

type CellAttributes = {r: string | undefined; s: string | undefined; t: string | undefined};

/** Address, style and type of a cell. Why a way of its own: a sheet has millions, nearly all of them written as ` r="A1" s="1" t="s"`. */
function cellAttributes(attributes: string): CellAttributes {
	const found: CellAttributes = {r: undefined, s: undefined, t: undefined};
	for (let at = 0; at < attributes.length; ) {
		const isPlain = attributes.charCodeAt(at) === 0x20 && attributes.charCodeAt(at + 2) === 0x3d && attributes.charCodeAt(at + 3) === 0x22;
		const end = isPlain ? attributes.indexOf('"', at + 4) : -1;
		if (end < 0) return anyCellAttributes(attributes);
		const letter = attributes.charCodeAt(at + 1);
		if (letter === 0x72) found.r = attributes.slice(at + 4, end);
		else if (letter === 0x73) found.s = attributes.slice(at + 4, end);
		else if (letter === 0x74) found.t = attributes.slice(at + 4, end);
		at = end + 1;
	}
	return attributes.includes('&') ? anyCellAttributes(attributes) : found;
}

function anyCellAttributes(attributes: string): CellAttributes {
	return {r: attribute(attributes, 'r'), s: attribute(attributes, 's'), t: attribute(attributes, 't')};
}

/** The address of a cell, such as `AB12`. `column` counts from 0. */
export function addressOf(column: number, row: number): string {
	let letters = '';
	for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
	return `${letters}${row}`;
}

/** The number of a column from 0, from a cell's address such as `AB12`. */
function columnOf(address: string | undefined, before: number): number {
	if (address === undefined) return inSheet(before + 1, maxColumn, 'column');
	let column = 0;
	let at = 0;
	for (; at < address.length; at++) {
		const letter = address.charCodeAt(at) & 0xdf;
		if (letter < 0x41 || letter > 0x5a) break;
		column = column * 26 + letter - 0x40;
		if (column > maxColumn) break;
	}
	return inSheet(at === 0 ? before + 1 : column - 1, maxColumn, 'column');
}

function rowOf(address: string | undefined, before: number): number {
	return inSheet(address === undefined ? before + 1 : Number(address), maxRow + 1, 'row');
}

function inSheet(number: number, limit: number, what: string): number {
	if (!(number >= 0 && number < limit)) throw new XmlError(`a cell stands in ${what} ${number}, beyond what a sheet has`);
	return number;
}
