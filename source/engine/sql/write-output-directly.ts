import {identifier} from '../../model/sql-text.js';
import {createKept, keptColumns} from './kept-columns.js';
import type {LoneOutput} from './single-use-output.js';
import {columnsOf, numberedRows, stagedOutput} from './staged-output.js';
import type {SqlWorker} from './worker-session.js';

/**
 * Runs a statement that makes an output so that its rows are numbered and written once, where `keepOutputs` would have copied them to;
 * nothing stands in `output` then. In the session of the script, under its grants and limits. 1M x 13: half a second less.
 *
 * @param threads what the statement may use
 * @returns false when the statement has to run as it is written, and nothing is left: it is wrong, or its rows come in several streams,
 *   where the order of numbers is not the order of rows
 * @throws SluiceError of the engine, met while rows were written; nothing is left either
 */
export async function keepAtOnce(worker: SqlWorker, output: LoneOutput, threads: number): Promise<boolean> {
	const fill = await prepared(worker, output, threads);
	if (fill === null) return false;
	try {
		await worker.execute(fill);
	} catch (error) {
		await Promise.allSettled([drop(worker, stagedOutput(output.table)), drop(worker, made(output))]);
		throw error;
	}
	await drop(worker, made(output));
	return true;
}

/** The statement that fills the kept table, which stands by then. Whatever keeps it from standing is told by the statement as it is written. */
async function prepared(worker: SqlWorker, output: LoneOutput, threads: number): Promise<string | null> {
	try {
		await worker.execute(`${output.head}EMPTY AS ${output.query}`);
	} catch {
		return null;
	}
	try {
		const columns = await columnsOf(worker, 'output', output.table);
		const rows = numberedRows(columns, output.query);
		if (await isOneStream(worker, rows, threads)) {
			const target = stagedOutput(output.table);
			await drop(worker, target);
			await worker.execute(createKept(target, keptColumns(columns, worker.timezone)));
			return `INSERT INTO ${target}\n${rows}`;
		}
	} catch {
		// as below
	}
	await Promise.allSettled([drop(worker, made(output))]);
	return null;
}

/**
 * Whether the numbers are given in one place, past all that runs side by side: the engine's plan then begins with one transform.
 * why asked: only the engine knows what is behind a view, or how a join is done
 */
async function isOneStream(worker: SqlWorker, rows: string, threads: number): Promise<boolean> {
	const plan = await worker.rows<{explain: string}>(`EXPLAIN PIPELINE ${rows} SETTINGS max_threads = ${threads}`);
	return plan[0]?.explain === '(Expression)' && plan[1]?.explain === 'ExpressionTransform';
}

function made({table}: LoneOutput): string {
	return `output.${identifier(table)}`;
}

async function drop(worker: SqlWorker, table: string): Promise<void> {
	await worker.execute(`DROP TABLE IF EXISTS ${table} SYNC`);
}
