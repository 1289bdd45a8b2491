import type {Connector} from '../../model/connector.js';
import {namesIn} from '../shape/names-in.js';
import {buildAdditional} from './build-additional.js';
import {buildSource} from './build-source.js';
import {type BuiltStep, buildSteps} from './build-steps.js';
import {buildVariables} from './build-variables.js';
import {buildWebhook} from './build-webhook.js';
import {checkFeeding} from './check-feeding.js';
import type {ConnectorParts} from './connector-parts.js';
import {checkNames, type Named} from './names.js';
import {Scopes} from './scopes.js';

export type Loads = Pick<Connector, 'variables' | 'additionalVariables' | 'loadSteps' | 'source' | 'webhook'>;

/** What an import reads and writes, and what it still lacks before it can be activated (SPEC 10). Incomplete steps are left out. */
export function buildImport(parts: ConnectorParts, dir: string): {loads: Loads; missing: readonly string[]} {
	const {value, shaped, files, mentions, root, report} = parts;
	checkFeeding(value, report);
	checkNames(value, report);
	const named = [...namesIn(root, 'variables', 'scope'), ...namesIn(root, 'load_steps', 'scope')];
	const scopes = new Scopes(files.sqlForScopes, named, report);
	const variables = buildVariables(value.variables, scopes, report);
	const written = new Set([
		...namesIn(root, 'variables', 'name'),
		...namesIn(root, 'additional_variables', 'name'),
		...namesIn(root, 'load_steps', 'expose_as'),
	]);
	const names = new Map<string, Named>();
	for (const {name, type, array, scope} of variables) names.set(name, {kind: 'variable', type, array, scope});
	const additional = buildAdditional(value.additional_variables, names, {parameters: Object.keys(value.sql_parameters), written, report});
	for (const {variable, scope} of additional) names.set(variable.name, {kind: 'additional', type: variable.type, scope});
	const stepScopes = value.load_steps.map(({scope}, index) => scopes.resolve(scope, ['load_steps', index]));
	for (const [step, {expose_as}] of value.load_steps.entries()) {
		if (expose_as !== undefined) names.set(expose_as, {kind: 'exposed', step, scope: stepScopes[step] ?? ''});
	}
	const sourceIndexes = value.load_steps.map((_, index) => Number(shaped.sourceOf(['load_steps', index]).at(-1)));
	const steps = withDependents(buildSteps(value.load_steps, {root, mentions, names, written, scopes: stepScopes, sourceIndexes, report}));
	return {
		loads: {
			variables,
			additionalVariables: additional.map(({variable}) => variable),
			loadSteps: steps.filter(({lacks}) => lacks.length === 0).map(({step}) => step),
			source: buildSource(value.source, dir, value.secrets, report),
			webhook: buildWebhook(value, report),
		},
		missing: missingOf(parts, steps),
	};
}

/** A step that uses the id of an incomplete one is incomplete with it. */
function withDependents(steps: readonly BuiltStep[]): readonly BuiltStep[] {
	const lost = new Set<string>();
	return steps.map(({step, lacks}) => {
		const used = [...step.matching.map(({variable}) => variable), ...step.mapping.flatMap(({variables}) => variables)];
		const gone = used.filter((name) => lost.has(name));
		const all = [...lacks, ...[...new Set(gone)].map((name) => `"${name}", which an incomplete step sets`)];
		if (all.length > 0 && step.exposeAs !== null) lost.add(step.exposeAs);
		return {step, lacks: all};
	});
}

function missingOf({value, files, root}: ConnectorParts, steps: readonly BuiltStep[]): readonly string[] {
	const missing: string[] = [];
	// why: a scheduled run makes its own input, one column with the time; there is nothing to put into a sample.
	if (value.type !== 'schedule' && files.sampleFile === null)
		missing.push('a sample file: put one beside connector.yaml and name it, sample_file: sample.csv');
	else if (files.sampleFile !== null && !files.sampleExists) missing.push(`a sample file: "${value.sample_file}" is not there`);
	if (namesIn(root, 'variables', 'name').length === 0) missing.push('variables: none is defined yet');
	for (const [index, {step, lacks}] of steps.entries()) {
		if (lacks.length > 0) missing.push(`load step ${index + 1}, "${step.name}", complete: it lacks ${lacks.join(' and ')}`);
	}
	if (steps.length === 0 && !hasSteps(root)) missing.push('a complete load step: none is defined yet');
	return missing;
}

function hasSteps(root: unknown): boolean {
	const steps = typeof root === 'object' && root !== null ? (root as Record<string, unknown>).load_steps : undefined;
	return Array.isArray(steps) && steps.length > 0;
}
