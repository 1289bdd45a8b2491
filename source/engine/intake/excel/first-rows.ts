import type {Parts} from './parts.js';
import {type SheetRow, sheetReader} from './sheet-rows.js';
import type {Sheet, Workbook} from './workbook.js';

export type FirstRows = {
	/** Those that are not plainly blank: a shared string may still turn out to be. */
	readonly rows: readonly SheetRow[];
	/** Whether the sheet has no more. */
	readonly whole: boolean;
	/** The last row that was seen. */
	readonly lastRow: number;
};

/**
 * The first `most` rows of a sheet from the row `from` on, reading no further. Unless `all` are wanted, the first row that is not blank for
 * sure is the last one.
 */
export async function firstRows(
	parts: Parts,
	workbook: Workbook,
	{path}: Sheet,
	{from, most, all = false}: {from: number; most: number; all?: boolean},
): Promise<FirstRows> {
	const rows: SheetRow[] = [];
	let [lastRow, whole] = [0, true];
	const onRow = (row: SheetRow) => {
		if (!whole) return;
		lastRow = row.row;
		if (row.row < from || !row.cells.some((cell) => typeof cell === 'number' || (cell !== null && cell.trim() !== ''))) return;
		rows.push(row);
		whole = rows.length < most && (all || !isHeaderForSure(row));
	};
	await parts.read(path, sheetReader({...workbook, onRow, onMerge: () => {}}), () => !whole);
	return {rows, whole, lastRow};
}

/** A row with text of its own is not blank, whatever its shared strings are. */
function isHeaderForSure({cells}: SheetRow): boolean {
	return cells.some((cell) => typeof cell === 'string' && cell.trim() !== '');
}
