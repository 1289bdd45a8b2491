import {SluiceError} from '../../model/errors.js';
import {identifier, keptTable} from '../../model/sql-text.js';
import {createKept, keptColumns} from './kept-columns.js';
import type {KeptOutput} from './store-outputs.js';
import type {SqlWorker} from './worker-session.js';

/** A page ready to be read: `select` yields `_line` and then the columns. */
export type ReadablePage = {
	readonly columns: readonly string[];
	readonly select: string;
	/** Where the engine may fail to read the page's file: reads it another way, and gives the SELECT for that. */
	readonly otherSelect?: (() => Promise<string>) | undefined;
	/** Compares the number of rows that were loaded with the page's. @throws SluiceError `intake.corrupt` */
	readonly checkRows?: ((loaded: number) => void) | undefined;
};

/**
 * Fills a table with a page and returns its number of rows. `fill` may be called twice, and then begins anew.
 *
 * @throws SluiceError `intake.*` of the other way, and of `checkRows`
 */
export async function fillFrom(
	worker: SqlWorker,
	table: string,
	{select, otherSelect, checkRows}: ReadablePage,
	fill: (select: string) => Promise<void>,
): Promise<number> {
	try {
		await fill(select);
	} catch (error) {
		if (!otherSelect || !(error instanceof SluiceError) || error.code !== 'sql.failed') throw error;
		await fill(await otherSelect());
	}
	const [counted] = await worker.rows<{rows: string}>(`SELECT count() AS rows FROM ${table}`);
	const rows = Number(counted?.rows ?? 0);
	checkRows?.(rows);
	return rows;
}

/**
 * Keeps a page as it was read, as `` run.`sql:<name>` ``. With SQL off the one page is the scope `input`, whatever the file's name (SPEC 5.5).
 * The worker is in `trusted` mode.
 */
export async function keepPage(worker: SqlWorker, page: ReadablePage, name = 'input'): Promise<KeptOutput> {
	const table = keptTable(`sql:${name}`);
	const {columns} = page;
	const kept = keptColumns(columns.map((name) => ({name, type: 'Nullable(String)', hidden: false})));
	await worker.execute('SET max_threads = 1');
	const rows = await fillFrom(worker, table, page, async (select) => {
		await worker.execute(`DROP TABLE IF EXISTS ${table} SYNC`);
		await worker.execute(createKept(table, kept));
		await worker.execute(
			`INSERT INTO ${table}
			SELECT rowNumberInAllBlocks() + 1, ${['_line', ...columns].map(identifier).join(', ')}
			FROM (${select})`,
		);
	});
	await worker.execute(`SET max_threads = ${worker.limits.threads}`);
	return {table: name, rows, columns: kept, isErrors: false};
}
