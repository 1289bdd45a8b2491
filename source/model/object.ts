import {type FieldType, optionTypes} from './field-type.js';

export type Field = {
	readonly apiName: string;
	readonly name: string;
	readonly type: FieldType;
	/** The object's unique identifier: exactly one field; implicitly unique (archived records included) and required. */
	readonly identifier: boolean;
	readonly required: boolean;
	/** Binds active records only. */
	readonly unique: boolean;
	/** For dropdown, radio and checkboxes, as the file lists them; options that runs add live in the store. */
	readonly options: readonly string[];
	/** The related object, for relationship fields. */
	readonly object: string | null;
	/** Whether the value is an array: checkboxes, dynamic_tags, and relationships with `multiple: true`. */
	readonly multiple: boolean;
};

export const comparisons = [
	'=',
	'!=',
	'>',
	'>=',
	'<',
	'<=',
	'between',
	'contains',
	'starts_with',
	'any_of',
	'none_of',
	'is_blank',
] as const;

export type Comparison = (typeof comparisons)[number];

export type Condition =
	| {readonly all: readonly Condition[]}
	| {readonly any: readonly Condition[]}
	| {
			readonly field: string;
			readonly is: Comparison;
			readonly value: string | number | boolean | readonly (string | number | boolean)[] | null;
	  };

export type FilterGroup = {readonly apiName: string; readonly name: string; readonly where: Condition};

export type ObjectDefinition = {
	readonly apiName: string;
	readonly name: string;
	readonly fields: readonly Field[];
	readonly filterGroups: readonly FilterGroup[];
};

/** The object's unique identifier field. A checked object always has one. */
export function identifierOf(object: ObjectDefinition): Field {
	const field = object.fields.find((candidate) => candidate.identifier);
	if (!field) throw new Error(`Object ${object.apiName} has no identifier`);
	return field;
}

export function hasOptions(field: Field): boolean {
	return optionTypes.includes(field.type);
}
