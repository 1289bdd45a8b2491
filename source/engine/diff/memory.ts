import type {ColumnBlock, SqlSession} from '../../model/sql-session.js';
import {keptTable} from '../../model/sql-text.js';

/** Where the hashes of earlier runs stand while one scope is compared with them. */
export function memoryTable(scope: string): string {
	return keptTable(`memory:${scope}`);
}

/**
 * Brings what earlier executions remembered of a scope into the engine, replacing what was there.
 *
 * @param blocks columns `hash` (32 hexadecimal digits) and `since` (the execution that wrote the row), as `rememberedRows` gives them
 */
export async function loadMemory(session: SqlSession, scope: string, blocks: AsyncIterable<ColumnBlock>): Promise<void> {
	const table = memoryTable(scope);
	await session.execute(`DROP TABLE IF EXISTS ${table} SYNC`);
	// why ephemeral: hashes arrive as text, half of which would be wasted on disk and in the join
	await session.execute(
		`CREATE TABLE ${table} (hex String EPHEMERAL, hash FixedString(16) DEFAULT unhex(hex), since LowCardinality(String))\nENGINE = MergeTree ORDER BY tuple()`,
	);
	for await (const [hashes = [], since = []] of blocks) {
		if (hashes.length > 0) await session.insert(table, ['hex', 'since'], [hashes, since]);
	}
}
