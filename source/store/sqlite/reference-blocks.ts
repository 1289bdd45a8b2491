import type {Condition, Field, ObjectDefinition} from '../../model/object.js';
import type {ColumnBlock} from '../../model/sql-session.js';
import {fromColumn} from './codec.js';
import {compileCondition} from './condition-sql.js';
import type {Database} from './connection.js';
import {fieldsOf} from './fields.js';
import {idOfHex} from './record-id.js';
import {type Source, storedValue, visible} from './record-sql.js';

const rowsPerBlock = 10_000;

/**
 * The active records of an object, oldest first within each place, as blocks of [id, ...fields]. Integers are text, checkboxes booleans,
 * multi-values arrays of text; blank is null.
 */
export function* referenceBlocks(
	db: Database,
	sources: readonly Source[],
	object: ObjectDefinition,
	names: readonly string[],
	where: Condition | null,
): Iterable<ColumnBlock> {
	const field = fieldsOf(object);
	const fields = names.map(field);
	for (const source of sources) {
		const condition = where ? compileCondition(where, field, source) : {sql: 'TRUE', bound: []};
		const select = db
			.prepare(
				`SELECT record._row, hex(record._id)${fields.map((column) => `, ${storedValue(source, column)}`).join('')}
				FROM ${source.schema}.${source.table} record
				WHERE record._row > ? AND record._archived = 0 AND ${condition.sql} ${visible(source, 'record._row')}
				ORDER BY record._row
				LIMIT ${rowsPerBlock}`,
			)
			.raw()
			.safeIntegers();
		let after = 0n;
		for (;;) {
			const rows = select.all(after, ...condition.bound) as [bigint, string, ...unknown[]][];
			const last = rows.at(-1);
			if (!last) break;
			after = last[0];
			yield [
				rows.map(([, hex]) => idOfHex(hex)),
				...fields.map((column, index) => rows.map((row) => referenceValue(column, row[index + 2]))),
			];
		}
	}
}

function referenceValue(field: Field, stored: unknown): unknown {
	const value = fromColumn(field, stored);
	return typeof value === 'number' || typeof value === 'bigint' ? String(value) : value;
}
