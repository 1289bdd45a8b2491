import type {Automation} from '../../model/automation.js';
import type {LoadStep} from '../../model/load-step.js';
import type {LoadRow} from '../rows/shapes.js';

export type ExplainedAutomation = {readonly automation: string; readonly because: string};

/** The automations a row fires: those of the step directly, and the normal triggers unless the step suppresses them (SPEC 8.4). */
export function explainAutomations(step: LoadStep, row: LoadRow, automations: readonly Automation[]): readonly ExplainedAutomation[] {
	const {onCreate, onUpdate, suppressTriggers} = step.automations;
	if (row.outcome !== 'created' && row.outcome !== 'updated') return [];
	const creates = row.outcome === 'created';
	const direct = (creates ? onCreate : onUpdate).map((automation) => ({
		automation,
		because: creates ? 'on_create of the step' : 'on_update of the step',
	}));
	if (suppressTriggers) return direct;
	const triggered = automations.flatMap(({apiName, object, trigger, field}) => {
		// A record fires an automation once: one that the step names is told of already.
		if (object !== step.object || direct.some(({automation}) => automation === apiName)) return [];
		if (trigger === 'record_created' && creates) return [{automation: apiName, because: 'a record was created'}];
		if (trigger === 'record_updated' && !creates) return [{automation: apiName, because: 'a record was updated'}];
		const changed = trigger === 'field_updated' && !creates && field !== null && Object.hasOwn(row.changes, field);
		return changed ? [{automation: apiName, because: `${field} was updated`}] : [];
	});
	return [...direct, ...triggered];
}
