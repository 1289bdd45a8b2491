import type {Condition, Field, ObjectDefinition} from '../../model/object.js';
import {compileCondition, textHolds, type Where} from './condition-sql.js';
import {fieldsOf} from './fields.js';
import {isId} from './record-id.js';
import {type Source, storedValue} from './record-sql.js';

type Query = {
	readonly find: string | null;
	readonly where: readonly {readonly field: string; readonly value: string}[];
	readonly archived: boolean;
};

/** The ids of the related records whose unique identifier is this text. */
export type RelatedIds = (field: Field, text: string) => readonly string[];

/**
 * What a search asks for, in SQL over `record`. A relationship is found by the related record's id and by its unique identifier.
 *
 * @throws SluiceError `store.unknown` for a field that is not there
 */
export function compileQuery(object: ObjectDefinition, source: Source, {find, where, archived}: Query, relatedIds: RelatedIds): Where {
	const field = fieldsOf(object);
	const conditions = where.map(({field: name, value}) => asked(field(name), value, relatedIds));
	const parts = [compileCondition({all: conditions}, field, source)];
	if (!archived) parts.push({sql: 'record._archived = 0', bound: []});
	if (find !== null) parts.push(holdsSomewhere(object, source, find, relatedIds));
	return {sql: parts.map(({sql}) => sql).join(' AND '), bound: parts.flatMap(({bound}) => bound)};
}

function asked(field: Field, value: string, relatedIds: RelatedIds): Condition {
	const {apiName, multiple, type} = field;
	if (value.trim() === '') return {field: apiName, is: 'is_blank', value: true};
	if (type === 'relationship') return names(field, [value, ...relatedIds(field, value)]);
	return {field: apiName, is: multiple ? 'contains' : '=', value};
}

/** Whether a relationship names one of these records. */
function names({apiName, multiple}: Field, ids: readonly string[]): Condition {
	return {field: apiName, is: multiple ? 'contains' : 'any_of', value: [...ids]};
}

function holdsSomewhere(object: ObjectDefinition, source: Source, text: string, relatedIds: RelatedIds): Where {
	const parts = object.fields
		.filter(({type}) => type !== 'checkbox')
		.map((field) => {
			const value = storedValue(source, field);
			if (!field.multiple) return textHolds(value, text);
			const member = textHolds('member.value', text);
			return {sql: `EXISTS (SELECT 1 FROM json_each(${value}) member WHERE ${member.sql})`, bound: member.bound};
		});
	for (const field of object.fields) {
		const ids = field.type === 'relationship' ? relatedIds(field, text) : [];
		if (ids.length > 0) parts.push(compileCondition(names(field, ids), fieldsOf(object), source));
	}
	const id = text.trim().toLowerCase();
	if (isId(id)) parts.push({sql: `record._id = unhex(?, '-')`, bound: [id]});
	return {sql: `(${parts.map(({sql}) => sql).join(' OR ')})`, bound: parts.flatMap(({bound}) => bound)};
}
