import type {SqlSession} from '../../model/sql-session.js';
import {literal} from '../../model/sql-text.js';

/** A column of a kept table, with the engine's type. */
export type KeptColumn = {readonly name: string; readonly type: string};

/** The columns a table keeps for us rather than for the SQL or the step (docs/decisions/0001-kept-tables.md). */
export function isOurs({name}: KeptColumn): boolean {
	return name.startsWith('__');
}

/** The columns of a kept table in their order; empty where there is no such table. */
export async function keptColumns(session: SqlSession, table: string): Promise<readonly KeptColumn[]> {
	return await session.rows<KeptColumn>(
		`SELECT name, type FROM system.columns WHERE database = 'run' AND table = ${literal(table)} ORDER BY position`,
	);
}
