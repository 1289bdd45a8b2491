import {identifier} from '../../model/sql-text.js';
import {keptType} from './kept-columns.js';
import {tokenise} from './tokens.js';
import type {SqlWorker} from './worker-session.js';

/** What the engine says of `CREATE TABLE … AS SELECT NULL AS x`: nothing tells the type of the column. */
export function isUntyped(error: unknown): boolean {
	return error instanceof Error && /cannot be used in tables/.test(error.message);
}

/**
 * A statement that makes a table of a query, with the columns written down: those of a type that no table can have, such as of a bare NULL, as
 * text.
 *
 * @param sql the engine's own rendering of a checked statement
 * @returns null where it is another statement, or names its columns itself
 */
export async function withTypedColumns(worker: SqlWorker, sql: string): Promise<string | null> {
	const tokens = tokenise(sql);
	const table = tokens.findIndex(({text}) => text === 'TABLE');
	if (tokens[0]?.text !== 'CREATE' || table < 0) return null;
	const start = tokens[table + 1]?.text === 'IF' ? table + 4 : table + 1;
	const end = tokens[start + 1]?.text === '.' ? start + 3 : start + 1;
	const [name, next] = [tokens[end - 1], tokens[end]];
	const as = tokens.findIndex(({kind, text}, at) => at >= end && kind === 'word' && text === 'AS');
	const query = tokens[as + 1];
	if (name === undefined || next === undefined || next.text === '(' || as < 0 || query === undefined) return null;
	const columns = await worker.rows<{name: string; type: string}>(`DESCRIBE TABLE (${sql.slice(query.offset)})`);
	const list = columns.map((column) => `${identifier(column.name)} ${keptType(column.type)}`).join(', ');
	const engine = next === tokens[as] ? await defaultEngine(worker) : '';
	return `${sql.slice(0, name.offset + name.text.length)} (${list}) ${engine}${sql.slice(next.offset)}`;
}

/** Written down as well: behind a list of columns, `AS` alone would be followed by the name of a table. */
async function defaultEngine(worker: SqlWorker): Promise<string> {
	const [row] = await worker.rows<{engine: string}>(`SELECT toString(getSetting('default_table_engine')) AS engine`);
	const engine = row?.engine ?? 'MergeTree';
	return `ENGINE = ${engine}${/MergeTree$/.test(engine) ? ' ORDER BY tuple()' : ''} `;
}
