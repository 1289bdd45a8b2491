import {mkdir, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {enginePath} from '../../model/engine-path.js';
import type {SqlSession} from '../../model/sql-session.js';
import {writeZip} from '../archive/zip-file.js';
import {stylesXml} from './cell-style.js';
import {contentTypesXml, packageRelationshipsXml, sheetPath, workbookRelationshipsXml, workbookXml} from './package-parts.js';
import type {SheetColumn} from './row-xml.js';
import {excelLimits} from './sheet-frame.js';
import {sheetNamer} from './sheet-names.js';
import {writeTableSheet} from './table-sheet.js';

/**
 * Writes a workbook that holds one table and nothing else, in as many sheets as its rows need, each with the header.
 *
 * @returns the names of its sheets
 * @throws SluiceError `report.unwritable`, `report.damaged`, `sql.*`
 */
export async function writeTableWorkbook(request: {
	readonly session: SqlSession;
	/** The execution's folder, absolute. */
	readonly folder: string;
	readonly target: string;
	readonly title: string;
	readonly table: string;
	readonly columns: readonly SheetColumn[];
	readonly threads: number;
}): Promise<readonly string[]> {
	const {session, folder, target, title, table, columns, threads} = request;
	const scratch = join(folder, 'export.building');
	await rm(scratch, {recursive: true, force: true});
	await mkdir(scratch, {recursive: true, mode: 0o700});
	const options = {
		scratch: {host: scratch, engine: enginePath(scratch, folder)},
		threads,
		rowsPerSheet: excelLimits.rows,
		compressionLevel: 1,
	};
	const named = sheetNamer();
	const names: string[] = [];
	try {
		await writeZip(target, async (entries) => {
			const {parts} = await writeTableSheet(session, {title, table, columns}, 'table', options);
			const sheets = parts.map((part, at) => ({name: named(title, at + 1), filtered: part}));
			for (const [at, {xml}] of parts.entries()) {
				if (typeof xml === 'string') await entries.text(sheetPath(at + 1), xml);
				else await entries.splice(sheetPath(at + 1), xml);
			}
			names.push(...sheets.map(({name}) => name));
			await entries.text('xl/styles.xml', stylesXml);
			await entries.text('xl/workbook.xml', workbookXml(sheets));
			await entries.text('xl/_rels/workbook.xml.rels', workbookRelationshipsXml(sheets.length));
			await entries.text('_rels/.rels', packageRelationshipsXml);
			await entries.text('[Content_Types].xml', contentTypesXml(sheets.length));
		});
		return names;
	} finally {
		await rm(scratch, {recursive: true, force: true});
	}
}
