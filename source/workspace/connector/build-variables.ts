import type {Variable} from '../../model/variable.js';
import {expectedFormats, formatProblem} from '../../model/variable-format.js';
import type {VariableInput} from '../schema/variable-schema.js';
import type {Report} from '../shape/report.js';
import type {Path} from '../yaml/yaml-file.js';
import type {Scopes} from './scopes.js';

/** The execution variables, each with its scope (SPEC 6). What is wrong with one is told. */
export function buildVariables(inputs: readonly VariableInput[], scopes: Scopes, report: Report): readonly Variable[] {
	return inputs.map((input, index) => {
		const path: Path = ['variables', index];
		checkVariable(input, path, report);
		return {
			name: input.name,
			scope: scopes.resolve(input.scope, path),
			from: input.value === undefined ? {column: input.column ?? ''} : {value: report.text([...path, 'value'], input.value)},
			type: input.type,
			array: input.array,
			delimiter: input.delimiter ?? ',',
			required: input.required,
			inputFormat: input.input_format ?? null,
			outputFormat: input.output_format ?? null,
			decimalComma: input.decimal_comma,
		};
	});
}

function checkVariable(input: VariableInput, path: Path, report: Report): void {
	const {name, column, value, type, array, delimiter, decimal_comma} = input;
	if (column === undefined && value === undefined) {
		report.lack(path, ['column', 'value'], {
			code: 'workspace.missing_key',
			message: `The variable "${name}" is read from nowhere`,
			expected: 'column, or a literal value',
		});
	}
	if (column !== undefined && value !== undefined) {
		report.atKey([...path, 'value'], {
			code: 'workspace.contradiction',
			message: `The variable "${name}" has both a column and a literal value`,
			expected: 'column or value',
		});
	}
	if (array && type === 'boolean') {
		report.at([...path, 'array'], {
			code: 'workspace.contradiction',
			message: 'A boolean is never an array',
			expected: 'array: false, or another type',
		});
	}
	if (delimiter !== undefined && !array) {
		report.atKey([...path, 'delimiter'], {
			code: 'workspace.contradiction',
			message: `"delimiter" is for arrays, and "${name}" is none`,
			expected: 'array: true beside it',
		});
	}
	if (decimal_comma && type !== 'number') {
		report.atKey([...path, 'decimal_comma'], {
			code: 'workspace.contradiction',
			message: `"decimal_comma" is for numbers, and "${name}" is ${type}`,
			expected: 'type: number',
		});
	}
	checkFormats(input, path, report);
}

/** `input_format` and `output_format` must be formats of the type. */
export function checkFormats(
	input: Pick<VariableInput, 'type' | 'output_format'> & {readonly input_format?: string | undefined},
	path: Path,
	report: Report,
): void {
	for (const key of ['input_format', 'output_format'] as const) {
		const format = input[key];
		const problem = format === undefined ? null : formatProblem(input.type, format);
		if (problem === null) continue;
		report.at([...path, key], {
			code: 'workspace.wrong_value',
			message: `"${format}" cannot be the ${key} of a ${input.type}: ${problem}`,
			expected: expectedFormats(input.type),
		});
	}
}
