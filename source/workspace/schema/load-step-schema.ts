import * as z from 'zod';
import {archivedMatchActions, conflictModes, multipleMatchActions, noMatchActions, singleMatchActions} from '../../model/load-step.js';
import {apiName, filled, title, variableName} from './text.js';

const matchingRule = z.strictObject({
	field: filled().describe("The field whose values are compared; `id` is the record's id."),
	variable: filled().describe("The variable that holds the row's value. Its type must suit the field. A blank value matches nothing."),
	no_match: z.enum(noMatchActions).default('create_new').describe('What happens if no record matches.'),
	single_match: z.enum(singleMatchActions).default('update_current').describe('What happens if exactly one active record matches.'),
	multiple_match: z.enum(multipleMatchActions).default('do_not_upload').describe('What happens if several records match.'),
	archived_match: z
		.enum(archivedMatchActions)
		.default('unarchive_and_update')
		.describe('What happens if no active record matches, and exactly one archived record does.'),
});

const mappingRule = z.strictObject({
	field: filled().describe('The field that is written.'),
	variables: z.array(filled()).min(1).describe('The variables its value comes from. Several are joined.'),
	join: z.string().default(' ').describe('What stands between joined values.'),
	conflict: z
		.enum(conflictModes)
		.optional()
		.describe('What wins on an existing record. Default: `overwrite_skip_blank`; for the unique identifier `only_update_blank`.'),
	create_options: z
		.boolean()
		.default(false)
		.describe('An option the field does not have yet is added. Otherwise the field is left, with a warning.'),
});

const stepAutomations = z.strictObject({
	on_create: z.array(apiName()).default([]).describe('Automations fired for each record the step creates.'),
	on_update: z.array(apiName()).default([]).describe('Automations fired for each record the step updates.'),
	suppress_triggers: z.boolean().default(false).describe('No automation fires by its own trigger for what this step writes.'),
});

export const loadStep = z.strictObject({
	name: title().optional().describe("The name people read. Default: the object's name."),
	object: apiName().optional().describe('The object whose records the step writes.'),
	scope: filled().optional().describe('The table of `output` whose rows it loads. May be left out where there is only one.'),
	matching: z
		.array(matchingRule)
		.default([])
		.describe('Which record a row means: tried in order until one decides. The last may not go to a next rule.'),
	mapping: z.array(mappingRule).default([]).describe("What the record's fields become. The unique identifier must be among them."),
	expose_as: variableName().optional().describe("The name under which later steps on the same scope see the record's id."),
	automations: stepAutomations.optional().describe('Automations of this step.'),
});

export type LoadStepInput = z.output<typeof loadStep>;
export type MatchingInput = z.output<typeof matchingRule>;
export type MappingInput = z.output<typeof mappingRule>;
