import Sqlite from 'better-sqlite3';
import type {BulkCreates} from '../../record-store.js';
import type {Database} from '../connection.js';
import {columnOf, isDecimal, keyColumnOf, tableOf} from '../layout.js';
import type {RecordTable} from '../record-table.js';
import type {StagedRows} from './staged-rows.js';

/**
 * Creates the records of a chunk in one statement that reads the rows as a table of its own: no value ever becomes a JavaScript string.
 * Integers and truth values become numbers by the type of their column.
 *
 * @returns false when a unique value is held already, or where a row is too long: the statement is undone then, the transaction stands
 */
export function createPlainly(db: Database, table: RecordTable, staged: StagedRows, {fields, rows, ids}: BulkCreates): boolean {
	if (!staged.stage(table, fields, rows)) return false;
	const columns = fields
		.map(table.field)
		.flatMap((field) => (isDecimal(field.type) ? [columnOf(field), keyColumnOf(field)] : [columnOf(field)]));
	const insert = db.prepare(
		`INSERT INTO ${tableOf(table.object.apiName)} (_row, _id, ${columns.join(', ')})
		SELECT @first + _place, substr(@ids, 16 * _place + 1, 16), ${columns.join(', ')}
		FROM staged.rows`,
	);
	try {
		insert.run({first: table.nextRow(), ids});
		return true;
	} catch (error) {
		if (error instanceof Sqlite.SqliteError && error.code === 'SQLITE_CONSTRAINT_UNIQUE') return false;
		throw error;
	}
}
