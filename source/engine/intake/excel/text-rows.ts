import type {ReadOptions} from '../../../model/read-options.js';
import {rowsCompared, type TextRow} from '../header-row.js';
import {firstRows} from './first-rows.js';
import type {Parts} from './parts.js';
import {selectSheets} from './select-sheets.js';
import {readSharedStrings} from './shared-strings.js';
import {cellText, widthOf} from './sheet-cells.js';
import {readWorkbook} from './workbook.js';

/** The first rows with text of each sheet that is read and holds any, in the order of the sheets. Reads no sheet further than that. */
export async function sheetTextRows(
	parts: Parts,
	read: ReadOptions,
): Promise<{readonly name: string; readonly rows: readonly TextRow[]}[]> {
	const workbook = await readWorkbook(parts);
	const {sheets} = selectSheets(parts.name, workbook.sheets, read);
	const found = [];
	for (const sheet of sheets) {
		const {rows} = await firstRows(parts, workbook, sheet, {from: 1, most: rowsCompared, all: true});
		found.push({name: sheet.name, rows});
	}
	const wanted = new Set(found.flatMap(({rows}) => rows.flatMap(({cells}) => cells.filter((cell) => typeof cell === 'number'))));
	const strings = await readSharedStrings(parts, workbook.strings, wanted);
	return found.flatMap(({name, rows}) => {
		const texts = rows.flatMap(({row, cells}) => {
			const width = widthOf(cells, strings);
			return width === 0 ? [] : [{line: row, cells: cells.slice(0, width).map((cell) => cellText(cell, strings))}];
		});
		return texts.length === 0 ? [] : [{name, rows: texts}];
	});
}
