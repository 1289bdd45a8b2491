import {identifier, writtenOnce} from '../../model/sql-text.js';
import {fillFrom, type ReadablePage} from './keep-page.js';
import {isReadOnce} from './single-use-page.js';
import {splitStatements} from './split-statements.js';
import type {SqlWorker} from './worker-session.js';

/** A page of the input, with the names under which SQL reaches it, the first one foremost. */
export type InputPage = ReadablePage & {
	readonly tableNames: readonly string[];
	/** What makes a table of the page where it lies, behind `CREATE TABLE <name>`; its columns and `_line`, none hidden. */
	readonly asTable?: string | null;
	/** Yields `_line` and `_surplus` of the rows that have surplus cells; null where none has. */
	readonly surplus?: string | null;
};

/** A name of `input` that is another name of a table. */
export type Alias = {readonly name: string; readonly table: string};

/** A table of `input`: `main` is the name its rows are loaded under. */
export type InputTable = {readonly main: string; readonly page: InputPage};

/**
 * Which names lead to which page (SPEC 5.1): every page's own, then those that the sample's page in the same position has, then
 * `page_idx_<n>`. A name that is taken stays where it is: real page names win, and earlier pages before later ones.
 */
export function inputNames(
	pages: readonly InputPage[],
	sample: readonly (readonly string[])[],
): {readonly tables: readonly InputTable[]; readonly aliases: readonly Alias[]} {
	const taken = new Set<string>();
	const claim = (name: string) => !taken.has(name) && taken.add(name) !== undefined;
	const own = pages.map((page) => page.tableNames.filter(claim));
	const borrowed = pages.map((_, index) => (sample[index] ?? []).filter(claim));
	const positions = pages.map((_, index) => [`page_idx_${index}`].filter(claim));
	const tables: InputTable[] = [];
	const aliases: Alias[] = [];
	for (const [index, page] of pages.entries()) {
		const [main, ...others] = [...(own[index] ?? []), ...(borrowed[index] ?? []), ...(positions[index] ?? [])];
		if (main === undefined) continue;
		tables.push({main, page});
		aliases.push(...others.map((name) => ({name, table: main})));
	}
	return {tables, aliases};
}

/** All names that lead to each page. */
export function namesOfPages(pages: readonly InputPage[], sample: readonly (readonly string[])[]): readonly (readonly string[])[] {
	const {tables, aliases} = inputNames(pages, sample);
	return pages.map((page) => {
		const main = tables.find((table) => table.page === page)?.main;
		return main === undefined ? [] : [main, ...aliases.filter(({table}) => table === main).map(({name}) => name)];
	});
}

/**
 * `CREATE TABLE` of a page: every column `Nullable(String)`; outside `SELECT *` the line of the file and the surplus cells of the row. No
 * header has their names.
 */
function createInput(name: string, columns: readonly string[]): string {
	const list = [
		...columns.map((column) => `${identifier(column)} Nullable(String)`),
		'`_line` UInt64 MATERIALIZED 0',
		'`_surplus` Nullable(String) MATERIALIZED NULL',
	];
	return `CREATE TABLE input.${identifier(name)} (${list.join(', ')}) ${writtenOnce('_line')}`;
}

async function loadPage(worker: SqlWorker, {main, page}: InputTable): Promise<void> {
	const table = `input.${identifier(main)}`;
	const own = [...page.columns, '_line'].map(identifier);
	const {surplus} = page;
	await fillFrom(worker, table, page, async (select) => {
		const names = surplus ? [...own, '`_surplus`'] : own;
		const values = surplus ? [...own.map((column) => `page.${column}`), 'surplus.`_surplus`'] : own;
		const from = surplus
			? `(${select}) AS page LEFT ANY JOIN (${surplus}) AS surplus ON page.\`_line\` = surplus.\`_line\``
			: `(${select})`;
		await worker.execute(`DROP TABLE IF EXISTS ${table} SYNC`);
		await worker.execute(createInput(main, page.columns));
		await worker.execute(
			`INSERT INTO ${table} (${names.join(', ')}) SELECT ${values.join(', ')} FROM ${from} SETTINGS max_threads = 1, join_use_nulls = 1`,
		);
	});
}

/**
 * Gives each page its names in `input`: loaded once, or read where it lies when the script reads it once.
 *
 * @param script null where what will be read is not known
 */
export async function loadInput(
	worker: SqlWorker,
	pages: readonly InputPage[],
	sample: readonly (readonly string[])[],
	script: string | null,
): Promise<void> {
	const {tables, aliases} = inputNames(pages, sample);
	const statements = script === null ? null : splitStatements(script);
	for (const table of tables) {
		const {main, page} = table;
		const others = aliases.filter((alias) => alias.table === main).map(({name}) => name);
		if (page.asTable && statements && isReadOnce(statements, [main, ...others])) {
			for (const name of [main, ...others]) await worker.execute(`CREATE TABLE input.${identifier(name)} ${page.asTable}`);
			continue;
		}
		await loadPage(worker, table);
		// Why clones: a view cannot hide `_line` from `SELECT *`, and a clone shares the parts of its original.
		for (const name of others) await worker.execute(`CREATE TABLE input.${identifier(name)} CLONE AS input.${identifier(main)}`);
	}
}

/** What a scheduled execution reads: the one time it was triggered for, typed. */
export async function addSchedule(worker: SqlWorker): Promise<void> {
	await worker.execute(
		`CREATE TABLE input.schedule (schedule_trigger_time Nullable(DateTime), _line UInt64 MATERIALIZED 0) ENGINE = MergeTree ORDER BY _line`,
	);
	await worker.execute(
		`INSERT INTO input.schedule (schedule_trigger_time, _line)
		SELECT parseDateTimeBestEffortOrNull(schedule_trigger_time, 'UTC'), _line FROM input.schedule_raw`,
	);
}
