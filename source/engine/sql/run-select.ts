import {SluiceError} from '../../model/errors.js';
import type {ColumnBlock} from '../../model/sql-session.js';
import {loadVocabulary} from './guard/vocabulary.js';
import {checkStatement} from './guard.js';
import {runError, type Script} from './script-error.js';
import {splitStatements} from './split-statements.js';
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
	if (worker.mode !== 'restricted') await worker.open('restricted');
	const [statement, another] = splitStatements(script.text);
	if (statement === undefined || another !== undefined) {
		throw new SluiceError('sql.syntax', 'Exactly one SELECT is expected here', {
			where: `${script.file}:${another?.line ?? 1}:${another?.column ?? 1}`,
		});
	}
	const {sql, does} = await checkStatement(
		{session: worker, vocabulary: await loadVocabulary(worker), collections: worker.collections},
		script,
		statement,
	);
	if (does !== 'select')
		throw new SluiceError('sql.syntax', 'A SELECT is expected here', {where: `${script.file}:${statement.line}:${statement.column}`});
	try {
		const columns = await worker.rows<{name: string; type: string}>(`DESCRIBE TABLE (${sql})`);
		return {
			columns: columns.map(({name, type}) => ({name, type})),
			blocks: placed(worker, as(sql, columns), (error) => runError(error, script, statement, worker.limits)),
		};
	} catch (error) {
		throw runError(error, script, statement, worker.limits);
	}
}

async function* placed(worker: SqlWorker, sql: string, place: (error: unknown) => unknown): AsyncGenerator<ColumnBlock> {
	try {
		yield* worker.blocks(sql);
	} catch (error) {
		throw place(error);
	}
}
