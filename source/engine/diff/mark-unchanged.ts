import type {SqlSession} from '../../model/sql-session.js';
import {keptTable} from '../../model/sql-text.js';
import {memoryTable} from './memory.js';

/**
 * Makes `` run.`diff:<scope>` ``: the rows whose values stood in the memory, with the execution that wrote them (SPEC 7). Reads
 * `` run.`variables:<scope>` `` and the memory, which is dropped. Rows that are skipped for a blank required variable are not looked at.
 *
 * @returns how many rows are unchanged
 */
export async function markUnchanged(session: SqlSession, scope: string): Promise<number> {
	const table = keptTable(`diff:${scope}`);
	const memory = memoryTable(scope);
	await session.execute(`DROP TABLE IF EXISTS ${table} SYNC`);
	await session.execute(`CREATE TABLE ${table} ENGINE = MergeTree ORDER BY __row AS
SELECT typed.__row AS __row, CAST(memory.since AS String) AS __since
FROM (SELECT __row, __hash FROM ${keptTable(`variables:${scope}`)} WHERE __state = 'ok') AS typed
ANY INNER JOIN (SELECT hash, any(since) AS since FROM ${memory} GROUP BY hash) AS memory ON typed.__hash = memory.hash`);
	await session.execute(`DROP TABLE ${memory} SYNC`);
	const [counted] = await session.rows<{unchanged: string | number}>(`SELECT count() AS unchanged FROM ${table}`);
	return Number(counted?.unchanged ?? 0);
}
