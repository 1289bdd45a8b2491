import type {FieldType} from '../../model/field-type.js';
import {type Field, identifierOf, type ObjectDefinition} from '../../model/object.js';

/*
 * How an object lies in SQLite: one table, one column a field. `_row` is the order of creation and never changes; `_id` is the record's
 * UUID in 16 bytes. Api names begin with a letter, so that columns of ours begin with `_` or hold a `#`.
 */

const decimalTypes: readonly FieldType[] = ['decimal', 'money', 'rating'];

export function isDecimal(type: FieldType): boolean {
	return decimalTypes.includes(type);
}

/** An SQLite identifier in quotes. */
export function quote(name: string): string {
	return `"${name.replaceAll('"', '""')}"`;
}

/** An SQLite text literal. */
export function quoteText(text: string): string {
	return `'${text.replaceAll("'", "''")}'`;
}

export function tableOf(object: string): string {
	return quote(`record_${object}`);
}

export function columnOf(field: Pick<Field, 'apiName'>): string {
	return quote(field.apiName);
}

/** The column a field is looked up and compared by: decimals have one beside their text. */
export function keyColumnName(field: Pick<Field, 'apiName' | 'type'>): string {
	return isDecimal(field.type) ? `${field.apiName}#key` : field.apiName;
}

export function keyColumnOf(field: Pick<Field, 'apiName' | 'type'>): string {
	return quote(keyColumnName(field));
}

export function affinityOf(field: Pick<Field, 'type' | 'multiple'>): 'INTEGER' | 'TEXT' {
	return !field.multiple && (field.type === 'integer' || field.type === 'checkbox') ? 'INTEGER' : 'TEXT';
}

/** The columns of one field, with their types, as `CREATE TABLE` and `ADD COLUMN` take them. */
export function columnsOf(field: Field): readonly string[] {
	const value = `${columnOf(field)} ${affinityOf(field)}`;
	return isDecimal(field.type) ? [value, `${keyColumnOf(field)} TEXT`] : [value];
}

export function createTable(schema: 'main' | 'temp', object: ObjectDefinition): string {
	return `CREATE TABLE ${schema}.${tableOf(object.apiName)} (
		_row INTEGER PRIMARY KEY,
		_id BLOB NOT NULL,
		_archived INTEGER NOT NULL DEFAULT 0,
		${object.fields.flatMap(columnsOf).join(',\n\t\t')}
	)`;
}

export type Index = {readonly name: string; sql(schema: 'main' | 'temp'): string};

const index = (object: string, field: Field | null, kind: string, unique: string, column: string, where: string): Index => {
	const name = `${object}.${field?.apiName ?? '_id'}:${kind}`;
	return {name, sql: (schema) => `CREATE ${unique} INDEX ${schema}.${quote(name)} ON ${tableOf(object)} (${column}) ${where}`};
};

/** The indexes an object cannot do without: they hold what SPEC 2.1 promises to be unique, and say which records are archived. */
export function uniqueIndexes(object: ObjectDefinition): readonly Index[] {
	const identifier = identifierOf(object);
	return [
		index(object.apiName, null, 'id', 'UNIQUE', '_id', ''),
		index(object.apiName, null, 'away', '', '_row', 'WHERE _archived <> 0'),
		index(object.apiName, identifier, 'identifier', 'UNIQUE', keyColumnOf(identifier), ''),
		...object.fields
			.filter((field) => field.unique && !field.identifier)
			.flatMap((field) => [
				index(object.apiName, field, 'active', 'UNIQUE', keyColumnOf(field), 'WHERE _archived = 0'),
				index(object.apiName, field, 'archived', '', keyColumnOf(field), 'WHERE _archived <> 0'),
			]),
	];
}

/** The index that says which rows are archived: a page of the active ones is then found without counting them. */
export function awayIndex(object: string): string {
	return quote(`${object}._id:away`);
}

/** The index of a field that rules look up and nothing else needs. */
export function lookupIndex(object: string, field: Field): Index {
	return index(object, field, 'lookup', '', keyColumnOf(field), '');
}
