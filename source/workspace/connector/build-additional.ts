import {type AdditionalSource, type AdditionalVariable, additionalOrigins} from '../../model/variable.js';
import type {AdditionalVariableInput} from '../schema/variable-schema.js';
import type {Report} from '../shape/report.js';
import type {Path} from '../yaml/yaml-file.js';
import {checkFormats} from './build-variables.js';
import type {Named, Names} from './names.js';

export type Additional = {
	readonly variable: AdditionalVariable;
	/** The scope its template draws on; null where it is the same in every scope. */
	readonly scope: string | null;
};

/** What an additional variable may refer to: parameters, and the variables that stand above it. */
type Context = {
	readonly parameters: readonly string[];
	readonly names: Names;
	/** Every name in the file, of those with problems too. */
	readonly written: ReadonlySet<string>;
	readonly later: readonly string[];
	readonly report: Report;
};

/**
 * The additional variables (SPEC 6). A template draws on the variables of one scope and on additional variables above it.
 *
 * @param variables the execution variables by name
 */
export function buildAdditional(
	inputs: readonly AdditionalVariableInput[],
	variables: Names,
	context: Pick<Context, 'parameters' | 'written' | 'report'>,
): readonly Additional[] {
	const names = new Map<string, Named>(variables);
	return inputs.map((input, index) => {
		const path: Path = ['additional_variables', index];
		checkFormats(input, path, context.report);
		const later = inputs.slice(index).map(({name}) => name);
		const {source, scope} = sourceOf(input, path, {...context, names, later});
		if (!names.has(input.name)) names.set(input.name, {kind: 'additional', type: input.type, scope});
		return {variable: {name: input.name, type: input.type, source, outputFormat: input.output_format ?? null}, scope};
	});
}

function sourceOf(input: AdditionalVariableInput, path: Path, context: Context): {source: AdditionalSource; scope: string | null} {
	const given = (['value', 'template', 'from'] as const).filter((key) => input[key] !== undefined);
	if (given.length !== 1) {
		context.report.lack(path, ['value', 'template', 'from'], {
			code: given.length === 0 ? 'workspace.missing_key' : 'workspace.contradiction',
			message: given.length === 0 ? `"${input.name}" does not say what its value is` : `"${input.name}" has ${given.join(' and ')}`,
			expected: 'one of value, template or from',
		});
	}
	if (input.value !== undefined) return {source: {value: context.report.text([...path, 'value'], input.value)}, scope: null};
	if (input.template !== undefined) {
		return {source: {template: input.template}, scope: scopeOfTemplate(input.template, [...path, 'template'], context)};
	}
	const from = input.from ?? 'execution.id';
	return {source: {from: checkOrigin(from, [...path, 'from'], context)}, scope: null};
}

function checkOrigin(from: string, path: Path, {parameters, report}: Context): Extract<AdditionalSource, {from: string}>['from'] {
	const fixed = additionalOrigins.find((origin) => origin === from);
	if (fixed) return fixed;
	const known = [...additionalOrigins, ...parameters.map((name) => `parameter.${name}`)];
	if (!known.includes(from)) report.unknown(path, 'value to take', from, known);
	return `parameter.${from.slice('parameter.'.length)}`;
}

/** Names in braces must exist, stand above, and belong to one scope: a row has no values of another. */
function scopeOfTemplate(template: string, path: Path, context: Context): string | null {
	const {report, names, written, later} = context;
	if (/[{}]/.test(template.replaceAll(/\{[^{}]+\}/g, ''))) {
		report.at(path, {
			code: 'workspace.wrong_value',
			message: 'A brace of this template stands alone',
			expected: 'text with names in braces: {first} {last}',
		});
	}
	let scope: string | null = null;
	for (const [, name = ''] of template.matchAll(/\{([^{}]+)\}/g)) {
		const named = names.get(name);
		if (named === undefined) {
			if (later.includes(name)) {
				report.at(path, {
					code: 'workspace.order',
					message: `"${name}" is not defined above this template`,
					expected: [...names.keys()].join(', '),
				});
			} else if (!written.has(name)) report.unknown(path, 'variable', name, [...names.keys()]);
		} else if (named.scope !== null && scope !== null && named.scope !== scope) {
			report.at(path, {
				code: 'workspace.scope',
				message: `"${name}" belongs to the scope "${named.scope}", and what stands before it to "${scope}"`,
				expected: 'variables of one scope',
			});
		} else scope ??= named.scope;
	}
	return scope;
}
