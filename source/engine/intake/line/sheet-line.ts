import {shownLine} from '../../../model/input-text.js';
import type {ReadOptions} from '../../../model/read-options.js';
import type {Parts} from '../excel/parts.js';
import {selectSheets} from '../excel/select-sheets.js';
import {readSharedStrings} from '../excel/shared-strings.js';
import {type SheetRow, sheetReader} from '../excel/sheet-rows.js';
import {readWorkbook} from '../excel/workbook.js';
import {encodeCell} from '../row-writer.js';

/**
 * A row of each sheet that is read and has it: its cells between commas, as they are read; those read as blank as what they hold, such as
 * `#N/A`. Reads no sheet further than that row.
 */
export async function sheetLines(parts: Parts, line: number, read: ReadOptions): Promise<readonly {page: string; text: string}[]> {
	const workbook = await readWorkbook(parts);
	const strings = await readSharedStrings(parts, workbook.strings);
	const found: {page: string; text: string}[] = [];
	const {sheets} = selectSheets(parts.name, workbook.sheets, read);
	for (const {name, path} of sheets) {
		let [text, past] = ['', false];
		const onRow = ({row, cells, lost}: SheetRow) => {
			past ||= row >= line;
			if (row !== line) return;
			const texts = cells.map((cell) => (typeof cell === 'number' ? strings.text(cell) : cell) ?? '');
			for (const {column, held} of lost) {
				while (texts.length <= column) texts.push('');
				texts[column] = held;
			}
			text = texts.map((cell) => (cell === '' ? '' : encodeCell(cell))).join(',');
		};
		await parts.read(path, sheetReader({...workbook, onRow, onMerge: () => {}}), () => past);
		if (/[^,]/.test(text)) found.push({page: name, text: shownLine(text)});
	}
	return found;
}
