import {type FieldType, identifierTypes, optionTypes} from '../../model/field-type.js';
import type {Field} from '../../model/object.js';
import type {FieldInput} from '../schema/object-schema.js';
import type {Report} from '../shape/report.js';
import type {Path} from '../yaml/yaml-file.js';

/** Names that records have for themselves, beside their fields. */
const reserved = ['id', 'kizen_id'];
const alwaysMultiple: readonly FieldType[] = ['checkboxes', 'dynamic_tags'];

/** The fields of an object as the model has them. */
export function buildFields(fields: readonly FieldInput[], report: Report): readonly Field[] {
	return fields.map((field, index) => {
		const path: Path = ['fields', index];
		return {
			apiName: field.api_name,
			name: field.name ?? field.api_name,
			type: field.type,
			identifier: field.identifier,
			required: field.required,
			unique: field.unique,
			options: (field.options ?? []).map((option, item) => report.text([...path, 'options', item], option)),
			object: field.type === 'relationship' ? (field.object ?? null) : null,
			multiple: alwaysMultiple.includes(field.type) || (field.multiple ?? false),
		};
	});
}

/**
 * What SPEC 2.1 asks of fields, beyond their shape.
 *
 * @param objects every object there is a file for
 * @param isWhole whether all fields could be read: otherwise the identifier may be among those that could not
 */
export function checkFields(fields: readonly FieldInput[], report: Report, objects: readonly string[], isWhole: boolean): void {
	const seen = new Set<string>();
	for (const [index, field] of fields.entries()) {
		const path: Path = ['fields', index];
		if (reserved.includes(field.api_name)) {
			report.at([...path, 'api_name'], {
				code: 'workspace.bad_name',
				message: `"${field.api_name}" is a name every record has for itself`,
				expected: `any api_name but ${reserved.join(', ')}`,
			});
		}
		if (seen.has(field.api_name)) {
			report.at([...path, 'api_name'], {code: 'workspace.duplicate_name', message: `Another field is already named "${field.api_name}"`});
		}
		seen.add(field.api_name);
		checkRelationship(field, path, report, objects);
		checkOptions(field, path, report);
	}
	checkIdentifier(fields, report, isWhole);
}

function checkRelationship(field: FieldInput, path: Path, report: Report, objects: readonly string[]): void {
	if (field.type !== 'relationship') {
		for (const key of ['object', 'multiple'] as const) {
			if (field[key] === undefined) continue;
			report.atKey([...path, key], {
				code: 'workspace.contradiction',
				message: `"${key}" is for relationships, and this field is ${field.type}`,
				expected: 'type: relationship',
			});
		}
		return;
	}
	if (field.object === undefined) {
		report.lack(path, ['object'], {
			code: 'workspace.missing_key',
			message: `The relationship "${field.api_name}" does not say which object it leads to`,
			expected: `object: ${objects.join(', ')}`,
		});
	} else if (!objects.includes(field.object)) {
		report.unknown([...path, 'object'], 'object', field.object, objects);
	}
}

function checkOptions(field: FieldInput, path: Path, report: Report): void {
	if (field.options === undefined) return;
	const takers: readonly FieldType[] = [...optionTypes, 'dynamic_tags'];
	if (!takers.includes(field.type)) {
		report.atKey([...path, 'options'], {
			code: 'workspace.contradiction',
			message: `A field of type ${field.type} has no options`,
			expected: `type: ${takers.join(', ')}`,
		});
	}
	const seen = new Set<string>();
	for (const [index, option] of field.options.entries()) {
		const text = report.text([...path, 'options', index], option);
		if (seen.has(text))
			report.at([...path, 'options', index], {code: 'workspace.duplicate_name', message: `The option "${text}" stands here twice`});
		seen.add(text);
	}
}

function checkIdentifier(fields: readonly FieldInput[], report: Report, isWhole: boolean): void {
	const marked = [...fields.entries()].filter(([, {identifier}]) => identifier);
	const [first, ...more] = marked;
	if (first === undefined) {
		const candidates = fields.filter(({type}) => identifierTypes.includes(type)).map(({api_name}) => api_name);
		if (!isWhole) return;
		report.atKey(['fields'], {
			code: 'workspace.identifier',
			message: 'No field is the unique identifier',
			expected: `identifier: true at one field of type ${identifierTypes.join(', ')}${candidates.length > 0 ? `: ${candidates.join(', ')}` : ''}`,
		});
		return;
	}
	for (const [index, {api_name}] of more) {
		report.at(['fields', index, 'identifier'], {
			code: 'workspace.identifier',
			message: `"${api_name}" cannot be the unique identifier too: "${first[1].api_name}" is`,
			expected: 'exactly one field with identifier: true',
		});
	}
	const [index, {api_name, type}] = first;
	if (identifierTypes.includes(type)) return;
	report.at(['fields', index, 'type'], {
		code: 'workspace.identifier',
		message: `"${api_name}" cannot identify records: its type is ${type}`,
		expected: identifierTypes.join(', '),
	});
}
