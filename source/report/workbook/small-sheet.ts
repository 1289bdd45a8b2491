import {cellStyle} from './cell-style.js';
import {colsXml, columnLetters, cutText, pageSetup, worksheetOpen} from './sheet-frame.js';
import {xmlText} from './xml-text.js';

/** A cell of a sheet that is made in this process. `link` names the sheet it leads to. */
export type Cell = string | number | null | {readonly text: string; readonly style?: keyof typeof cellStyle; readonly link?: string};

/** A small sheet, such as the Summary, as XML. Text is text, whatever it looks like. */
export function smallSheet(rows: readonly (readonly Cell[])[], widths: readonly number[]): string {
	const links: string[] = [];
	const lines = rows.map((cells, rowIndex) => {
		const row = rowIndex + 1;
		const written = cells.map((cell, index) => {
			const at = `${columnLetters(index + 1)}${row}`;
			if (cell === null) return '';
			if (typeof cell === 'number') return `<c r="${at}"><v>${cell}</v></c>`;
			const {text, style = 'plain', link}: Exclude<Cell, string | number | null> = typeof cell === 'string' ? {text: cell} : cell;
			if (link !== undefined)
				links.push(`<hyperlink ref="${at}" location="${xmlText(`'${link.replaceAll("'", "''")}'!A1`)}" display="${xmlText(text)}"/>`);
			return `<c r="${at}" s="${cellStyle[style]}" t="inlineStr"><is><t xml:space="preserve">${xmlText(cutText(text))}</t></is></c>`;
		});
		return `<row r="${row}">${written.join('')}</row>`;
	});
	return (
		`${worksheetOpen}<sheetViews><sheetView workbookViewId="0" tabSelected="1"/></sheetViews><sheetFormatPr defaultRowHeight="15"/>${colsXml(widths)}` +
		`<sheetData>${lines.join('')}</sheetData>${links.length > 0 ? `<hyperlinks>${links.join('')}</hyperlinks>` : ''}${pageSetup}</worksheet>`
	);
}
