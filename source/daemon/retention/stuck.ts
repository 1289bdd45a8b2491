import type {Control} from '../control/control.js';

const factOf = (connector: string): string => `a file that stays in the source of ${connector}`;

/**
 * Remembers, for each connector, one file that could not be moved or deleted, with the reason and the cure.
 *
 * @param connectors all there are
 */
export function rememberStuck({facts}: Pick<Control, 'facts'>, connectors: readonly string[], stuck: ReadonlyMap<string, string>): void {
	for (const name of connectors) {
		const now = stuck.get(name) ?? '';
		if ((facts.recall(factOf(name)) ?? '') !== now) facts.remember(factOf(name), now);
	}
}

/** The sentence; null where every file went. */
export function stuckFile({facts}: Pick<Control, 'facts'>, connector: string): string | null {
	return facts.recall(factOf(connector)) || null;
}
