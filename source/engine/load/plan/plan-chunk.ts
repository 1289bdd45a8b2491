import type {Counts} from '../../../model/outcome.js';
import type {FieldValue} from '../../../model/value.js';
import type {ChunkCommit, OutboxEvent, PushAside, RecordCreate, RecordUpdate} from '../../../store/record-store.js';
import type {ChunkResults} from '../results/results.js';
import type {ChunkInput} from './chunk-input.js';
import type {CompiledStep} from './compile-step.js';
import type {LookupCache} from './lookup-cache.js';
import {sameStored} from './map.js';
import {PlanAttempt} from './plan-attempt.js';
import type {Working} from './working-records.js';

/** So often is a chunk planned again for claims that were not settled; then no claim may stay open any more. */
const maxReplans = 20;

export type ChunkPlan = {
	readonly results: ChunkResults;
	readonly counts: Counts;
	readonly writes: Pick<ChunkCommit, 'fields' | 'pushAsides' | 'creates' | 'updates' | 'options' | 'events'>;
};

/**
 * Plans a whole chunk: its rows in order, a row seeing what earlier rows of the chunk did, one final write a record (SPEC 8).
 *
 * Unique values may change hands within the chunk. A row whose claim is not settled at the end fails, the last such row first, and the
 * rows are planned again without it: what other rows do may depend on it.
 *
 * @returns the plan, or null when `answers` has new questions for the store: answer them and plan again
 * @throws SluiceError `load.unaccounted` when a row has no outcome, or two
 */
export function planChunk(step: CompiledStep, input: ChunkInput, answers: LookupCache): ChunkPlan | null {
	const clashing = new Map<number, number>();
	for (let replans = 0; ; replans++) {
		const pass = new PlanAttempt(step, input, answers, replans < maxReplans ? clashing : null);
		pass.run();
		if (!answers.complete) return null;
		const unsettled = pass.claims.lastUnsettled();
		if (!answers.complete) return null;
		if (unsettled === null) return {results: pass.results, counts: pass.results.counts(), writes: writesOf(step, pass)};
		for (const row of clashing.keys()) if (row > unsettled.row) clashing.delete(row);
		clashing.set(unsettled.row, unsettled.position);
	}
}

function writesOf(step: CompiledStep, pass: PlanAttempt): ChunkPlan['writes'] {
	const creates: RecordCreate[] = [];
	const updates: RecordUpdate[] = [];
	const pushAsides: PushAside[] = [];
	for (const record of pass.records.all()) {
		if (record.stored === null) {
			creates.push(record);
			continue;
		}
		if (record.pushedAside) pushAsides.push({id: record.id, identifier: String(record.values[step.identifier])});
		const update = updateOf(step, record, record.stored);
		if (update) updates.push(update);
	}
	// Why: updates in random order cost a B-tree store four times as much as ordered ones.
	updates.sort((a, b) => (a.id < b.id ? -1 : 1));
	const events: readonly OutboxEvent[] = pass.events;
	return {fields: step.layout.map(({apiName}) => apiName), pushAsides, creates, updates, options: pass.options.added, events};
}

function updateOf(
	step: CompiledStep,
	record: Working,
	stored: {readonly archived: boolean; readonly values: readonly (FieldValue | null)[]},
) {
	const changes: Record<string, FieldValue | null> = {};
	let changed = false;
	for (let position = 0; position < record.values.length; position++) {
		if (record.pushedAside && position === step.identifier) continue;
		const value = record.values[position] ?? null;
		if (sameStored(value, stored.values[position] ?? null)) continue;
		changes[step.layout[position]?.apiName ?? ''] = value;
		changed = true;
	}
	const archived = record.archived !== stored.archived;
	if (!changed && !archived) return null;
	return archived ? {id: record.id, changes, archived: record.archived} : {id: record.id, changes};
}
