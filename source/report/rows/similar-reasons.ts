import type {SqlSession} from '../../model/sql-session.js';
import {keptTable, literal} from '../../model/sql-text.js';

/** Reasons that differ in values alone, as one. `pattern` may be given back as a filter's `reason`. */
export type ReasonGroup = {readonly pattern: string; readonly rows: number; readonly example: string};

/**
 * SQL: a reason with its values taken out: quoted texts, ids, addresses and numbers become `…`. So `badge: "B1" is already held by
 * a@x.io` and `badge: "B2" is already held by b@x.io` are one.
 */
export function reasonPattern(reason: string): string {
	const steps = [
		['"[^"]*"', '"…"'],
		['\\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\\b', '…'],
		['[^\\s"]+@[^\\s"]+', '…'],
		['held by (the archived record )?.+$', 'held by \\1…'],
		['\\b[0-9][0-9.,:TZ-]*', '…'],
	] as const;
	return steps.reduce(
		(sql, [pattern, stand]) => `replaceRegexpAll(${sql}, ${literal(pattern)}, ${literal(stand)})`,
		`ifNull(${reason}, '')`,
	);
}

/** The reasons of a `load:` or `variables:` table, similar ones as one, the most frequent first. */
export async function similarReasons(
	session: SqlSession,
	{table, limit = 100}: {readonly table: string; readonly limit?: number},
): Promise<readonly ReasonGroup[]> {
	const found = await session.rows<{pattern: string; rows: string | number; example: string}>(
		`SELECT ${reasonPattern('reason')} AS pattern, sum(rows) AS rows, any(reason) AS example
FROM (SELECT __reason AS reason, count() AS rows FROM ${keptTable(table)} WHERE __reason IS NOT NULL GROUP BY __reason)
GROUP BY pattern
ORDER BY rows DESC, pattern
LIMIT ${Math.trunc(limit)}`,
	);
	return found.map(({pattern, rows, example}) => ({pattern, rows: Number(rows), example}));
}
