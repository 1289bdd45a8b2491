import type {FieldType} from '../../../model/field-type.js';
import type {ConflictMode} from '../../../model/load-step.js';
import type {Field} from '../../../model/object.js';
import {type FieldValue, lookupKey} from '../../../model/value.js';

/** Whether two values mean the same: numbers by value, multi-values as sets, all else exactly. */
export function sameValue(a: FieldValue | null, b: FieldValue | null, type: FieldType): boolean {
	if (a === b) return true;
	if (a === null || b === null) return false;
	if (typeof a === 'object' || typeof b === 'object') return typeof a === 'object' && typeof b === 'object' && sameMembers(a, b);
	return lookupKey(a, type) === lookupKey(b, type);
}

/**
 * What a field of an existing record becomes (SPEC 8.2).
 *
 * @param incoming the row's value, null when blank; a blank never clears the unique identifier
 * @returns the new value, or undefined where the field stays as it is
 */
export function resolveConflict(
	mode: ConflictMode,
	current: FieldValue | null,
	incoming: FieldValue | null,
	{type, identifier}: Pick<Field, 'type' | 'identifier'>,
): FieldValue | null | undefined {
	const next = wanted(mode, current, incoming, identifier);
	return next === undefined || sameValue(current, next, type) ? undefined : next;
}

function wanted(mode: ConflictMode, current: FieldValue | null, incoming: FieldValue | null, identifies: boolean) {
	if (incoming === null) return mode === 'overwrite' && !identifies ? null : undefined;
	if (mode === 'only_update_blank') return current === null ? incoming : undefined;
	if (mode === 'only_add_options' && typeof incoming === 'object' && current !== null && typeof current === 'object')
		return [...new Set([...current, ...incoming])];
	return incoming;
}

function sameMembers(a: readonly string[], b: readonly string[]): boolean {
	return a.length === b.length && a.every((member) => b.includes(member));
}

/** A value in normal form as the text that the kept tables hold: arrays as JSON. */
export function textOf(value: FieldValue | null): string | null {
	if (value === null || typeof value === 'string') return value;
	return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Whether two values are stored alike, digit for digit. */
export function sameStored(a: FieldValue | null, b: FieldValue | null): boolean {
	if (a === b) return true;
	if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
	return a.length === b.length && a.every((member, index) => member === b[index]);
}
