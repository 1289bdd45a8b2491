import type {SqlSession} from '../../model/sql-session.js';
import {keptTable} from '../../model/sql-text.js';
import {type MemoryFile, memoryRows, sinceOf} from './memory.js';

/** How many rows are unchanged, and of how many rows of the memory. */
export type Marked = {readonly unchanged: number; readonly found: number};

/**
 * Makes `` run.`diff:<scope>` ``: the rows whose values stood in the memory, with the execution that wrote them (SPEC 7). Reads
 * `` run.`variables:<scope>` ``. Rows that are skipped for a blank required variable are not looked at.
 */
export async function markUnchanged(session: SqlSession, scope: string, memory: MemoryFile): Promise<Marked> {
	const table = keptTable(`diff:${scope}`);
	await session.execute(`DROP TABLE IF EXISTS ${table} SYNC`);
	// why not ANY INNER: of rows with the same values it would give one
	await session.execute(`CREATE TABLE ${table} ENGINE = MergeTree ORDER BY __row AS
SELECT typed.__row AS __row, ${sinceOf(memory, 'memory.number')} AS __since, memory.place AS __place
FROM (SELECT __row, __hash FROM ${keptTable(`variables:${scope}`)} WHERE __state = 'ok') AS typed
SEMI LEFT JOIN (${memoryRows(memory)}) AS memory ON typed.__hash = memory.hash`);
	const [counted] = await session.rows<Record<'unchanged' | 'found', string | number>>(
		`SELECT count() AS unchanged, uniqExact(__place) AS found FROM ${table}`,
	);
	return {unchanged: Number(counted?.unchanged ?? 0), found: Number(counted?.found ?? 0)};
}
