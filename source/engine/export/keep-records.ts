import type {Field, ObjectDefinition} from '../../model/object.js';
import type {ColumnBlock} from '../../model/sql-session.js';
import {keptTable} from '../../model/sql-text.js';
import type {ExecutionStore} from '../../store/record-store.js';
import {createDatabases} from '../sql/databases.js';
import {createKept} from '../sql/kept-columns.js';
import type {SqlWorker} from '../sql/worker-session.js';

export type RecordSelection = {readonly object: ObjectDefinition; readonly fields: readonly Field[]; readonly filterGroup: string | null};

/**
 * Copies the records of a filter group to `` run.`sql:<object>` ``, oldest first: their values in normal form, decimals and days as text so
 * that none loses a digit.
 *
 * @param onRows called with the number of rows after each block; throws to stop
 * @returns how many there are
 */
export async function keepRecords(
	worker: SqlWorker,
	store: ExecutionStore,
	{object, fields, filterGroup}: RecordSelection,
	onRows: (rows: number) => void,
): Promise<number> {
	await createDatabases(worker);
	const table = keptTable(`sql:${object.apiName}`);
	const names = fields.map(({apiName}) => apiName);
	const where = object.filterGroups.find(({apiName}) => apiName === filterGroup)?.where ?? null;
	await worker.execute(
		createKept(
			table,
			fields.map((field) => ({name: field.apiName, type: keptType(field)})),
		),
	);
	let rows = 0;
	for await (const [ids = [], ...columns] of store.referenceBlocks(object.apiName, names, where)) {
		const first = rows;
		rows += ids.length;
		await worker.insert(table, ['__row', ...names], [ids.map((_, at) => first + at + 1), ...withoutNulls(columns, fields)]);
		onRows(rows);
	}
	return rows;
}

function keptType({type, multiple}: Field): string {
	if (multiple) return 'Array(String)';
	if (type === 'integer') return 'Nullable(Int64)';
	return type === 'checkbox' ? 'Nullable(Bool)' : 'Nullable(String)';
}

/** A multi-value field that is blank is an empty array. */
function withoutNulls(columns: ColumnBlock, fields: readonly Field[]): ColumnBlock {
	return columns.map((column, at) => (fields[at]?.multiple ? column.map((value) => value ?? []) : column));
}
