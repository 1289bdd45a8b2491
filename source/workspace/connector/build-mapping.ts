import {canMap, typesThatFit} from '../../model/compatibility.js';
import type {ConflictMode, MappingRule} from '../../model/load-step.js';
import {type Field, hasOptions} from '../../model/object.js';
import type {MappingInput} from '../schema/load-step-schema.js';
import type {Path} from '../yaml/yaml-file.js';
import {typeOfField} from './build-matching.js';
import {type StepContext, typeName, typeOfVariable} from './step-context.js';

/** The mapping rules of a step (SPEC 8.2). That the identifier is among them is for the step to check. */
export function buildMapping(rules: readonly MappingInput[], within: Path, context: StepContext): readonly MappingRule[] {
	const seen = new Set<string>();
	return rules.map((rule, index) => {
		const path = [...within, index];
		const field = context.object?.draft?.fields.find(({apiName}) => apiName === rule.field);
		checkField(rule, path, seen, context);
		checkVariables(rule, field, path, context);
		if (field) checkModes(rule, field, path, context);
		return {
			field: rule.field,
			variables: rule.variables,
			join: rule.join,
			conflict: rule.conflict ?? defaultConflict(field),
			createOptions: rule.create_options,
		};
	});
}

/** Nothing is renamed by accident (SPEC 8.2). */
function defaultConflict(field: Field | undefined): ConflictMode {
	return field?.identifier ? 'only_update_blank' : 'overwrite_skip_blank';
}

function checkField({field}: MappingInput, path: Path, seen: Set<string>, {object, report}: StepContext): void {
	if (field === 'id') {
		report.at([...path, 'field'], {
			code: 'workspace.bad_name',
			message: "A record's id is given to it and cannot be mapped",
			expected: object ? object.fieldNames.join(', ') : 'a field of the object',
		});
	} else if (object && !object.fieldNames.includes(field)) {
		report.unknown([...path, 'field'], `field of ${object.apiName}`, field, object.fieldNames);
	}
	if (seen.has(field)) {
		report.at([...path, 'field'], {
			code: 'workspace.duplicate_name',
			message: `"${field}" is mapped twice in this step`,
			expected: 'one mapping a field; several variables can be joined in it',
		});
	}
	seen.add(field);
}

function checkVariables({variables}: MappingInput, field: Field | undefined, path: Path, context: StepContext): void {
	for (const [index, name] of variables.entries()) {
		const place = [...path, 'variables', index];
		const variable = typeOfVariable(name, place, context);
		if (!variable || !field) continue;
		// why: joined values are one text, whatever they were before; a field with several values takes each as it is.
		const isJoined = variables.length > 1 && !field.multiple;
		const isText = canMap({type: 'string', array: false}, field);
		if (isJoined ? isText && !variable.array : canMap(variable, field)) continue;
		const fitting = typesThatFit(field, canMap);
		context.report.at(place, {
			code: 'workspace.incompatible',
			message:
				isJoined && !isText
					? `Several variables become one text, which does not suit "${field.apiName}", whose type is ${field.type}`
					: `"${name}" is ${typeName(variable)} and does not suit "${field.apiName}", whose type is ${typeOfField(field)}`,
			expected:
				isJoined && !isText
					? 'one variable'
					: `a variable of type ${fitting.join(', ')}${variable.array && !field.multiple ? ', and no array' : ''}`,
		});
	}
}

function checkModes({conflict, create_options}: MappingInput, field: Field, path: Path, {report}: StepContext): void {
	if (conflict === 'only_add_options' && !field.multiple) {
		report.at([...path, 'conflict'], {
			code: 'workspace.incompatible',
			message: `"only_add_options" is for fields with several values, and "${field.apiName}" is ${field.type}`,
			expected: 'overwrite, overwrite_skip_blank, only_update_blank',
		});
	}
	if (create_options && !hasOptions(field) && field.type !== 'dynamic_tags') {
		report.atKey([...path, 'create_options'], {
			code: 'workspace.contradiction',
			message: `"create_options" is for fields with options, and "${field.apiName}" is ${field.type}`,
			expected: 'a field of type dropdown, radio, checkboxes',
		});
	}
}
