import {type DateKind, dateText} from './date-text.js';
import {numberText} from './number-text.js';
import {joined, textReader, unescapeControls} from './shared-strings.js';
import {attribute, XmlError, type XmlHandler} from './xml-scanner.js';

/** A cell as it stands in a sheet: text, the number of a shared string, or null for a blank one. */
export type SheetCell = string | number | null;

/** A row of a sheet. `cells` is reused for the next row. */
export type SheetRow = {readonly row: number; readonly cells: readonly SheetCell[]; readonly uncalculated: boolean};

export type SheetOptions = {
	readonly date1904: boolean;
	readonly dateKinds: readonly (DateKind | undefined)[];
	readonly onRow: (row: SheetRow) => void;
	readonly onMerge: () => void;
};

/** The last row and column of a sheet (Excel's own limits). */
const [maxRow, maxColumn] = [1_048_576, 16_384];

/**
 * Reads the rows of a sheet's XML. A cell or row without address stands after the one before it. Formulas count as the value stored with
 * them; `uncalculated` says that a row has one without.
 */
export function sheetReader({date1904, dateKinds, onRow, onMerge}: SheetOptions): XmlHandler {
	let row = 0;
	let column = -1;
	let cells: SheetCell[] = [];
	let [type, style, value] = ['n', 0, ''];
	let [inValue, hasValue, inFormula, hasFormula, uncalculated] = [false, false, false, false, false];
	const inline = textReader((piece) => {
		value = joined(value, piece);
	});

	return {
		open(name, attributes) {
			switch (name) {
				case 'c': {
					column = columnOf(attribute(attributes, 'r'), column);
					type = attribute(attributes, 't') ?? 'n';
					style = Number(attribute(attributes, 's') ?? 0);
					value = '';
					inValue = hasValue = hasFormula = inFormula = false;
					break;
				}
				case 'v':
					inValue = hasValue = true;
					break;
				case 'f':
					inFormula = hasFormula = true;
					break;
				case 'row':
					row = rowOf(attribute(attributes, 'r'), row);
					column = -1;
					cells = [];
					uncalculated = false;
					break;
				case 'is':
					hasValue = true;
					break;
				case 'mergeCell':
					onMerge();
					break;
				default:
					inline.open(name, attributes);
			}
		},
		text(piece) {
			if (inValue) value = joined(value, piece);
			else if (!inFormula) inline.text(piece);
		},
		close(name) {
			switch (name) {
				case 'v':
					inValue = false;
					break;
				case 'f':
					inFormula = false;
					break;
				case 'c':
					if (hasFormula && !hasValue) uncalculated = true;
					setCell(hasValue ? cellValue() : null);
					break;
				case 'row':
					onRow({row, cells, uncalculated});
					break;
				default:
					inline.close(name);
			}
		},
	};

	/** Why not for a blank one behind the last: a row of 30 bytes could name the last column of the sheet, and there may be millions. */
	function setCell(cell: SheetCell): void {
		if (cell === null && column >= cells.length) return;
		while (cells.length < column) cells.push(null);
		cells[column] = cell;
	}

	function cellValue(): SheetCell {
		switch (type) {
			case 's':
				return /^\s*\d{1,9}\s*$/.test(value) ? Number(value) : null;
			case 'str':
			case 'inlineStr':
				return unescapeControls(value);
			case 'b':
				return value.trim() === '' ? null : value.trim() === '1' || value.trim() === 'true' ? 'true' : 'false';
			case 'e':
			case 'd':
				return value === '' ? null : value;
			default: {
				if (value === '') return null;
				const kind = dateKinds[style];
				return (kind && dateText(Number(value), kind, date1904)) ?? numberText(value);
			}
		}
	}
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
