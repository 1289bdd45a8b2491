import {cellStyle} from './cell-style.js';
import {xmlText} from './xml-text.js';

/** Excel's limits: rows below the header, columns, and UTF-16 units in a cell. */
export const excelLimits = {rows: 1_048_575, columns: 16_384, cellUnits: 32_767} as const;

/** The letters of a column; the first is 1. */
export function columnLetters(column: number): string {
	let letters = '';
	for (let rest = column; rest > 0; rest = Math.floor((rest - 1) / 26)) letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
	return letters;
}

/** The width of a column, in characters, that shows its header and most of its values. */
export function columnWidth(header: string, longestBytes: number): number {
	return Math.min(60, Math.max(8, header.length + 4, longestBytes + 2));
}

export type SheetFrame = {readonly headers: readonly string[]; readonly widths: readonly number[]; readonly rows: number};

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
export const worksheetOpen = `${declaration}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>`;

/** Printed across, as wide as a page and as long as it takes: a step has more columns than paper has room for. */
export const pageSetup = '<pageSetup orientation="landscape" fitToWidth="1" fitToHeight="0"/>';

export function colsXml(widths: readonly number[]): string {
	if (widths.length === 0) return '';
	return `<cols>${widths.map((width, index) => `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`).join('')}</cols>`;
}

/** Everything before the first row of values: the frozen, bold header row included. */
export function sheetHead({headers, widths, rows}: SheetFrame): string {
	const last = `${columnLetters(headers.length)}${rows + 1}`;
	const header = headers.map(
		(text, index) =>
			`<c r="${columnLetters(index + 1)}1" s="${cellStyle.header}" t="inlineStr"><is><t xml:space="preserve">${xmlText(cutText(text))}</t></is></c>`,
	);
	return (
		`${worksheetOpen}<dimension ref="A1:${last}"/>` +
		'<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft"/></sheetView></sheetViews>' +
		`<sheetFormatPr defaultRowHeight="15"/>${colsXml(widths)}<sheetData><row r="1">${header.join('')}</row>`
	);
}

/** Everything after the last row. */
export function sheetFoot({headers, rows}: SheetFrame): string {
	return `</sheetData><autoFilter ref="${filterRange(headers.length, rows)}"/>${pageSetup}</worksheet>`;
}

/** The filtered range, header included. */
export function filterRange(columns: number, rows: number): string {
	return `A1:${columnLetters(columns)}${rows + 1}`;
}

/** Text that fits a cell; what is too long ends in a mark that says so (SPEC 12). */
export function cutText(text: string): string {
	if (text.length <= excelLimits.cellUnits) return text;
	const mark = cutMark(String([...text].length));
	return `${text.slice(0, excelLimits.cellUnits - 100).replace(/[\uD800-\uDBFF]$/, '')}${mark}`;
}

/** What stands at the end of a cell that was cut. `characters` is the length it had. */
export function cutMark(characters: string): string {
	return `… [cut: ${characters} characters]`;
}
