import Sqlite from 'better-sqlite3';
import type {Field} from '../../model/object.js';
import type {PlainCreates} from '../record-store.js';
import type {Database} from './connection.js';
import {columnOf, isDecimal, keyColumnOf, tableOf} from './layout.js';
import type {RecordTable} from './record-table.js';

/**
 * Creates the records of a chunk in one statement that takes their values out of the JSON itself: a third of the time that binding each
 * costs, and no value ever becomes a JavaScript string (2.3 against 3.6 microseconds a row of eleven fields, and as much again for reading it).
 *
 * @returns false when a unique value is held already: the statement is undone then, the transaction stands
 */
export function createPlainly(db: Database, table: RecordTable, {fields: wanted, rows, ids}: PlainCreates): boolean {
	const columns = wanted.flatMap(({name, member}) => columnsOf(table.field(name), member));
	const insert = db.prepare(
		`INSERT INTO ${tableOf(table.object.apiName)} (_row, _id, ${columns.map(({column}) => column).join(', ')})
		SELECT @first + made.key, substr(@ids, 16 * made.key + 1, 16), ${columns.map(({value}) => value).join(', ')}
		FROM jsonb_each(CAST(@rows AS TEXT)) made`,
	);
	try {
		insert.run({first: table.nextRow(), ids, rows});
		return true;
	} catch (error) {
		if (error instanceof Sqlite.SqliteError && error.code === 'SQLITE_CONSTRAINT_UNIQUE') return false;
		throw error;
	}
}

/** The columns of a field with what they get. Integers and truth values become numbers by the type of their column. */
function columnsOf(field: Field, member: number): readonly {readonly column: string; readonly value: string}[] {
	const value = `made.value ->> ${member}`;
	const own = {column: columnOf(field), value};
	return isDecimal(field.type) ? [own, {column: keyColumnOf(field), value: `decimal_order(${value})`}] : [own];
}
