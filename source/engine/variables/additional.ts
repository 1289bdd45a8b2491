import {SluiceError} from '../../model/errors.js';
import {nearest} from '../../model/nearest.js';
import {own} from '../../model/own.js';
import {literal} from '../../model/sql-text.js';
import type {AdditionalVariable} from '../../model/variable.js';
import {lookupOf, type PlannedVariable} from './planned-variable.js';
import type {ScopeRequest} from './request.js';
import {parseTemplate, templateNames} from './template.js';
import {definitions} from './types/all.js';
import {nonBlank} from './white-space.js';
import type {Zone} from './zone.js';

/**
 * The additional variables, each in a round of its own after all that its template names.
 *
 * @throws SluiceError `variables.unknown_source` for a name nobody has, `variables.circle`
 */
export function planAdditional(
	request: ScopeRequest,
	own: readonly PlannedVariable[],
	zone: Zone,
): readonly (readonly PlannedVariable[])[] {
	const known = new Map(own.map((variable) => [variable.name, variable]));
	const rounds: PlannedVariable[][] = [];
	for (const variable of inOrder(request.connector.additionalVariables)) {
		const index = own.length + rounds.length;
		const planned: PlannedVariable = {
			index,
			name: variable.name,
			type: variable.type,
			format: null,
			array: false,
			required: false,
			hashed: false,
			text: nonBlank(textOf(variable, request, known, zone)),
			split: null,
			steps: definitions[variable.type].steps({format: null, decimalComma: false}),
			lookup: lookupOf(variable.type, false, zone),
		};
		known.set(variable.name, planned);
		rounds.push([planned]);
	}
	return rounds;
}

function inOrder(variables: readonly AdditionalVariable[]): readonly AdditionalVariable[] {
	const ordered: AdditionalVariable[] = [];
	let waiting = [...variables];
	while (waiting.length > 0) {
		const names = new Set(waiting.map(({name}) => name));
		const ready = waiting.filter(({source}) => !('template' in source) || !templateNames(source.template).some((name) => names.has(name)));
		if (ready.length === 0) {
			throw new SluiceError('variables.circle', `Templates need each other: ${waiting.map(({name}) => `"${name}"`).join(', ')}`, {
				where: 'additional_variables',
				expected: 'templates that can be filled in one after the other',
			});
		}
		ordered.push(...ready);
		waiting = waiting.filter((variable) => !ready.includes(variable));
	}
	return ordered;
}

function textOf(variable: AdditionalVariable, request: ScopeRequest, known: ReadonlyMap<string, PlannedVariable>, zone: Zone): string {
	const {source} = variable;
	if ('value' in source) return constant(source.value);
	if ('template' in source) return templateText(variable.name, source.template, request, known);
	const {execution} = request;
	switch (source.from) {
		case 'execution.id':
			return constant(execution.id);
		case 'execution.started_at':
			// why: the day a run started on is the day of the people it runs for, not that of UTC
			return constant(variable.type === 'date' ? zone.wallText(Date.parse(execution.startedAt)) : execution.startedAt);
		case 'execution.started_by':
			return constant(execution.startedBy);
		case 'input.file_name':
			return constant(execution.inputFile);
		case 'row.number':
			return 'CAST(__row AS Nullable(String))';
		default:
			return constant(parameter(variable.name, source.from.slice('parameter.'.length), request));
	}
}

function parameter(variable: string, name: string, {connector}: ScopeRequest): string {
	const value = own(connector.sqlParameters, name);
	if (value === undefined) throw unknownSource(variable, `parameter.${name}`, Object.keys(connector.sqlParameters));
	return value;
}

/** Blank variables leave nothing behind. Where a scope lacks one of the template's variables, the whole is blank there. */
function templateText(variable: string, template: string, request: ScopeRequest, known: ReadonlyMap<string, PlannedVariable>): string {
	const {variables, additionalVariables} = request.connector;
	const everywhere = [...variables, ...additionalVariables].map(({name}) => name);
	const unknown = templateNames(template).find((name) => !everywhere.includes(name));
	if (unknown !== undefined) throw unknownSource(variable, unknown, everywhere);
	if (templateNames(template).some((name) => !known.has(name))) return constant(null);
	const parts = parseTemplate(template).map((part) => {
		const planned = 'variable' in part ? known.get(part.variable) : undefined;
		return planned === undefined ? literal('text' in part ? part.text : '') : valueText(planned);
	});
	return `CAST(concat('', ${["''", ...parts].join(', ')}) AS Nullable(String))`;
}

/** Canonical text; the elements of an array with commas between them. */
function valueText({index, array}: PlannedVariable): string {
	const value = `ifNull(__v${index}, '')`;
	return array ? `arrayStringConcat(JSONExtract(${value}, 'Array(String)'), ', ')` : value;
}

function constant(text: string | null): string {
	return text === null ? 'CAST(NULL AS Nullable(String))' : `CAST(${literal(text)} AS Nullable(String))`;
}

function unknownSource(variable: string, name: string, known: readonly string[]): SluiceError {
	const meant = nearest(name.replace(/^parameter\./, ''), known);
	return new SluiceError('variables.unknown_source', `Additional variable "${variable}" names "${name}", which does not exist`, {
		where: 'additional_variables',
		expected: known.length > 0 ? `one of ${known.join(', ')}` : undefined,
		cure: meant === undefined ? undefined : `Did you mean "${meant}"?`,
	});
}
