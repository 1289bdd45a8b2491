import type {Field, ObjectDefinition} from '../../model/object.js';
import type {Database} from './connection.js';
import {keyColumnName, quote, quoteText} from './layout.js';

/** Where tables lie: `main` is the store's file, `temp` what a dry run has over it. Names without a schema mean `temp` first. */
export type Schema = 'main' | 'temp';

export type StoredField = {readonly field: string; readonly type: string; readonly multiple: boolean};

/** Whether a table is there. */
export function hasTable(db: Database, schema: Schema, name: string): boolean {
	return db.prepare(`SELECT 1 FROM ${schema}.sqlite_schema WHERE type = 'table' AND name = ?`).get(name) !== undefined;
}

export function hasIndex(db: Database, schema: Schema, name: string): boolean {
	return db.prepare(`SELECT 1 FROM ${schema}.sqlite_schema WHERE type = 'index' AND name = ?`).get(name) !== undefined;
}

/** The columns a table has; empty when it is not there. */
export function columnNames(db: Database, schema: Schema, object: string): ReadonlySet<string> {
	const rows = db.prepare(`SELECT name FROM pragma_table_info(${quoteText(`record_${object}`)}, ${quoteText(schema)})`).all();
	return new Set((rows as {name: string}[]).map(({name}) => name));
}

/** The fields an object has ever had, hidden ones included, as they were when they were made. */
export function storedFields(db: Database, schema: Schema, object: string): ReadonlyMap<string, StoredField> {
	if (!hasTable(db, schema, 'field')) return new Map();
	const rows = db.prepare(`SELECT field, type, multiple FROM ${schema}.field WHERE object = ?`).all(object);
	return new Map(
		(rows as {field: string; type: string; multiple: number}[]).map((row) => [row.field, {...row, multiple: row.multiple !== 0}]),
	);
}

/** Whether the stored field still is what the definition says. */
export function sameShape(stored: StoredField, field: Field): boolean {
	return stored.type === field.type && stored.multiple === field.multiple;
}

/** The definition with each field in the shape that the store has it in: a change of type is refused while records hold values. */
export function asStored(db: Database, schema: Schema, object: ObjectDefinition): ObjectDefinition {
	const stored = storedFields(db, schema, object.apiName);
	const fields = object.fields.map((field): Field => {
		const known = stored.get(field.apiName);
		return known && !sameShape(known, field) ? {...field, type: known.type as Field['type'], multiple: known.multiple} : field;
	});
	return {...object, fields};
}

/** The fields of a definition whose columns are there in the shape they need. */
export function presentFields(db: Database, schema: Schema, object: ObjectDefinition): ReadonlySet<string> {
	const columns = columnNames(db, schema, object.apiName);
	const stored = storedFields(db, schema, object.apiName);
	const present = object.fields.filter((field) => {
		const known = stored.get(field.apiName);
		return known && sameShape(known, field) && columns.has(keyColumnName(field));
	});
	return new Set(present.map(({apiName}) => apiName));
}

/** How many records, archived ones included, hold something in a column. */
export function holding(db: Database, schema: Schema, table: string, column: string): number {
	const {held} = db.prepare(`SELECT count(${quote(column)}) AS held FROM ${schema}.${table}`).get() as {held: number};
	return held;
}
