import type {SqlSession} from '../../model/sql-session.js';
import {literal} from '../../model/sql-text.js';

/** A column of a kept table, with the engine's type. */
export type KeptColumn = {readonly name: string; readonly type: string};

const ours: Readonly<Record<string, readonly string[]>> = {
	sql: ['__row', '__line'],
	variables: ['__row', '__line', '__state', '__reason', '__problems', '__notes', '__warnings', '__hash'],
	load: ['__row', '__line', '__outcome', '__reason', '__warnings', '__record_id', '__record', '__rule', '__changes'],
};

/** The columns of the SQL, the variables or the fields, without those a table keeps for us (docs/decisions/0001-kept-tables.md). */
export function theirs(table: string, columns: readonly KeptColumn[]): readonly KeptColumn[] {
	const kept = ours[table.slice(0, table.indexOf(':'))] ?? [];
	return columns.filter(({name}) => !kept.includes(name));
}

/** The columns of a kept table in their order; empty where there is no such table. */
export async function keptColumns(session: SqlSession, table: string): Promise<readonly KeptColumn[]> {
	const columns = await session.rows<KeptColumn>(
		`SELECT name, type FROM system.columns WHERE database = 'run' AND table = ${literal(table)} ORDER BY position`,
	);
	// why here: whoever names a table's columns comes by, and by default the engine reads 256 KiB of a statement
	if (columns.length > manyColumns) await session.execute(wideStatements);
	return columns;
}

const manyColumns = 500;
const wideStatements =
	'SET max_query_size = 1000000000, max_parser_backtracks = 1000000000, max_ast_elements = 100000000, max_expanded_ast_elements = 100000000';
