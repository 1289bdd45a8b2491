import * as z from 'zod';
import {arrayDelimiters, variableTypes} from '../../model/variable.js';
import {anyText, filled, variableName} from './text.js';

const outputFormat = z.string().min(1).optional().describe('How the value becomes text when it is mapped to a text field.');

export const variable = z.strictObject({
	name: variableName().describe('The name that matching and mapping use. Unique in the connector.'),
	scope: filled()
		.optional()
		.describe('The table of `output` whose rows it belongs to. May be left out where there is only one; without SQL it is `input`.'),
	column: filled().optional().describe('The column it is read from.'),
	value: anyText().optional().describe('A literal, the same in every row, in place of a column.'),
	type: z.enum(variableTypes).describe('What the text is read as. Text that does not convert is blank, with a warning on its row.'),
	array: z.boolean().default(false).describe('Several values in one text. Never for boolean.'),
	delimiter: z.enum(arrayDelimiters).optional().describe('What stands between the values of an array. Default: a comma.'),
	required: z.boolean().default(false).describe('A row without this value is skipped, with the reason.'),
	input_format: z.string().min(1).optional().describe('How a boolean, date or datetime is written, such as `yes_no` or `DD/MM/YYYY`.'),
	output_format: outputFormat,
	decimal_comma: z.boolean().default(false).describe('Numbers are written `1.234,50`.'),
});

export const additionalVariable = z.strictObject({
	name: variableName().describe('The name that matching and mapping use. Unique in the connector.'),
	type: z.enum(variableTypes).default('string').describe('What the text is read as.'),
	value: anyText().optional().describe('A literal.'),
	template: z.string().min(1).optional().describe('Text with other variables in braces: `{first} {last}`.'),
	from: filled()
		.meta({examples: ['execution.started_at', 'input.file_name', 'parameter.region']})
		.optional()
		.describe(
			'`execution.id`, `execution.started_at`, `execution.started_by`, `input.file_name`, `row.number`, or `parameter.<name>` for one of `sql_parameters`.',
		),
	output_format: outputFormat,
});

export type VariableInput = z.output<typeof variable>;
export type AdditionalVariableInput = z.output<typeof additionalVariable>;
