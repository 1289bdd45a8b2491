import {expect, test} from 'vitest';
import {canMap, canMatch, typesThatFit} from '../../source/model/compatibility.js';
import {type FieldType, fieldTypes} from '../../source/model/field-type.js';
import type {Field} from '../../source/model/object.js';
import {type VariableType, variableTypes} from '../../source/model/variable.js';

/** SPEC 6, "A variable's kind must suit the field", written out again. */
const byKind: Readonly<Record<VariableType, string>> = {
	string: 'text longtext email url phone_number yes_no_maybe dropdown radio relationship uuid checkboxes dynamic_tags',
	email: 'text longtext email url phone_number dropdown radio relationship uuid checkboxes dynamic_tags',
	number: 'integer decimal money rating',
	boolean: 'checkbox yes_no_maybe',
	date: 'date datetime',
	datetime: 'date datetime',
	phone_number: 'phone_number',
	uuid: 'relationship uuid',
};

const several: readonly FieldType[] = ['checkboxes', 'dynamic_tags'];

function field(type: FieldType, multiple = several.includes(type)): Field {
	return {apiName: 'f', name: 'F', type, identifier: false, required: false, unique: false, options: [], object: null, multiple};
}

test.each(variableTypes)('%s suits the fields of its kind, and text through its text form', (type) => {
	const kinds = byKind[type].split(' ');
	const mapped = fieldTypes.filter((fieldType) => canMap({type, array: false}, field(fieldType)));
	const matched = fieldTypes.filter((fieldType) => canMatch({type, array: false}, field(fieldType)));
	expect(mapped).toEqual(fieldTypes.filter((fieldType) => kinds.includes(fieldType) || ['text', 'longtext'].includes(fieldType)));
	expect(matched).toEqual(fieldTypes.filter((fieldType) => kinds.includes(fieldType) && !several.includes(fieldType)));
});

test('an array goes to fields with several values alone, and matches nothing', () => {
	const taken = fieldTypes.filter((fieldType) => canMap({type: 'string', array: true}, field(fieldType)));
	expect(taken).toEqual(several);
	expect(canMap({type: 'uuid', array: true}, field('relationship', true))).toBe(true);
	expect(canMap({type: 'number', array: true}, field('dynamic_tags'))).toBe(false);
	expect(fieldTypes.some((fieldType) => canMatch({type: 'string', array: true}, field(fieldType)))).toBe(false);
});

test('a refusal can list what would fit', () => {
	expect(typesThatFit(field('money'), canMap)).toEqual(['number']);
	expect(typesThatFit(field('text'), canMatch)).toEqual(['email', 'string']);
	expect(typesThatFit(field('relationship', true), canMap)).toEqual(['email', 'string', 'uuid']);
});
