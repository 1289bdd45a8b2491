import type {FieldType} from './field-type.js';
import type {Field} from './object.js';
import {type VariableType, variableTypes} from './variable.js';

const textual: readonly FieldType[] = ['text', 'longtext'];

/** Which field types a variable's kind suits as such, without going through text (SPEC 6). */
const suits: Readonly<Record<VariableType, readonly FieldType[]>> = {
	/** Text alone can say `maybe`, which no boolean holds. */
	string: [
		...textual,
		'email',
		'url',
		'phone_number',
		'yes_no_maybe',
		'dropdown',
		'radio',
		'relationship',
		'uuid',
		'checkboxes',
		'dynamic_tags',
	],
	email: [...textual, 'email', 'url', 'phone_number', 'dropdown', 'radio', 'relationship', 'uuid', 'checkboxes', 'dynamic_tags'],
	number: ['integer', 'decimal', 'money', 'rating'],
	boolean: ['checkbox', 'yes_no_maybe'],
	date: ['date', 'datetime'],
	datetime: ['date', 'datetime'],
	phone_number: ['phone_number'],
	uuid: ['relationship', 'uuid'],
};

/** Whether a variable may be mapped to the field: by kind, or through its text form to a text field. */
export function canMap(variable: {type: VariableType; array: boolean}, field: Field): boolean {
	if (variable.array) return field.multiple && suits[variable.type].includes(field.type);
	return textual.includes(field.type) || suits[variable.type].includes(field.type);
}

/** Whether a variable may be matched with the field (`id` counts as a uuid field): by kind alone. */
export function canMatch(variable: {type: VariableType; array: boolean}, field: Pick<Field, 'type' | 'multiple'>): boolean {
	return !variable.array && !field.multiple && suits[variable.type].includes(field.type);
}

/** The variable types that fit the field, for the message that refuses one that does not. */
export function typesThatFit(field: Field, fits: typeof canMap | typeof canMatch): readonly VariableType[] {
	return variableTypes.filter((type) => fits({type, array: false}, field) || (field.multiple && fits({type, array: true}, field)));
}
