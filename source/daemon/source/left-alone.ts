import type {Control} from '../control/control.js';

/** What of a drop folder is left alone, as it was told last. */
export type LeftAloneTold = {
	/** The hash of all of it. */
	readonly told: string;
	/** The first ones, as `PATH is a link`. */
	readonly files: readonly string[];
	readonly count: number;
};

export function leftAloneFact(connector: string): string {
	return `left alone in the source of ${connector}`;
}

/** Null where nothing was ever left alone. */
export function leftAloneOf({facts}: Pick<Control, 'facts'>, connector: string): LeftAloneTold | null {
	const text = facts.recall(leftAloneFact(connector));
	if (text === null) return null;
	// Versions before this one kept the hash alone.
	return text.startsWith('{') ? (JSON.parse(text) as LeftAloneTold) : {told: text, files: [], count: 0};
}
