import {type Field, identifierOf, type ObjectDefinition} from '../../model/object.js';
import {hasIndex, hasTable, presentFields, type Schema} from './catalogue.js';
import type {Database} from './connection.js';
import {columnOf, keyColumnOf, lookupIndex, quote, tableOf} from './layout.js';

/** By what a field's rows are found in one place: the table under an index, the two partial indexes of a unique field, or a table made for it. */
type Way = 'table' | 'parts' | 'made';

/** One place where records of an object lie. */
export type Source = {
	readonly schema: Schema;
	readonly table: string;
	/** Whether a dry run's own records cover those here. */
	readonly covered: boolean;
	/** Whether the table has the field; a field it lacks is blank in all its records. */
	has(field: Field): boolean;
	/** How rows are found by a field. */
	way(field: Field): Way;
	/** How often the statement of `findRows` takes the values. */
	questions(field: Field): number;
};

/** The place of an object in `schema`, or null where it has no table. `made`, for a store under a dry run: the fields that have a look-up table. */
export function sourceOf(db: Database, schema: Schema, object: ObjectDefinition, made: ReadonlySet<string> | null = null): Source | null {
	if (!hasTable(db, schema, `record_${object.apiName}`)) return null;
	const present = presentFields(db, schema, object);
	const parts = new Set(
		object.fields
			.filter((field) => hasIndex(db, schema, `${object.apiName}.${field.apiName}:active`))
			.filter((field) => !hasIndex(db, schema, lookupIndex(object.apiName, field).name))
			.map(({apiName}) => apiName),
	);
	const way = (field: Field): Way => (made?.has(field.apiName) ? 'made' : parts.has(field.apiName) ? 'parts' : 'table');
	return {
		schema,
		covered: made !== null,
		table: tableOf(object.apiName),
		has: (field) => present.has(field.apiName),
		way,
		questions: (field) => (way(field) === 'parts' ? 2 : 1),
	};
}

/** Whether rows of the field are found without reading the whole table. */
export function isIndexed(db: Database, schema: Schema, object: ObjectDefinition, field: Field): boolean {
	const names = [`${object.apiName}.${field.apiName}:active`, lookupIndex(object.apiName, field).name];
	if (field === identifierOf(object)) names.push(`${object.apiName}.${field.apiName}:identifier`);
	return names.some((name) => hasIndex(db, schema, name));
}

/** The look-up table of a field of the store under a dry run, which has no index for it and may not be given one. */
export function madeTable(object: string, field: Field): string {
	return quote(`lookup_${object}.${field.apiName}`);
}

/** A record of the store is out of sight once the dry run has a copy of its own. */
export function visible(source: Source, row: string): string {
	return source.covered ? `AND NOT EXISTS (SELECT 1 FROM temp.${source.table} own WHERE own._row = ${row})` : '';
}

/** Finds (position of the value, row) for a list of values. */
export function findRows(source: Source, object: ObjectDefinition, field: Field, values: string): string {
	const from = (table: string, condition: string) => `SELECT sought.key, record._row
		FROM ${values} sought
		CROSS JOIN ${table} record ON ${condition} ${visible(source, 'record._row')}`;
	const table = `${source.schema}.${source.table}`;
	if (field.apiName === 'id') return from(table, `record._id = unhex(sought.value, '-')`);
	if (!source.has(field)) return `${from(table, 'FALSE')}`;
	const held = `record.${keyColumnOf(field)} = sought.value`;
	switch (source.way(field)) {
		case 'made':
			return from(`temp.${madeTable(object.apiName, field)}`, 'record.value = sought.value');
		case 'parts':
			return `${from(table, `${held} AND record._archived = 0`)} UNION ALL ${from(table, `${held} AND record._archived <> 0`)}`;
		default:
			return from(table, held);
	}
}

/** Selects (row, id in hexadecimal, archived, fields...) of a list of rows. */
export function selectRows(source: Source, fields: readonly Field[]): string {
	return `SELECT record._row, hex(record._id), record._archived${fields.map((field) => `, ${storedValue(source, field)}`).join('')}
		FROM json_each(?) wanted
		CROSS JOIN ${source.schema}.${source.table} record ON record._row = wanted.value ${visible(source, 'record._row')}`;
}

/** A field's value in one place; blank where the place does not have it. */
export function storedValue(source: Source, field: Field): string {
	return source.has(field) ? `record.${columnOf(field)}` : 'NULL';
}
