import type {ReadOptions} from '../../model/read-options.js';
import {type FileKind, kindOf} from './file-kind.js';

/** The kinds whose rows have no header row, no names by position and no last lines to leave out. */
const rowsOf: Partial<Record<FileKind, string>> = {json: 'JSON', parquet: 'Parquet'};

/**
 * Says which options that say what the rows of a file are (`header_row`, `columns`, `skip_last`) do nothing to this one. Options that say how
 * a file is opened are for the files that need them.
 *
 * @param name the name it came with
 * @returns a warning, or none
 */
export function unusedOptions(name: string, {headerRow, columns, skipLast}: ReadOptions): readonly {message: string; cure: string}[] {
	const what = rowsOf[kindOf(name)];
	if (what === undefined) return [];
	const unused = [headerRow !== null && 'header_row', columns !== null && 'columns', skipLast > 0 && 'skip_last'].filter(
		(key) => key !== false,
	);
	if (unused.length === 0) return [];
	const does = unused.length === 1 ? 'does' : 'do';
	const message = `${name}: ${unused.map((key) => `read.${key}`).join(', ')} ${does} nothing to a ${what} file; all its rows are read`;
	return [{message, cure: 'Remove the key, or leave out rows and rename columns in the SQL.'}];
}
