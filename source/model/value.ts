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
