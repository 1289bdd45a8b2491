import type {ColumnValue} from '../../../api/contract.js';

/** Reasons that differ in values alone, as one. `filter` is what the daemon takes for them. */
export type ReasonGroup = {readonly filter: string; readonly rows: number; readonly shown: string};

/** As the daemon's `reason` filter groups them (`source/report/rows/similar-reasons.ts`): values become `…`. */
const steps: readonly (readonly [RegExp, string])[] = [
	[/"[^"]*"/g, '"…"'],
	[/\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b/g, '…'],
	[/[^\s"]+@[^\s"]+/g, '…'],
	[/held by (the archived record )?.+$/g, 'held by $1…'],
	[/\b[0-9][0-9.,:TZ-]*/g, '…'],
];

/** Groups the reasons of a table, the most frequent first. Rows without a reason are left out. */
export function similarReasons(values: readonly ColumnValue[]): readonly ReasonGroup[] {
	const groups = new Map<string, ColumnValue[]>();
	for (const one of values) {
		if (one.value === null) continue;
		const pattern = steps.reduce((text, [search, stand]) => text.replaceAll(search, stand), one.value);
		groups.set(pattern, [...(groups.get(pattern) ?? []), one]);
	}
	return [...groups]
		.map(([pattern, members]) => {
			const only = members.length === 1 ? members[0]?.value : null;
			return {filter: only ?? pattern, rows: members.reduce((sum, {rows}) => sum + rows, 0), shown: only ?? pattern};
		})
		.sort((a, b) => b.rows - a.rows);
}
