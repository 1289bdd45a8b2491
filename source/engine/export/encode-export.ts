import {rm} from 'node:fs/promises';
import {join} from 'node:path';
import {SluiceError} from '../../model/errors.js';
import {keptTable, literal} from '../../model/sql-text.js';
import {writeNew} from '../../platform/files/new-file.js';
import {exportText, rowsAlias} from './columns.js';
import {encodeFile, Unencodable} from './encode-csv.js';
import type {ExportFile} from './export-file.js';

/**
 * Brings a CSV from UTF-8 to the encoding that the export asks for.
 *
 * @param plain the file in UTF-8; it is removed
 * @returns where the result is
 * @throws SluiceError `export.encoding` for a value that the encoding does not hold
 */
export async function encodeExport(request: ExportFile, plain: string): Promise<string> {
	const path = join(request.folder, 'export.encoded.csv');
	try {
		await rm(path, {force: true});
		await writeNew(path, (file) => encodeFile(plain, file, request.csv));
		return path;
	} catch (error) {
		throw error instanceof Unencodable ? await withPlace(request, error) : error;
	} finally {
		await rm(plain, {force: true});
	}
}

/** The error with the row and the column of the character. */
async function withPlace({session, table, columns, csv}: ExportFile, {character}: Unencodable): Promise<SluiceError> {
	const header = columns.find(({name}) => character !== null && name.includes(character));
	const [found] = header ? [] : await session.rows<{row: string | number; column: number}>(firstRowWith(character, {table, columns}));
	const column = header?.name ?? columns[Number(found?.column ?? 0) - 1]?.name ?? '';
	const message =
		character === null
			? `A value of the column "${column}" is not valid text`
			: `"${character}" (${codePoint(character)}) in the column "${column}" cannot be written in ${csv.encoding}`;
	return new SluiceError('export.encoding', message, {
		where: found ? `row ${found.row}, column "${column}"` : `header, column "${column}"`,
		expected: character === null ? 'UTF-8' : `characters of ${csv.encoding}`,
	});
}

function firstRowWith(character: string | null, {table, columns}: Pick<ExportFile, 'table' | 'columns'>): string {
	const conditions = columns.map((column, at) => {
		const text = `ifNull(${exportText(column)}, '')`;
		return `${character === null ? `NOT isValidUTF8(${text})` : `position(${text}, ${literal(character)}) > 0`}, ${at + 1}`;
	});
	return `SELECT ${rowsAlias}.__row AS row, multiIf(${conditions.join(', ')}, 0) AS column
FROM ${keptTable(`sql:${table}`)} AS ${rowsAlias}
WHERE column > 0
ORDER BY ${rowsAlias}.__row
LIMIT 1`;
}

function codePoint(character: string): string {
	return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
