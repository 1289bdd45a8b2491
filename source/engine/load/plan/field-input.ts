import type {FieldValue} from '../../../model/value.js';
import type {ChunkInput} from './chunk-input.js';
import type {CompiledStep} from './compile-step.js';
import {findRelated, notFound} from './related.js';
import type {WorkingRecords} from './working-records.js';

/** One field's value for one row: what the row brings, or why that was refused (then the value is null). */
export type FieldInput = {readonly value: FieldValue | null; readonly refusal: string | null};

const blank: FieldInput = {value: null, refusal: null};

/** What a row brings for the mapped field at a position. */
export function fieldInput(row: number, position: number, step: CompiledStep, input: ChunkInput, records: WorkingRecords): FieldInput {
	const incoming = input.incoming[position];
	const value = incoming?.values[row] ?? null;
	if (value !== null) return step.mapped[position]?.related?.self ? relatedHere(position, value, step, records) : {value, refusal: null};
	const refusal = incoming?.refusals.get(row);
	return refusal === undefined ? blank : {value: null, refusal};
}

/** A relation to the object itself: the related record may have been made by an earlier row of this chunk. */
function relatedHere(position: number, given: FieldValue, step: CompiledStep, records: WorkingRecords): FieldInput {
	const mapped = step.mapped[position];
	if (!mapped?.related) return blank;
	const ids = new Set<string>();
	for (const text of typeof given === 'object' ? given : [String(given)]) {
		const id = findRelated(mapped.related, text, records, step, 'active');
		if (id === null) return {value: null, refusal: notFound(mapped.field.apiName, mapped.related, text)};
		ids.add(id);
	}
	return {value: mapped.field.multiple ? [...ids] : ([...ids][0] ?? null), refusal: null};
}
