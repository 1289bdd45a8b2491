import {lookupKey} from '../../../model/value.js';
import {type CompiledStep, idPosition, type Related} from './compile-step.js';
import {uuidOf} from './values/checks.js';
import {shown} from './values/shown.js';
import type {WorkingRecords} from './working-records.js';

/** How a related record is asked for: by its id, by its identifier, or by either where identifiers are UUIDs themselves. */
export type Reference = {
	readonly id: string | null;
	readonly identifier: {readonly key: string; readonly value: string | number | bigint} | null;
};

/** A UUID is the related record's id; other text is brought to the normal form of its unique identifier (SPEC 8.2). */
export function referenceOf(related: Related, text: string): Reference {
	const {identifier, convert} = related;
	const id = uuidOf(text);
	if (id !== null && identifier.type !== 'uuid') return {id, identifier: null};
	const value = convert(text, () => undefined);
	if (value === null || typeof value === 'object' || typeof value === 'boolean') return {id, identifier: null};
	return {id, identifier: {key: lookupKey(value, identifier.type), value}};
}

/** The id of a record of the step's own object, those of earlier rows of the chunk included; null when there is none. */
export function findRelated(
	related: Related,
	text: string,
	records: WorkingRecords,
	step: CompiledStep,
	which: 'active' | 'any',
): string | null {
	const {id, identifier} = referenceOf(related, text);
	const byId = id === null ? [] : records.holders(idPosition, id, id);
	const holders = byId.length > 0 || identifier === null ? byId : records.holders(step.identifier, identifier.key, identifier.value);
	// Why sorted: while identifiers change hands within a chunk two records may hold one; the older record is meant.
	const [oldest] = holders
		.filter(({archived}) => !archived)
		.map((holder) => holder.id)
		.sort();
	return oldest ?? (which === 'any' ? (holders[0]?.id ?? null) : null);
}

export function notFound(field: string, {object}: Related, text: string): string {
	return `${field}: no active record of ${object} is ${shown(text)}`;
}
