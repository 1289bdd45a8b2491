import {SluiceError} from '../../../model/errors.js';
import type {SharedStrings} from './shared-strings.js';
import {addressOf, type SheetCell, type SheetRow} from './sheet-rows.js';

/** How many cells a row has up to its last one that is not blank. Excel writes cells that only carry a format. */
export function widthOf(cells: readonly SheetCell[], strings: SharedStrings): number {
	for (let width = cells.length; width > 0; width--) {
		const cell = cells[width - 1] ?? null;
		if (typeof cell === 'number' ? !strings.isBlank(cell) : cell !== null && cell.trim() !== '') return width;
	}
	return 0;
}

export function cellText(cell: SheetCell, strings: SharedStrings): string {
	return typeof cell === 'number' ? (strings.text(cell) ?? '') : (cell ?? '');
}

export function hasMissingString(cells: readonly SheetCell[], {count}: SharedStrings): boolean {
	for (let column = 0; column < cells.length; column++) {
		const cell = cells[column];
		if (typeof cell === 'number' && cell >= count) return true;
	}
	return false;
}

/** The error for the first cell of a row whose shared string is missing. */
export function missingString(file: string, sheet: string, {row, cells}: SheetRow, {count}: SharedStrings): SluiceError {
	const address = addressOf(
		cells.findIndex((cell) => typeof cell === 'number' && cell >= count),
		row,
	);
	return new SluiceError('intake.corrupt', `${file} is damaged: the text of cell ${address} of sheet ${sheet} is missing`, {
		where: `${file}, ${sheet}, cell ${address}`,
		expected: 'a shared string for every text cell',
	});
}
