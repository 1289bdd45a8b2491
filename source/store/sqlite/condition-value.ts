import type {Field} from '../../model/object.js';
import type {Bound} from './codec.js';
import {decimalOrder} from './decimal-order.js';
import {isDecimal} from './layout.js';

const yes: readonly string[] = ['true', 'yes', '1'];
const no: readonly string[] = ['false', 'no', '0'];

/**
 * A value that a person wrote beside a field, as the column it is compared with holds it; null for text that cannot be a value of the field,
 * which then equals nothing and is neither greater nor less.
 */
export function comparable(field: Field, value: string | number | boolean | bigint): Bound {
	const text = String(value).trim();
	if (isDecimal(field.type)) {
		const plain = plainDecimal(text);
		return plain === null ? null : decimalOrder(plain);
	}
	if (field.multiple) return text;
	switch (field.type) {
		case 'integer':
			return integer(text);
		case 'checkbox':
			return yes.includes(text.toLowerCase()) ? 1 : no.includes(text.toLowerCase()) ? 0 : null;
		case 'email':
		case 'uuid':
		case 'relationship':
			return text.toLowerCase();
		case 'datetime':
			return instant(text);
		default:
			return text;
	}
}

/** Integers beyond 64 bits and fractions compare as what they are, if not to the last digit. */
function integer(text: string): Bound {
	const plain = plainDecimal(text);
	if (plain === null) return null;
	return /^-?\d{1,18}$/.test(plain) ? BigInt(plain) : Number(plain);
}

/** Text without an offset is UTC: a definition's instants do not move with the reader's zone. */
function instant(text: string): string | null {
	const zoned = /(z|[+-]\d\d:?\d\d)$/i.test(text) || /^\d{4}-\d\d-\d\d$/.test(text) ? text : `${text}Z`;
	const ms = Date.parse(zoned);
	return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

/** Digits without an exponent, or null for what is no number. */
export function plainDecimal(text: string): string | null {
	const parts = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?$/i.exec(text);
	if (!parts) return null;
	const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts;
	if (whole === '' && fraction === '') return null;
	const shift = Number(exponent);
	const digits = whole + fraction;
	const point = whole.length + shift;
	const padded = digits.padStart(digits.length + Math.max(0, -point), '0').padEnd(Math.max(digits.length, point), '0');
	const at = Math.max(0, point);
	const tail = padded.slice(at);
	return `${sign === '-' ? '-' : ''}${padded.slice(0, at) || '0'}${tail ? `.${tail}` : ''}`;
}
