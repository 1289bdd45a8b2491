import {shownLine} from '../../../model/input-text.js';
import type {Parts} from '../excel/parts.js';
import {readSharedStrings} from '../excel/shared-strings.js';
import {type SheetRow, sheetReader} from '../excel/sheet-rows.js';
import {readWorkbook} from '../excel/workbook.js';
import {encodeCell} from '../row-writer.js';

/** A row of each sheet that has it: its cells as they are read, between commas. Reads no sheet further than that row. */
export async function sheetLines(parts: Parts, line: number): Promise<readonly {page: string; text: string}[]> {
	const workbook = await readWorkbook(parts);
	const strings = await readSharedStrings(parts, workbook.strings);
	const found: {page: string; text: string}[] = [];
	for (const {name, path} of workbook.sheets) {
		let [text, past] = ['', false];
		const onRow = ({row, cells}: SheetRow) => {
			past ||= row >= line;
			if (row !== line) return;
			const texts = cells.map((cell) => (typeof cell === 'number' ? strings.text(cell) : cell));
			text = texts.map((cell) => ((cell ?? '') === '' ? '' : encodeCell(cell ?? ''))).join(',');
		};
		await parts.read(path, sheetReader({...workbook, onRow, onMerge: () => {}}), () => past);
		if (/[^,]/.test(text)) found.push({page: name, text: shownLine(text)});
	}
	return found;
}
