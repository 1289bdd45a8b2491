import type {Connector} from '../model/connector.js';
import type {ExecutionMode} from '../model/execution.js';
import type {ObjectDefinition} from '../model/object.js';
import type {SqlSession} from '../model/sql-session.js';
import {keptTable} from '../model/sql-text.js';
import {keptColumns} from './kept/columns.js';
import {stepOfTable} from './kept/record-cells.js';
import {relationsOf} from './kept/related.js';
import {holds, searchedColumns} from './rows/row-query.js';
import {tableShape} from './rows/table-columns.js';
import {listTables} from './tables.js';

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
	readonly mode: ExecutionMode;
	readonly connector: Connector;
	readonly objects: readonly ObjectDefinition[];
};

/**
 * The rows of an execution that hold a text in some column, whatever its case. Load steps come first, since they tell what became of
 * the row; a row found there is not told again from the variables or the SQL output of its scope.
 */
export async function findRows(session: SqlSession, request: FindRequest): Promise<readonly FoundInTable[]> {
	const {text, limit = 100} = request;
	if (text === '') return [];
	const order = ['load:', 'variables:', 'sql:'];
	const tables = (await listTables(session)).map(({table}) => table);
	const found: FoundInTable[] = [];
	const told = new Set<string>();
	for (const table of order.flatMap((family) => tables.filter((one) => one.startsWith(family)))) {
		const scope = stepOfTable(table, request)?.step.scope ?? table.slice(table.indexOf(':') + 1);
		const family = table.slice(0, table.indexOf(':'));
		for (const one of await findInTable(session, table, request, limit + told.size)) {
			const place = `${scope}\n${one.row}`;
			if (family !== 'load' && told.has(place)) continue;
			told.add(place);
			found.push(one);
			if (found.length >= limit) return found;
		}
	}
	return found;
}

async function findInTable(session: SqlSession, table: string, request: FindRequest, limit: number): Promise<readonly FoundInTable[]> {
	const relations = await relationsOf(session, table, request);
	const shape = tableShape(await keptColumns(session, table), {...request, table}, relations);
	const searched = searchedColumns(shape);
	const texts = searched.map(({text}) => text);
	const outcome = table.startsWith('load:') ? '__outcome' : table.startsWith('variables:') ? '__state' : 'NULL';
	const reason = table.startsWith('sql:') ? 'NULL' : '__reason';
	const wanted = request.text.toLowerCase();
	const found: FoundInTable[] = [];
	const sql = `SELECT __row, ${outcome}, ${reason}, [${texts.join(', ')}] AS texts
FROM ${keptTable(table)}
WHERE ${holds(shape, request.text)}
ORDER BY __row
LIMIT ${Math.max(1, Math.trunc(limit))}`;
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
