import type {Field} from '../../model/object.js';
import type {FieldValue} from '../../model/value.js';
import {decimalOrder} from './decimal-order.js';
import {isDecimal} from './layout.js';

/** What SQLite is given for a value. */
export type Bound = string | number | bigint | null;

/** A field's value as its column holds it. */
export function toColumn(field: Field, value: FieldValue | null): Bound {
	if (value === null) return null;
	if (typeof value === 'string' || typeof value === 'bigint') return value;
	if (typeof value === 'boolean') return value ? 1 : 0;
	if (typeof value === 'object') return value.length === 0 ? null : JSON.stringify(value);
	return field.type === 'integer' ? value : String(value);
}

/** A value as the column holds it that the field is looked up by. */
export function toKey(field: Field, value: FieldValue | null): Bound {
	if (value === null || !isDecimal(field.type)) return toColumn(field, value);
	return typeof value === 'object' ? null : decimalOrder(String(value));
}

/** The value of a column, as `FieldValue` describes it; integers may come as bigint. */
export function fromColumn(field: Field, stored: unknown): FieldValue | null {
	if (stored === null || stored === undefined) return null;
	if (field.multiple) return JSON.parse(String(stored)) as readonly string[];
	if (typeof stored === 'string') return stored;
	if (field.type === 'checkbox') return Number(stored) !== 0;
	if (typeof stored === 'bigint') return stored >= Number.MIN_SAFE_INTEGER && stored <= Number.MAX_SAFE_INTEGER ? Number(stored) : stored;
	return Number(stored);
}

/** The columns a field is written to, with the values they get. */
export function pushColumns(bound: Bound[], field: Field, value: FieldValue | null): void {
	bound.push(toColumn(field, value));
	if (isDecimal(field.type)) bound.push(toKey(field, value));
}

/** A JSON array of column values for `json_each`. Bigints keep every digit. */
export function jsonOf(values: readonly Bound[]): string {
	return `[${values.map((value) => (typeof value === 'bigint' ? String(value) : JSON.stringify(value))).join(',')}]`;
}
