import type {ExecutionJob} from '../../engine/protocol.js';
import type {Automation} from '../../model/automation.js';

/** Which objects have automations that would be told of records created or updated (SPEC 8.4). */
export function listenersOf(automations: readonly Pick<Automation, 'trigger' | 'object'>[]): ExecutionJob['listeners'] {
	const listeners = new Map<string, {created: boolean; updated: boolean}>();
	for (const {trigger, object} of automations) {
		if (object === null || trigger === 'manual') continue;
		const known = listeners.get(object) ?? {created: false, updated: false};
		if (trigger === 'record_created') known.created = true;
		else known.updated = true;
		listeners.set(object, known);
	}
	return Object.fromEntries(listeners);
}
