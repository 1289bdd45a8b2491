import type {Connector} from '../model/connector.js';
import type {ExecutionMode} from '../model/execution.js';
import type {ObjectDefinition} from '../model/object.js';
import type {SqlSession} from '../model/sql-session.js';
import {keptTable} from '../model/sql-text.js';
import {holds, searchedColumns} from './rows/row-query.js';
import {type TableShape, tableShape} from './rows/table-columns.js';
import {keptColumns} from './run-tables/columns.js';
import {stepOfTable} from './run-tables/record-cells.js';
import {relationsOf} from './run-tables/related.js';
import {listTables, type TableRows} from './tables.js';

/** A row that holds the text: what became of it where that is known, and the value it was found by, as `column: value`. */
export type FoundInTable = {
	readonly table: string;
	readonly row: number;
	readonly outcome: string | null;
	readonly reason: string | null;
	readonly matched: string;
};

export type FindRequest = {
	readonly text: string;
	/** At most so many rows; 100 unless given. */
	readonly limit?: number;
	/** Rows passed over before. */
	readonly offset?: number;
	/** What `countRows` counted before, where the caller has it. */
	readonly counted?: readonly TableRows[];
	readonly mode: ExecutionMode;
	readonly connector: Connector;
	readonly objects: readonly ObjectDefinition[];
};

/**
 * The rows of an execution that hold a text in some column, whatever its case. Load steps come first, since they tell what became of
 * the row; a row found there is not told again from the variables or the SQL output of its scope.
 */
export async function findRows(session: SqlSession, request: FindRequest): Promise<readonly FoundInTable[]> {
	const {limit = 100, offset = 0} = request;
	const found: FoundInTable[] = [];
	let before = 0;
	const searches = await searchesOf(session, request);
	for (const {table, rows} of request.counted ?? (await countEach(session, searches))) {
		const search = searches.find((one) => one.table === table);
		const passed = Math.max(0, offset - before);
		before += rows;
		if (search && passed < rows && found.length < limit)
			found.push(...(await readFound(session, search, request, passed, limit - found.length)));
	}
	return found;
}

/** How many rows of each table `findRows` finds: those of all pages. */
export async function countRows(session: SqlSession, request: FindRequest): Promise<readonly TableRows[]> {
	return await countEach(session, await searchesOf(session, request));
}

/** What is looked for in one table. */
type Search = {readonly table: string; readonly shape: TableShape; readonly where: string};

/** In the order in which the tables are told. */
async function searchesOf(session: SqlSession, request: FindRequest): Promise<readonly Search[]> {
	if (request.text === '') return [];
	const tables = (await listTables(session)).map(({table}) => table);
	const searches: Search[] = [];
	const told = new Map<string, readonly string[]>();
	for (const table of ['load:', 'variables:', 'sql:'].flatMap((family) => tables.filter((one) => one.startsWith(family)))) {
		const scope = stepOfTable(table, request)?.step.scope ?? table.slice(table.indexOf(':') + 1);
		const relations = await relationsOf(session, table, request);
		const shape = tableShape(await keptColumns(session, table), {...request, table}, relations);
		const holding = holds(shape, request.text);
		const before = told.get(scope) ?? [];
		const again = table.startsWith('load:') || before.length === 0 ? '' : ` AND __row NOT IN (${before.join(' UNION ALL ')})`;
		searches.push({table, shape, where: holding + again});
		told.set(scope, [...before, `SELECT __row FROM ${keptTable(table)} WHERE ${holding}`]);
	}
	return searches;
}

async function countEach(session: SqlSession, searches: readonly Search[]): Promise<readonly TableRows[]> {
	const counted: TableRows[] = [];
	for (const {table, where} of searches) {
		const [found] = await session.rows<{rows: string | number}>(`SELECT count() AS rows FROM ${keptTable(table)} WHERE ${where}`);
		const rows = Number(found?.rows ?? 0);
		if (rows > 0) counted.push({table, rows});
	}
	return counted;
}

async function readFound(
	session: SqlSession,
	{table, shape, where}: Search,
	{text}: FindRequest,
	offset: number,
	limit: number,
): Promise<readonly FoundInTable[]> {
	const searched = searchedColumns(shape);
	const outcome = table.startsWith('load:') ? '__outcome' : table.startsWith('variables:') ? '__state' : 'NULL';
	const reason = table.startsWith('sql:') ? 'NULL' : '__reason';
	const wanted = text.toLowerCase();
	const found: FoundInTable[] = [];
	const sql = `SELECT __row, ${outcome}, ${reason}, [${searched.map((column) => column.text).join(', ')}] AS texts
FROM ${keptTable(table)}
WHERE ${where}
ORDER BY __row
LIMIT ${Math.max(1, Math.trunc(limit))} OFFSET ${Math.max(0, Math.trunc(offset))}`;
	for await (const [rows = [], outcomes = [], reasons = [], values = []] of session.blocks(sql)) {
		for (const [index, row] of rows.entries()) {
			const cells = values[index] as readonly (string | null)[];
			const at = cells.findIndex((cell) => cell?.toLowerCase().includes(wanted));
			const matched = `${searched[at]?.name ?? ''}: ${cells[at] ?? ''}`;
			found.push({table, row: Number(row), outcome: textOrNull(outcomes[index]), reason: textOrNull(reasons[index]), matched});
		}
	}
	return found;
}

const textOrNull = (value: unknown) => (value === null || value === undefined ? null : String(value));
