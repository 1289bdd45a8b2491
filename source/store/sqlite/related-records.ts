import {type Field, identifierOf, type ObjectDefinition} from '../../model/object.js';
import type {RelatedByField} from '../../model/related-record.js';
import type {FieldValue} from '../../model/value.js';
import {compileCondition} from './condition-sql.js';
import type {Database} from './connection.js';
import {fieldsOf} from './fields.js';
import {idOfHex} from './record-id.js';
import {sourceOf} from './record-sql.js';
import {RecordTable} from './record-table.js';

/** The unique identifiers of the records that the relationships of these records name, by field, in the order of the records. */
export function relatedRecords(
	db: Database,
	object: ObjectDefinition,
	objects: readonly ObjectDefinition[],
	records: readonly {readonly fields: Readonly<Record<string, FieldValue>>}[],
): readonly RelatedByField[] {
	const relationships = object.fields.filter(({type}) => type === 'relationship');
	const named = new Map<string, string | null>();
	for (const related of objects.filter(({apiName}) => relationships.some((field) => field.object === apiName))) {
		const fields = relationships.filter((field) => field.object === related.apiName);
		const ids = new Set(records.flatMap((record) => fields.flatMap(({apiName}) => idsIn(record.fields, apiName))));
		for (const [id, name] of identifiers(db, related, [...ids])) named.set(id, name);
	}
	return records.map(({fields}) =>
		Object.fromEntries(
			relationships.flatMap(({apiName}) => {
				const ids = idsIn(fields, apiName);
				return ids.length === 0 ? [] : [[apiName, ids.map((id) => ({id, record: named.get(id) ?? null, to_be_created: false}))]];
			}),
		),
	);
}

/** The ids of the records of the field's object whose unique identifier is this text, archived ones included. */
export function idsByIdentifier(db: Database, field: Field, objects: readonly ObjectDefinition[], text: string): readonly string[] {
	const related = objects.find(({apiName}) => apiName === field.object);
	const source = related && sourceOf(db, 'main', related);
	if (!source) return [];
	const identifier = identifierOf(related).apiName;
	const {sql, bound} = compileCondition({field: identifier, is: '=', value: text.trim()}, fieldsOf(related), source);
	const found = db.prepare(`SELECT lower(hex(record._id)) FROM main.${source.table} record WHERE ${sql}`).pluck();
	return (found.all(...bound) as string[]).map(idOfHex);
}

function identifiers(db: Database, object: ObjectDefinition, ids: readonly string[]): ReadonlyMap<string, string | null> {
	const source = ids.length === 0 ? null : sourceOf(db, 'main', object);
	if (!source) return new Map();
	const found = new RecordTable(db, object, [source]).read(ids, [identifierOf(object).apiName]);
	return new Map(
		[...found].map(
			([
				id,
				{
					values: [name = null],
				},
			]) => [id, name === null ? null : String(name)],
		),
	);
}

function idsIn(fields: Readonly<Record<string, FieldValue>>, name: string): readonly string[] {
	const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
	return value === undefined ? [] : typeof value === 'object' ? value : [String(value)];
}
