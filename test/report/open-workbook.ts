import {readFileSync} from 'node:fs';
import exceljs from 'exceljs';
import jszip from 'jszip';

/** A workbook as an independent reader sees it. */
export async function openWorkbook(path: string): Promise<exceljs.Workbook> {
	const workbook = new exceljs.Workbook();
	await workbook.xlsx.readFile(path);
	return workbook;
}

/** A sheet's values, header first; a missing cell is null. */
export function valuesOf(workbook: exceljs.Workbook, sheet: string): unknown[][] {
	const worksheet = workbook.getWorksheet(sheet);
	if (!worksheet) throw new Error(`No sheet ${sheet}, but ${workbook.worksheets.map(({name}) => name).join(', ')}`);
	const rows: unknown[][] = [];
	for (let row = 1; row <= worksheet.rowCount; row++)
		rows.push(Array.from({length: worksheet.columnCount}, (_, index) => worksheet.getRow(row).getCell(index + 1).value));
	return rows;
}

/** The members of an archive as text, by name, read by another program than wrote it. CRCs are checked. */
export async function members(path: string): Promise<Map<string, string>> {
	const archive = await jszip.loadAsync(readFileSync(path), {checkCRC32: true});
	const found = new Map<string, string>();
	for (const [name, entry] of Object.entries(archive.files)) found.set(name, await entry.async('string'));
	return found;
}
