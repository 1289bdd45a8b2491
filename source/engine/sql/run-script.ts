import {SluiceError} from '../../model/errors.js';
import {threadsAfter, withThreads} from './guard/settings.js';
import {type CheckedStatement, checkStatement, guardContext} from './guard.js';
import {keepAtOnce} from './keep-at-once.js';
import {type LoneOutput, loneOutput} from './lone-output.js';
import {runError, type Script} from './script-error.js';
import {type Statement, splitStatements} from './split-statements.js';
import type {SqlWorker} from './worker-session.js';

export type ScriptListener = {
	/** Called before each statement; both count from 1. */
	readonly onStatement?: (statement: {readonly number: number; readonly of: number; readonly line: number}) => void;
};

/** Seconds past the time limit after which a statement that does not look at its own clock is ended with its worker. */
const graceSeconds = 10;

async function runStatement(
	worker: SqlWorker,
	statement: CheckedStatement,
	lone: LoneOutput | null,
	secondsLeft: number,
	most: number,
): Promise<void> {
	const single = statement.does === 'fill' && !statement.ordered;
	const threads = single ? 1 : most;
	await worker.execute(`SET max_execution_time = ${Math.max(1, Math.ceil(secondsLeft))}, max_threads = ${threads}`);
	let overdue = false;
	const timer = setTimeout(
		() => {
			overdue = true;
			void worker.kill();
		},
		(secondsLeft + graceSeconds) * 1000,
	);
	try {
		if (lone && (await keepAtOnce(worker, lone, threads))) return;
		await worker.execute(single ? withThreads(statement.sql, 1) : statement.sql);
	} catch (error) {
		if (overdue) throw new SluiceError('sql.time', 'The SQL did not stop at its time limit');
		throw error;
	} finally {
		clearTimeout(timer);
	}
}

/**
 * Runs a script, statement by statement, each checked just before it runs, in a worker that it leaves in `restricted` mode. The first error
 * stops it; what was built until then stays for `keepOutputs`. The databases must have been built (databases.ts).
 *
 * @throws SluiceError `sql.syntax`, `sql.forbidden`, `sql.failed`, `sql.memory`, `sql.time`, `sql.rows`, with the place in the script;
 *   `sql.crashed`, `sql.cancelled`
 */
export async function runScript(worker: SqlWorker, script: Script, listener: ScriptListener = {}): Promise<void> {
	if (worker.mode !== 'restricted') await worker.open('restricted');
	await worker.execute('USE connector');
	const context = await guardContext(worker);
	const statements = splitStatements(script.text);
	let threads = worker.limits.threads;
	const deadline = Date.now() + worker.limits.timeSeconds * 1000;
	for (const [index, statement] of statements.entries()) {
		listener.onStatement?.({number: index + 1, of: statements.length, line: statement.line});
		const checked = await checkStatement(context, script, statement);
		await within(worker, script, statement, () =>
			runStatement(worker, checked, loneOutput(statements, index, checked.sql), secondsUntil(deadline), threads),
		);
		if (checked.does === 'set') threads = threadsAfter(checked.sql, threads);
	}
}

function secondsUntil(deadline: number): number {
	const left = (deadline - Date.now()) / 1000;
	if (left <= 0) throw new SluiceError('sql.time', 'The time of the SQL is used up');
	return left;
}

async function within(worker: SqlWorker, script: Script, statement: Statement, run: () => Promise<void>): Promise<void> {
	try {
		await run();
	} catch (error) {
		throw runError(error, script, statement, worker.limits);
	}
}
