import {identifier, literal} from '../../model/sql-text.js';
import type {SqlWorker} from './worker-session.js';

/** What SQL may know of the execution it runs in: the one row of `meta.current_execution`. */
export type CurrentExecution = {
	readonly connectorId: string;
	readonly executionId: string;
	/** `manual`, `webhook`, `schedule` or `source`. */
	readonly triggerType: string;
	/** Who or what started it. */
	readonly triggeredBy: string;
	readonly isDryRun: boolean;
	readonly fileName: string;
	readonly fileSizeBytes: number;
	/** Seconds of a webhook's window or a schedule's cadence; null where there is none. */
	readonly cadenceSeconds: number | null;
	/** Unix time in seconds at which the window began; null where there is none. */
	readonly timeframeStart: number | null;
};

/** Columns as SQL written for Kizen knows them; what has no counterpart here is blank. */
function currentExecutionColumns(execution: CurrentExecution): readonly (readonly [name: string, type: string, value: string])[] {
	const text = (value: string | null) => (value === null ? 'NULL' : literal(value));
	const optional = (name: string) => [name, 'Nullable(String)', 'NULL'] as const;
	return [
		optional('business_id'),
		['connector_id', 'Nullable(String)', text(execution.connectorId)],
		['execution_id', 'Nullable(String)', text(execution.executionId)],
		['trigger_type', 'Nullable(String)', text(execution.triggerType)],
		optional('triggered_by_id'),
		['triggered_by_desc', 'Nullable(String)', text(execution.triggeredBy)],
		optional('trigger_auth'),
		['fileupload_file_size_bytes', 'Nullable(Int64)', String(execution.fileSizeBytes)],
		['fileupload_file_name', 'Nullable(String)', text(execution.fileName)],
		optional('fileupload_file_id'),
		['is_dry_run', 'Nullable(Bool)', String(execution.isDryRun)],
		['cadence', 'Nullable(String)', text(execution.cadenceSeconds === null ? null : String(execution.cadenceSeconds))],
		['timeframe_start', 'Nullable(Int64)', execution.timeframeStart === null ? 'NULL' : String(execution.timeframeStart)],
		optional('bulkaction_fields'),
		optional('entity_records_set_key'),
		optional('activity_object_id'),
	];
}

/**
 * Builds `meta`: `current_execution`, `parameters` (the connector's `sql_parameters`), and `inputs`, one row per name of an input table.
 *
 * @param inputs every table of `input`, with the name of the file or sheet it was read from
 */
export async function loadMeta(
	worker: SqlWorker,
	execution: CurrentExecution,
	parameters: Readonly<Record<string, string>>,
	inputs: readonly {readonly table: string; readonly file: string}[],
): Promise<void> {
	const columns = currentExecutionColumns(execution);
	const list = columns.map(([name, type]) => `${identifier(name)} ${type}`).join(', ');
	await worker.execute(`CREATE TABLE meta.current_execution (${list}) ENGINE = MergeTree ORDER BY tuple()`);
	await worker.execute(`INSERT INTO meta.current_execution VALUES (${columns.map(([, , value]) => value).join(', ')})`);
	await worker.execute('CREATE TABLE meta.parameters (name String, value String) ENGINE = MergeTree ORDER BY tuple()');
	await worker.insert('meta.parameters', ['name', 'value'], [Object.keys(parameters), Object.values(parameters)]);
	await worker.execute(
		'CREATE TABLE meta.inputs (`database` String, `table` String, `file_path` String) ENGINE = MergeTree ORDER BY tuple()',
	);
	const block = [inputs.map(() => 'input'), inputs.map(({table}) => table), inputs.map(({file}) => file)];
	await worker.insert('meta.inputs', ['database', 'table', 'file_path'], block);
}
