import type {Rooms} from '../rooms.js';

const factOf = (connector: string): string => `a file that stays in the source of ${connector}`;

/** Remembers, for each connector, one file that could not be moved or deleted, with the reason and the cure. */
export function rememberStuck(
	{control, configuration}: Pick<Rooms, 'control' | 'configuration'>,
	stuck: ReadonlyMap<string, string>,
): void {
	for (const name of configuration.names) {
		const now = stuck.get(name) ?? '';
		if ((control.facts.recall(factOf(name)) ?? '') !== now) control.facts.remember(factOf(name), now);
	}
}

/** The sentence; null where every file went. */
export function stuckFile({facts}: Pick<Rooms['control'], 'facts'>, connector: string): string | null {
	return facts.recall(factOf(connector)) || null;
}
