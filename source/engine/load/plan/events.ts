import type {FieldValue} from '../../../model/value.js';
import type {OutboxEvent} from '../../../store/record-store.js';
import type {CompiledStep} from './compile-step.js';

/** Which normal triggers of the workspace listen to the object's records (SPEC 8.4). */
export type Listeners = {readonly created: boolean; readonly updated: boolean};

/** Whether an event is worth writing: somebody is fired directly, or a normal trigger listens and is not suppressed. */
export function firesOf({step}: Pick<CompiledStep, 'step'>, listeners: Listeners): {readonly created: boolean; readonly updated: boolean} {
	const {onCreate, onUpdate, suppressTriggers} = step.automations;
	return {
		created: onCreate.length > 0 || (listeners.created && !suppressTriggers),
		updated: onUpdate.length > 0 || (listeners.updated && !suppressTriggers),
	};
}

/** @param changed the positions that changed; null for a new record, whose values all count */
export function eventOf(
	kind: OutboxEvent['kind'],
	record: string,
	{step, layout}: CompiledStep,
	values: readonly (FieldValue | null)[],
	changed: readonly number[] | null,
	id: string,
): OutboxEvent {
	const changes: Record<string, FieldValue | null> = {};
	for (const position of changed ?? layout.keys()) {
		const value = values[position] ?? null;
		if (changed !== null || value !== null) changes[layout[position]?.apiName ?? ''] = value;
	}
	const {onCreate, onUpdate, suppressTriggers} = step.automations;
	return {id, kind, record, changes, direct: kind === 'record_created' ? onCreate : onUpdate, triggers: !suppressTriggers};
}
