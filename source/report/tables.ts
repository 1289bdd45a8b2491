import type {SqlSession} from '../model/sql-session.js';

export type TableRows = {readonly table: string; readonly rows: number};

const kinds = ['sql', 'variables', 'load'] as const;

/**
 * The tables of an execution as people name them, with their rows: `sql:<table>` and `variables:<scope>` by name, then `load:<n>`
 * by number (SPEC 13). A failed execution has those it reached.
 */
export async function listTables(session: SqlSession): Promise<readonly TableRows[]> {
	const found = await session.rows<{name: string; total_rows: string | number | null}>(
		"SELECT name, total_rows FROM system.tables WHERE database = 'run' AND match(name, '^(sql|variables|load):') ORDER BY name",
	);
	const rank = ({table}: TableRows) => kinds.findIndex((kind) => table.startsWith(`${kind}:`));
	const step = ({table}: TableRows) => (table.startsWith('load:') ? Number(table.slice('load:'.length)) : 0);
	return found
		.map(({name, total_rows: rows}) => ({table: name, rows: Number(rows ?? 0)}))
		.sort((a, b) => rank(a) - rank(b) || step(a) - step(b));
}
