import type {ObjectDefinition} from '../../model/object.js';
import type {ExecutionStore} from '../../store/record-store.js';
import type {ExecutionProgress} from '../execution/progress.js';
import {referencesOf} from '../execution/references.js';
import {currentExecution} from '../execution/run-sql.js';
import type {StopRequest} from '../execution/stop-request.js';
import type {ExecutionJob} from '../protocol.js';
import {buildDatabases} from '../sql/databases.js';
import {dropScratch} from '../sql/drop-scratch.js';
import {checkEnginePin} from '../sql/engine-pin.js';
import type {OnLost} from '../sql/reference-tables.js';
import {tabulate} from '../sql/run-select.js';
import {keepOutputs} from '../sql/store-outputs.js';
import type {SqlWorker} from '../sql/worker-session.js';
import {keepRecords, type RecordSelection} from './keep-records.js';

/** The name of the one table that an export by SQL keeps. */
export const selectionName = 'export';

/** What stands in the table of an export: the rows of an object, or of its SQL. */
export type Selected = {readonly table: string; readonly rows: number};

/** Stage `sql` of an export: what is to be written stands in one table, `` run.`sql:<object>` `` or `` run.`sql:export` ``. */
export async function keepSelection(
	job: ExecutionJob,
	worker: SqlWorker,
	store: ExecutionStore,
	progress: ExecutionProgress,
	stop: StopRequest,
): Promise<Selected> {
	progress.begin('sql');
	checkEnginePin(job.connector.engine, worker.engine);
	const selection = selectionOf(job);
	const selected = selection
		? {
				table: selection.object.apiName,
				rows: await keepRecords(worker, store, selection, (rows) => {
					stop.check('reading the records');
					progress.counted('sql', rows);
				}),
			}
		: await keepQuery(job, worker, store, progress);
	progress.scopeRows(selected.table, selected.rows);
	progress.end('sql', 'completed', selected.rows);
	return selected;
}

/** The object and fields that are exported; null for SQL. */
export function selectionOf({connector, objects}: Pick<ExecutionJob, 'connector' | 'objects'>): RecordSelection | null {
	const from = connector.export?.from;
	if (!from || 'sql' in from) return null;
	const object: ObjectDefinition | undefined = objects.find(({apiName}) => apiName === from.object);
	if (!object) throw new Error(`No object ${from.object}`);
	const fields = from.fields.flatMap((name) => object.fields.filter(({apiName}) => apiName === name));
	return {object, fields, filterGroup: from.filterGroup};
}

/** Builds what the query finds: reference data and meta, no input. */
export async function buildForQuery(
	job: ExecutionJob,
	worker: SqlWorker,
	store: ExecutionStore,
	onLost: OnLost = () => undefined,
): Promise<void> {
	await buildDatabases(worker, {
		type: null,
		pages: [],
		sampleTableNames: [],
		references: referencesOf(job, store),
		execution: currentExecution(job),
		parameters: job.connector.sqlParameters,
		onLost,
	});
}

/** The query of an export by SQL. */
export function queryOf({connector}: Pick<ExecutionJob, 'connector'>): {readonly text: string; readonly file: string} {
	const from = connector.export?.from;
	return from && 'sql' in from ? {text: from.sql, file: from.file} : {text: '', file: ''};
}

async function keepQuery(job: ExecutionJob, worker: SqlWorker, store: ExecutionStore, progress: ExecutionProgress): Promise<Selected> {
	await buildForQuery(job, worker, store, (warning) => progress.warn({stage: 'sql', ...warning}));
	await tabulate(worker, queryOf(job), selectionName);
	const [kept] = await keepOutputs(worker);
	await dropScratch(worker);
	return {table: selectionName, rows: kept?.rows ?? 0};
}
