import {identifier, literal} from '../../model/sql-text.js';
import {keptDatabase} from './access.js';
import {keptValue, type OutputColumn} from './kept-columns.js';
import type {SqlWorker} from './worker-session.js';

/** Where an output is kept until the script has ended and its session is closed. */
export function stagedOutput(table: string): string {
	return `${keptDatabase}.${identifier(`sql:${table}`)}`;
}

export async function columnsOf(worker: SqlWorker, database: string, table: string): Promise<readonly OutputColumn[]> {
	const rows = await worker.rows<{name: string; type: string; kind: string}>(
		`SELECT name, type, default_kind AS kind FROM system.columns
		WHERE database = ${literal(database)} AND table = ${literal(table)} ORDER BY position`,
	);
	return rows.map(({name, type, kind}) => ({name, type, hidden: kind === 'MATERIALIZED' || kind === 'ALIAS' || kind === 'EPHEMERAL'}));
}

/** The rows of a query as a kept table holds them: number, line and columns. */
export function numberedRows(columns: readonly OutputColumn[], query: string): string {
	const line = columns.some(({name}) => name === '_line') ? 'toUInt64OrNull(toString(`_line`))' : 'NULL';
	const values = [line, ...columns.filter(({hidden}) => !hidden).map(keptValue)];
	return `SELECT rowNumberInAllBlocks() + 1, ${values.join(', ')}\nFROM (${query})`;
}
