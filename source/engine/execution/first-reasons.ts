import type {SqlSession} from '../../model/sql-session.js';
import {keptTable} from '../../model/sql-text.js';
import {listTables} from '../../report/tables.js';

/** How many are told of each load step: who wants all has the report. */
const mostReasons = 5;

/** A reason can hold a cell, and a cell a book. */
const longestReason = 300;

/**
 * The first rows that errored or were left out, and the first that carry a warning, a sentence each, for the mail that tells of the run
 * (SPEC 12). Rows that all is well with, because nothing changed, are not among them.
 */
export async function firstReasons(session: SqlSession): Promise<readonly string[]> {
	const found: string[] = [];
	for (const {table} of (await listTables(session)).filter((one) => one.table.startsWith('load:'))) {
		found.push(...(await reasonsIn(session, table)));
	}
	return found;
}

async function reasonsIn(session: SqlSession, table: string): Promise<readonly string[]> {
	const left = await session.rows<{row: string | number; outcome: string; reason: string}>(
		`SELECT __row AS row, __outcome AS outcome, leftUTF8(ifNull(__reason, ''), ${longestReason}) AS reason
FROM ${keptTable(table)}
WHERE __outcome = 'errored' OR (__outcome = 'skipped' AND ifNull(__reason, '') != 'no change' AND NOT startsWith(ifNull(__reason, ''), 'unchanged since '))
ORDER BY __row
LIMIT ${mostReasons}`,
	);
	const warned = await session.rows<{row: string | number; warning: string}>(
		`SELECT __row AS row, leftUTF8(__warnings[1], ${longestReason}) AS warning
FROM ${keptTable(table)}
WHERE notEmpty(__warnings) AND __outcome != 'errored'
ORDER BY __row
LIMIT ${mostReasons}`,
	);
	return [
		...left.map(({row, outcome, reason}) => `${table}, row ${row} ${outcome}: ${reason}`),
		...warned.map(({row, warning}) => `${table}, row ${row}, warning: ${warning}`),
	];
}
