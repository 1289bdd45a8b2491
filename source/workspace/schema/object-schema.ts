import * as z from 'zod';
import {fieldTypes} from '../../model/field-type.js';
import {comparisons} from '../../model/object.js';
import {anyText, apiName, title} from './text.js';

const field = z.strictObject({
	api_name: apiName().describe('The name that configuration, SQL and the command line use. It never changes.'),
	name: title().optional().describe('The name people read. Default: the api_name.'),
	type: z.enum(fieldTypes).describe('What kind of value the field holds.'),
	identifier: z
		.boolean()
		.default(false)
		.describe(
			"The object's unique identifier: exactly one field (text, email, phone_number, url, integer or uuid). Unique among archived records too, and required.",
		),
	required: z.boolean().default(false).describe('A record cannot be created without a value.'),
	unique: z.boolean().default(false).describe('No two active records hold the same value.'),
	options: z.array(anyText()).optional().describe('What can be chosen, for dropdown, radio, checkboxes and dynamic_tags.'),
	object: apiName().optional().describe('For a relationship: the related object.'),
	multiple: z.boolean().optional().describe('For a relationship: it leads to several records.'),
});

const scalarOrList = z.union([anyText(), z.array(anyText())]);

const condition = z.strictObject({
	get all() {
		return z.array(condition).optional().describe('Every one of these conditions holds.');
	},
	get any() {
		return z.array(condition).optional().describe('At least one of these conditions holds.');
	},
	field: z.string().optional().describe('The field that is compared.'),
	is: z.enum(comparisons).optional().describe('How the field is compared.'),
	value: scalarOrList
		.optional()
		.describe('What the field is compared with: a list of two for `between`, a list for `any_of` and `none_of`, nothing for `is_blank`.'),
});

export type ConditionInput = z.output<typeof condition>;

const filterGroup = z.strictObject({
	api_name: apiName().describe('The name that reference data and exports use.'),
	name: title().optional().describe('The name people read. Default: the api_name.'),
	where: condition.describe('Which records belong to the group: one comparison, or `all` / `any` of several, nested as needed.'),
});

export const objectSchema = z.strictObject({
	name: title().optional().describe('The name people read. Default: the api_name, which is the name of the file.'),
	fields: z.array(field).min(1).describe('The fields of a record, in the order people see them.'),
	filter_groups: z.array(filterGroup).default([]).describe('Named selections of records, for reference data and exports.'),
});

export type ObjectInput = z.output<typeof objectSchema>;
export type FieldInput = z.output<typeof field>;
