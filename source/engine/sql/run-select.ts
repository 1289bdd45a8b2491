import {SluiceError} from '../../model/errors.js';
import type {ColumnBlock} from '../../model/sql-session.js';
import {identifier} from '../../model/sql-text.js';
import {withThreads} from './guard/settings.js';
import {checkStatement, guardContext} from './guard.js';
import {runError, type Script} from './script-error.js';
import {type Statement, splitStatements} from './split-statements.js';
import {executionTime} from './sql-clock.js';
import type {SqlWorker} from './worker-session.js';

/** The result of a user's SELECT: its columns, and its rows block by block in the order it gives. */
export type Selection = {
	readonly columns: readonly {readonly name: string; readonly type: string}[];
	readonly blocks: AsyncIterable<ColumnBlock>;
};

export type SelectedColumn = Selection['columns'][number];

/** The statement that is run in place of the checked one, such as one that turns its columns into text. */
export type AsSelected = (sql: string, columns: readonly SelectedColumn[]) => string;

/**
 * Runs the one SELECT of a `source`, a freshness check or an export (SPEC 11), under the same guard, grants and limits as a script, in a
 * worker that it leaves in `restricted` mode. The databases must have been created (databases.ts).
 *
 * @throws SluiceError as `runScript`; the blocks throw too
 */
export async function runSelect(worker: SqlWorker, script: Script, as: AsSelected = (sql) => sql): Promise<Selection> {
	const {sql, statement} = await checkedSelect(worker, script);
	try {
		// The engine works out scalar subqueries to describe a statement.
		const columns = await worker.clock.within(worker, () => worker.rows<{name: string; type: string}>(`DESCRIBE TABLE (${sql})`));
		return {
			columns: columns.map(({name, type}) => ({name, type})),
			blocks: placed(worker, as(sql, columns), (error) => runError(error, script, statement, worker.limits)),
		};
	} catch (error) {
		throw runError(error, script, statement, worker.limits);
	}
}

/**
 * Runs the one SELECT into the table `output.<name>`, inside the engine and in the order it gives; under the same rules as `runSelect`.
 *
 * @throws SluiceError as `runScript`
 */
export async function tabulate(worker: SqlWorker, script: Script, name: string): Promise<void> {
	const {sql, statement} = await checkedSelect(worker, script);
	try {
		await worker.clock.within(worker, async (secondsLeft) => {
			// One thread: the engine shuffles rows on several.
			await worker.execute(`SET max_execution_time = ${executionTime(secondsLeft)}, max_threads = 1`);
			await worker.execute(`CREATE TABLE output.${identifier(name)} ENGINE = MergeTree ORDER BY tuple() AS ${withThreads(sql, 1)}`);
		});
	} catch (error) {
		throw runError(error, script, statement, worker.limits);
	}
}

async function checkedSelect(worker: SqlWorker, script: Script): Promise<{sql: string; statement: Statement}> {
	if (worker.mode !== 'restricted') await worker.open('restricted');
	await worker.execute('USE connector');
	worker.clock.restart();
	const [statement, another] = splitStatements(script.text);
	if (statement === undefined || another !== undefined) {
		throw new SluiceError('sql.syntax', 'Exactly one SELECT is expected here', {
			where: `${script.file}:${another?.line ?? 1}:${another?.column ?? 1}`,
		});
	}
	const {sql, does} = await checkStatement(await guardContext(worker), script, statement);
	if (does !== 'select')
		throw new SluiceError('sql.syntax', 'A SELECT is expected here', {where: `${script.file}:${statement.line}:${statement.column}`});
	return {sql, statement};
}

async function* placed(worker: SqlWorker, sql: string, place: (error: unknown) => unknown): AsyncGenerator<ColumnBlock> {
	try {
		yield* worker.clock.blocksWithin(worker, () => worker.blocks(sql));
	} catch (error) {
		throw place(error);
	}
}
