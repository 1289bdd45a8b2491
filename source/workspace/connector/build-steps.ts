import type {LoadStep} from '../../model/load-step.js';
import type {ObjectMentions} from '../references.js';
import type {LoadStepInput} from '../schema/load-step-schema.js';
import {mapsIn, namesIn} from '../shape/names-in.js';
import type {Report} from '../shape/report.js';
import type {Path} from '../yaml/yaml-file.js';
import {buildMapping} from './build-mapping.js';
import {buildMatching} from './build-matching.js';
import type {Names} from './names.js';
import type {StepContext} from './step-context.js';

export type BuiltStep = {
	readonly step: LoadStep;
	/** What the step still lacks before it can run, in words; empty for a complete one. */
	readonly lacks: readonly string[];
};

type StepContextParts = {
	/** The file as it was written. */
	readonly root: unknown;
	readonly mentions: ObjectMentions;
	readonly names: Names;
	readonly written: ReadonlySet<string>;
	/** The scope of each step. */
	readonly scopes: readonly string[];
	/** Where each step stands in the file, from 0: steps that could not be read are left out of `inputs`. */
	readonly sourceIndexes: readonly number[];
	readonly report: Report;
};

/** The load steps with what is wrong in each told (SPEC 8). Incomplete ones are no mistake, and say what they lack. */
export function buildSteps(inputs: readonly LoadStepInput[], surroundings: StepContextParts): readonly BuiltStep[] {
	const written = mapsIn(surroundings.root, 'load_steps');
	return inputs.map((input, index) => buildStep(input, index, written[surroundings.sourceIndexes[index] ?? index], surroundings));
}

function buildStep(
	input: LoadStepInput,
	index: number,
	written: unknown,
	{mentions, names, scopes, report, ...rest}: StepContextParts,
): BuiltStep {
	const path: Path = ['load_steps', index];
	const object = input.object === undefined ? undefined : mentions.find(input.object, [...path, 'object']);
	const scope = scopes[index] ?? '';
	const context: StepContext = {step: index, scope, object, names, written: rest.written, report};
	const endsWithLast = mapsIn(written, 'matching').length === input.matching.length;
	const matching = buildMatching(input.matching, [...path, 'matching'], endsWithLast, context);
	const mapping = buildMapping(input.mapping, [...path, 'mapping'], context);
	const mapped = namesIn(written, 'mapping', 'field');
	if (mapped.length > 0) checkIdentifierIsMapped(mapped, path, context);
	checkAutomations(input, path, mentions, report);
	const automations = input.automations;
	return {
		step: {
			name: input.name ?? object?.draft?.name ?? input.object ?? `Step ${index + 1}`,
			object: input.object ?? '',
			scope,
			matching,
			mapping,
			exposeAs: input.expose_as ?? null,
			automations: {
				onCreate: automations?.on_create ?? [],
				onUpdate: automations?.on_update ?? [],
				suppressTriggers: automations?.suppress_triggers ?? false,
			},
		},
		lacks: [
			...(input.object === undefined ? ['an object'] : []),
			...(mapsIn(written, 'matching').length === 0 ? ['a matching rule'] : []),
			...(mapped.length === 0 ? ['a mapping'] : []),
		],
	};
}

/** The unique identifier must be mapped, else the step is refused (SPEC 8.2). */
function checkIdentifierIsMapped(mapped: readonly string[], path: Path, {object, report}: StepContext): void {
	const identifier = object?.draft?.fields.find((field) => field.identifier);
	if (!identifier || mapped.includes(identifier.apiName)) return;
	report.atKey([...path, 'mapping'], {
		code: 'workspace.identifier_unmapped',
		message: `This step does not map "${identifier.apiName}", the unique identifier of ${object?.apiName}`,
		expected: `a mapping with field: ${identifier.apiName}`,
	});
}

function checkAutomations({automations, object}: LoadStepInput, path: Path, mentions: ObjectMentions, report: Report): void {
	const known = mentions.world.automations;
	for (const key of ['on_create', 'on_update'] as const) {
		for (const [index, name] of (automations?.[key] ?? []).entries()) {
			const place = [...path, 'automations', key, index];
			const of = known.get(name);
			if (of === undefined) report.unknown(place, 'automation', name, [...known.keys()]);
			else if (of !== null && object !== undefined && of !== object) {
				report.at(place, {
					code: 'workspace.incompatible',
					message: `The automation "${name}" is for ${of}, and this step writes ${object}`,
					expected: [...known].flatMap(([other, target]) => (target === null || target === object ? [other] : [])).join(', ') || null,
				});
			}
		}
	}
}
