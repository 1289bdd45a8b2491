/** The types a field of an object can have (SPEC 2.1). */
export const fieldTypes = [
	'text',
	'longtext',
	'email',
	'phone_number',
	'url',
	'integer',
	'decimal',
	'money',
	'rating',
	'checkbox',
	'yes_no_maybe',
	'date',
	'datetime',
	'dropdown',
	'radio',
	'checkboxes',
	'dynamic_tags',
	'relationship',
	'uuid',
] as const;

export type FieldType = (typeof fieldTypes)[number];

/** The types whose value may serve as an object's unique identifier (SPEC 2.1). */
export const identifierTypes: readonly FieldType[] = ['text', 'email', 'phone_number', 'url', 'integer', 'uuid'];

/** The types whose values come from a list of options. `dynamic_tags` takes any text and is not one of them. */
export const optionTypes: readonly FieldType[] = ['dropdown', 'radio', 'checkboxes'];
