import {runLoadStep, type StepResult} from '../../source/engine/load/step.js';
import {stepSource} from '../../source/engine/load/step-source.js';
import type {SqlWorker} from '../../source/engine/sql/worker-session.js';
import {typeScope} from '../../source/engine/variables/type-scope.js';
import type {Connector} from '../../source/model/connector.js';
import type {ObjectDefinition} from '../../source/model/object.js';
import type {LiveStore} from '../../source/store/record-store.js';

export const locale = {timezone: 'UTC', defaultCountry: null};

/** `plain` takes rows as they stand where that can be, `general` never: both must end alike. */
export type Way = 'plain' | 'general';

/** Makes `rows` the SQL output of the scope `input`, and types them. */
export async function given<Name extends string>(
	worker: SqlWorker,
	names: readonly Name[],
	rows: readonly Readonly<Record<Name, string | null>>[],
	connector: Connector,
): Promise<void> {
	await worker.execute('DROP TABLE IF EXISTS run.`sql:input` SYNC');
	await worker.execute(
		`CREATE TABLE run.\`sql:input\` (__row UInt64, __line Nullable(UInt64), ${names.map((name) => `${name} Nullable(String)`).join(', ')}) ENGINE = MergeTree ORDER BY __row`,
	);
	const columns = names.map((name) => rows.map((row) => row[name]));
	const numbers = rows.map((_, index) => String(index + 1));
	await worker.insert('run.`sql:input`', ['__row', '__line', ...names], [numbers, numbers, ...columns]);
	const execution = {id: 'e', startedAt: '2026-11-20T14:22:05.678Z', startedBy: 'ann', inputFile: 'f.csv'};
	await typeScope(worker, {scope: 'input', connector, locale, execution});
}

/** Loads the rows that stand in the engine, as the first step of the connector. */
export async function load(
	worker: SqlWorker,
	way: Way,
	into: {readonly store: LiveStore; readonly home: string; readonly object: ObjectDefinition},
	of: {readonly execution: string; readonly rows: number; readonly connector: Connector},
): Promise<StepResult> {
	const {store, home, object} = into;
	const {execution, rows, connector} = of;
	const {plainRows, blocks} = stepSource(worker, {connector, step: 1, diff: false});
	return runLoadStep({
		execution,
		lease: 1,
		connector,
		objects: [object],
		locale,
		step: 1,
		folder: home,
		store,
		rows,
		source: way === 'plain' && plainRows ? {blocks, plainRows} : {blocks},
		afterChunk: 0,
		listeners: {created: false, updated: false},
		shouldStop: () => false,
		onChunk: () => undefined,
	});
}
