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

/** What a search asks for, in SQL over `record`. @throws SluiceError `store.unknown` for a field that is not there */
export function compileQuery(object: ObjectDefinition, source: Source, {find, where, archived}: Query): Where {
	const field = fieldsOf(object);
	const conditions = where.map(({field: name, value}) => asked(field(name), value));
	const parts = [compileCondition({all: conditions}, field, source)];
	if (!archived) parts.push({sql: 'record._archived = 0', bound: []});
	if (find !== null) parts.push(holdsSomewhere(object, source, find));
	return {sql: parts.map(({sql}) => sql).join(' AND '), bound: parts.flatMap(({bound}) => bound)};
}

function asked({apiName, multiple}: Field, value: string): Condition {
	if (value.trim() === '') return {field: apiName, is: 'is_blank', value: true};
	return {field: apiName, is: multiple ? 'contains' : '=', value};
}

function holdsSomewhere(object: ObjectDefinition, source: Source, text: string): Where {
	const parts = object.fields
		.filter(({type}) => type !== 'checkbox')
		.map((field) => {
			const value = storedValue(source, field);
			if (!field.multiple) return textHolds(value, text);
			const member = textHolds('member.value', text);
			return {sql: `EXISTS (SELECT 1 FROM json_each(${value}) member WHERE ${member.sql})`, bound: member.bound};
		});
	const id = text.trim().toLowerCase();
	if (isId(id)) parts.push({sql: `record._id = unhex(?, '-')`, bound: [id]});
	return {sql: `(${parts.map(({sql}) => sql).join(' OR ')})`, bound: parts.flatMap(({bound}) => bound)};
}
