import type {FieldType} from './field-type.js';

/**
 * A field's value in its normal form (SPEC 3); blank is null.
 *
 * - text-like types, `uuid`, `dropdown`, `radio`, `yes_no_maybe`, single `relationship` (the related record's id): string
 * - `integer`: number when safe, else bigint; `decimal`, `money`, `rating`: decimal text with the scale given (`"1.50"`)
 * - `checkbox`: boolean; `date`: `YYYY-MM-DD`; `datetime`: ISO 8601 in UTC with milliseconds and `Z`
 * - multi-value types: array of strings, in the order given, without repeats
 */
export type FieldValue = string | number | bigint | boolean | readonly string[];

/** The number of a decimal text without trailing zeros or sign of zero: two texts mean the same number exactly if this is equal. */
export function decimalKey(text: string): string {
	const negative = text.startsWith('-');
	const [whole = '', fraction = ''] = (negative ? text.slice(1) : text).split('.');
	const digits = whole.replace(/^0+(?=\d)/, '') || '0';
	const rest = fraction.replace(/0+$/, '');
	const size = rest === '' ? digits : `${digits}.${rest}`;
	return negative && size !== '0' ? `-${size}` : size;
}

/** The field types whose values are decimal text and compare by value. */
const decimalTypes: readonly string[] = ['decimal', 'money', 'rating'];

/**
 * The text under which a value of a field of this type is found and compared: decimals by value, all else exactly.
 * `id` is the type of a record's own id.
 */
export function lookupKey(value: FieldValue, type: FieldType | 'id'): string {
	if (typeof value === 'string') return decimalTypes.includes(type) ? decimalKey(value) : value;
	return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
