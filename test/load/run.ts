import {cutIntoChunks} from '../../source/engine/load/chunks.js';
import {compileStep} from '../../source/engine/load/plan/compile-step.js';
import {planRows} from '../../source/engine/load/plan/plan-rows.js';
import {stepColumns} from '../../source/engine/load/step-columns.js';
import type {Connector} from '../../source/model/connector.js';
import type {ObjectDefinition} from '../../source/model/object.js';
import type {ColumnBlock} from '../../source/model/sql-session.js';
import {newId} from '../../source/platform/uuid7.js';
import type {RecordStore} from '../../source/store/record-store.js';

/** A row as the kept tables would give it: its number within the scope and its variables' canonical texts. Lists are JSON. */
export type GivenRow = {
	readonly number: number;
	readonly texts: Readonly<Record<string, string | null>>;
	readonly warnings?: readonly string[];
};

export type RowOutcome = {
	readonly number: number;
	readonly outcome: string;
	readonly reason: string | null;
	readonly warnings: readonly string[];
	readonly recordId: string | null;
	readonly record: string | null;
	readonly rule: number;
	readonly changes: string;
	readonly values: Readonly<Record<string, string | null>>;
};

export const moment = new Date('2026-11-20T14:22:05.678Z');

/** The rows as blocks of at most `size` rows, as the step's SELECT would bring them. */
export async function* blocksOf(connector: Connector, step: number, rows: readonly GivenRow[], size = 3): AsyncGenerator<ColumnBlock> {
	const columns = stepColumns(connector, step);
	for (let from = 0; from < rows.length; from += size) {
		const some = rows.slice(from, from + size);
		const warnings = some.map((row) => (row.warnings?.length ? JSON.stringify(row.warnings) : null));
		yield [some.map(({number}) => number), warnings, ...columns.map(({name}) => some.map(({texts}) => texts[name] ?? null))];
	}
}

/** Plans and commits the chunks of a step, without files. */
export async function loadRows(
	store: RecordStore,
	objects: readonly ObjectDefinition[],
	connector: Connector,
	rows: readonly GivenRow[],
	{step: number = 1, fires = {created: true, updated: true}} = {},
): Promise<RowOutcome[]> {
	const step = compileStep(connector, objects, number, {timezone: 'UTC', defaultCountry: null});
	const outcomes: RowOutcome[] = [];
	const circumstances = {asideMark: ' (archived 2026-11-20T14:22:05Z)', fires, newId};
	for await (const chunk of cutIntoChunks(blocksOf(connector, number, rows), connector.settings.chunkSize, 0)) {
		const {results, counts, writes} = await planRows(step, chunk, store, circumstances);
		await store.commitChunk({
			execution: 'e',
			lease: 1,
			step: number,
			chunk: chunk.chunk,
			object: step.object.apiName,
			...writes,
			counts,
		});
		for (const [index, row] of chunk.rows.entries())
			outcomes.push({
				number: row,
				outcome: results.outcomes[index] ?? '',
				reason: results.reasons[index] ?? null,
				warnings: results.warnings[index] ?? [],
				recordId: results.recordIds[index] ?? null,
				record: results.records[index] ?? null,
				rule: results.rules[index] ?? 0,
				changes: results.changes[index] ?? '',
				values: Object.fromEntries(step.mapped.map(({field}, position) => [field.apiName, results.texts[position]?.[index] ?? null])),
			});
	}
	return outcomes;
}

/** Rows numbered from 1. */
export function rowsOf(...texts: Readonly<Record<string, string | null>>[]): GivenRow[] {
	return texts.map((row, index) => ({number: index + 1, texts: row}));
}
