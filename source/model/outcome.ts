/** What became of a row in a load step (SPEC 8.3). Every row of a scope has exactly one. */
export const outcomes = ['created', 'updated', 'skipped', 'errored'] as const;

export type Outcome = (typeof outcomes)[number];

/** How many rows ended how; `warnings` counts rows that carry at least one. */
export type Counts = {
	readonly created: number;
	readonly updated: number;
	readonly skipped: number;
	readonly errored: number;
	readonly warnings: number;
};

export const noCounts: Counts = {created: 0, updated: 0, skipped: 0, errored: 0, warnings: 0};

export function addCounts(a: Counts, b: Counts): Counts {
	return {
		created: a.created + b.created,
		updated: a.updated + b.updated,
		skipped: a.skipped + b.skipped,
		errored: a.errored + b.errored,
		warnings: a.warnings + b.warnings,
	};
}
