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

/** @throws SluiceError `intake.corrupt` for a cell whose shared string is missing */
export function checkStrings(file: string, sheet: string, {row, cells}: SheetRow, strings: SharedStrings): void {
	for (let column = 0; column < cells.length; column++) {
		const cell = cells[column];
		if (typeof cell !== 'number' || cell < strings.count) continue;
		const where = `${sheet}, cell ${addressOf(column, row)}`;
		throw new SluiceError('intake.corrupt', `${file} is damaged: the text of cell ${addressOf(column, row)} of sheet ${sheet} is missing`, {
			where: `${file}, ${where}`,
			expected: 'a shared string for every text cell',
		});
	}
}
