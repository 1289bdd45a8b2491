import type {SqlSession} from '../../model/sql-session.js';
import {keptTable} from '../../model/sql-text.js';
import {type MemoryFile, memoryRows} from './memory.js';

/**
 * Makes `` run.`diff:<scope>` ``: the rows whose values stood in the memory, with the execution that wrote them (SPEC 7). Reads
 * `` run.`variables:<scope>` ``. Rows that are skipped for a blank required variable are not looked at.
 *
 * @returns how many rows are unchanged
 */
export async function markUnchanged(session: SqlSession, scope: string, memory: MemoryFile): Promise<number> {
	const table = keptTable(`diff:${scope}`);
	await session.execute(`DROP TABLE IF EXISTS ${table} SYNC`);
	// why not ANY INNER: of rows with the same values it would give one
	await session.execute(`CREATE TABLE ${table} ENGINE = MergeTree ORDER BY __row AS
SELECT typed.__row AS __row, memory.since AS __since
FROM (SELECT __row, __hash FROM ${keptTable(`variables:${scope}`)} WHERE __state = 'ok') AS typed
SEMI LEFT JOIN (${memoryRows(memory)}) AS memory ON typed.__hash = memory.hash`);
	const [counted] = await session.rows<{unchanged: string | number}>(`SELECT count() AS unchanged FROM ${table}`);
	return Number(counted?.unchanged ?? 0);
}
