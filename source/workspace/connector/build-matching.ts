import {canMatch, typesThatFit} from '../../model/compatibility.js';
import type {MatchingRule} from '../../model/load-step.js';
import type {Field} from '../../model/object.js';
import type {MatchingInput} from '../schema/load-step-schema.js';
import type {Path} from '../yaml/yaml-file.js';
import {type StepContext, typeName, typeOfVariable} from './step-context.js';

const actions = ['no_match', 'single_match', 'multiple_match', 'archived_match'] as const;

/**
 * The matching rules of a step (SPEC 8.1).
 *
 * @param endsWithLast whether the last of `rules` is the last that the file has: one that could not be read may follow
 */
export function buildMatching(
	rules: readonly MatchingInput[],
	within: Path,
	endsWithLast: boolean,
	context: StepContext,
): readonly MatchingRule[] {
	return rules.map((rule, index) => {
		const path = [...within, index];
		checkTypes(rule, path, context);
		if (endsWithLast && index === rules.length - 1) checkItDecides(rule, path, context);
		return {
			field: rule.field,
			variable: rule.variable,
			noMatch: rule.no_match,
			singleMatch: rule.single_match,
			multipleMatch: rule.multiple_match,
			archivedMatch: rule.archived_match,
		};
	});
}

/** `id` is compared as a uuid field is. */
const idField: Field = {
	apiName: 'id',
	name: 'Record ID',
	type: 'uuid',
	identifier: false,
	required: false,
	unique: true,
	options: [],
	object: null,
	multiple: false,
};

function checkTypes(rule: MatchingInput, path: Path, context: StepContext): void {
	const {object, report} = context;
	const variable = typeOfVariable(rule.variable, [...path, 'variable'], context);
	if (object && rule.field !== 'id' && !object.fieldNames.includes(rule.field)) {
		report.unknown([...path, 'field'], `field of ${object.apiName}`, rule.field, [...object.fieldNames, 'id']);
	}
	const field = rule.field === 'id' ? idField : object?.draft?.fields.find(({apiName}) => apiName === rule.field);
	if (!variable || !field || canMatch(variable, field)) return;
	const fitting = typesThatFit(field, canMatch);
	report.at([...path, 'variable'], {
		code: 'workspace.incompatible',
		message: `"${rule.variable}" is ${typeName(variable)} and cannot be matched with "${field.apiName}", whose type is ${typeOfField(field)}`,
		expected: fitting.length > 0 ? `a variable of type ${fitting.join(', ')}` : 'another field: one with several values cannot be matched',
	});
}

function checkItDecides(rule: MatchingInput, path: Path, {report}: StepContext): void {
	for (const action of actions) {
		if (!rule[action].startsWith('next_rule')) continue;
		report.at([...path, action], {
			code: 'workspace.falls_through',
			message: `The last matching rule goes to a next one with "${action}: ${rule[action]}", and there is none`,
			expected: deciding[action].join(', '),
		});
	}
}

const deciding: Readonly<Record<(typeof actions)[number], readonly string[]>> = {
	no_match: ['create_new', 'do_not_upload'],
	single_match: ['update_current', 'do_not_upload'],
	multiple_match: ['do_not_upload'],
	archived_match: ['unarchive_and_update', 'unarchive_only', 'create_new', 'do_not_upload'],
};

export function typeOfField({type, multiple}: Field): string {
	return multiple && type === 'relationship' ? 'relationship to several records' : type;
}
