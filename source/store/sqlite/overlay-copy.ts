import type {ObjectDefinition} from '../../model/object.js';
import type {Database} from './connection.js';
import {columnOf, isDecimal, keyColumnOf} from './layout.js';
import type {Source} from './record-sql.js';

/** Copies the store's records that a dry run is about to change into its scratch file, under the same rows. Those it has are left alone. */
export function bringOver(db: Database, object: ObjectDefinition, base: Source, rows: readonly number[]): void {
	if (rows.length === 0) return;
	const columns = object.fields
		.filter((field) => base.has(field))
		.flatMap((field) => (isDecimal(field.type) ? [columnOf(field), keyColumnOf(field)] : [columnOf(field)]));
	const all = ['_row', '_id', '_archived', ...columns];
	db.prepare(
		`INSERT INTO temp.${base.table} (${all.join(', ')})
		SELECT ${all.map((column) => `record.${column}`).join(', ')}
		FROM json_each(?) wanted
		CROSS JOIN main.${base.table} record ON record._row = wanted.value
		WHERE NOT EXISTS (SELECT 1 FROM temp.${base.table} own WHERE own._row = record._row)`,
	).run(JSON.stringify([...rows].sort((a, b) => a - b)));
}
