import {threadsAfter, withThreads} from './guard/settings.js';
import {type CheckedStatement, checkStatement, guardContext} from './guard.js';
import {isUntyped, withTypedColumns} from './null-columns.js';
import {runError, type Script} from './script-error.js';
import {type LoneOutput, loneOutput} from './single-use-output.js';
import {type Statement, splitStatements} from './split-statements.js';
import {executionTime} from './sql-clock.js';
import type {SqlWorker} from './worker-session.js';
import {keepAtOnce} from './write-output-directly.js';

export type ScriptListener = {
	/** Called before each statement; both count from 1. */
	readonly onStatement?: (statement: {readonly number: number; readonly of: number; readonly line: number}) => void;
	/** Called for each statement that was checked, before it runs. */
	readonly onChecked?: (statement: CheckedStatement) => void;
};

async function runStatement(
	worker: SqlWorker,
	statement: CheckedStatement,
	lone: LoneOutput | null,
	secondsLeft: number,
	most: number,
): Promise<void> {
	const single = statement.does === 'fill' && !statement.ordered;
	const threads = single ? 1 : most;
	await worker.execute(`SET max_execution_time = ${executionTime(secondsLeft)}, max_threads = ${threads}`);
	if (lone && (await keepAtOnce(worker, lone, threads))) return;
	const sql = single ? withThreads(statement.sql, 1) : statement.sql;
	try {
		await worker.execute(sql);
	} catch (error) {
		const typed = isUntyped(error) ? await withTypedColumns(worker, sql) : null;
		if (typed === null) throw error;
		await worker.execute(typed);
	}
}

/**
 * Runs a script, statement by statement, each checked just before it runs, in a worker that it leaves in `restricted` mode. The first error
 * stops it; what was built until then stays for `keepOutputs`. The databases must have been built (databases.ts).
 *
 * @throws SluiceError `sql.syntax`, `sql.forbidden`, `sql.failed`, `sql.memory`, `sql.time`, `sql.rows`, `sql.disk`, with the place in the script;
 *   `sql.crashed`, `sql.cancelled`
 */
export async function runScript(worker: SqlWorker, script: Script, listener: ScriptListener = {}): Promise<void> {
	if (worker.mode !== 'restricted') await worker.open('restricted');
	await worker.execute('USE connector');
	const context = await guardContext(worker);
	const statements = splitStatements(script.text);
	let threads = worker.limits.threads;
	worker.clock.restart();
	for (const [index, statement] of statements.entries()) {
		listener.onStatement?.({number: index + 1, of: statements.length, line: statement.line});
		const checked = await checkStatement(context, script, statement);
		listener.onChecked?.(checked);
		await within(worker, script, statement, () =>
			worker.clock.within(worker, (secondsLeft) =>
				runStatement(worker, checked, loneOutput(statements, index, checked.sql), secondsLeft, threads),
			),
		);
		if (checked.does === 'set') threads = threadsAfter(checked.sql, threads);
	}
}

async function within(worker: SqlWorker, script: Script, statement: Statement, run: () => Promise<void>): Promise<void> {
	try {
		await run();
	} catch (error) {
		throw runError(error, script, statement, worker.limits);
	}
}
