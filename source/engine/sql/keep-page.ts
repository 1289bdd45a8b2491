import {identifier, keptTable} from '../../model/sql-text.js';
import type {KeptOutput} from './keep-outputs.js';
import {createKept, keptColumns} from './kept-columns.js';
import type {SqlWorker} from './worker-session.js';

/** A page ready to be read: `select` yields `_line` and then the columns. */
export type ReadablePage = {readonly columns: readonly string[]; readonly select: string};

/** With SQL off the one page is the scope `input`, whatever the file's name (SPEC 5.5): `` run.`sql:input` ``. The worker is in `trusted` mode. */
export async function keepPage(worker: SqlWorker, {columns, select}: ReadablePage): Promise<KeptOutput> {
	const table = keptTable('sql:input');
	const kept = keptColumns(columns.map((name) => ({name, type: 'Nullable(String)', hidden: false})));
	await worker.execute(`DROP TABLE IF EXISTS ${table} SYNC`);
	await worker.execute(createKept(table, kept));
	await worker.execute('SET max_threads = 1');
	await worker.execute(
		`INSERT INTO ${table}
		SELECT rowNumberInAllBlocks() + 1, ${['_line', ...columns].map(identifier).join(', ')}
		FROM (${select})`,
	);
	await worker.execute(`SET max_threads = ${worker.limits.threads}`);
	const [counted] = await worker.rows<{rows: string}>(`SELECT count() AS rows FROM ${table}`);
	return {table: 'input', rows: Number(counted?.rows ?? 0), columns: kept, isErrors: false};
}
