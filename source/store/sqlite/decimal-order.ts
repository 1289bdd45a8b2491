import {decimalKey} from '../../model/value.js';

const zero = 0x30;
const nine = 0x39;
const lengths = Array.from({length: 20}, (_, length) => String(length).padStart(4, '0'));

/**
 * A text for a decimal that sorts as the number does, and is equal exactly when the number is: so one plain SQLite column
 * serves lookups by value and comparisons by value, every digit kept.
 *
 * Negative numbers have their digits turned round and end in `~`, which sorts behind every digit.
 */
export function decimalOrder(text: string): string {
	const key = isKey(text) ? text : decimalKey(text);
	if (key === '0') return 'b';
	const negative = key.startsWith('-');
	const size = negative ? key.slice(1) : key;
	const point = size.indexOf('.');
	const whole = lengthText(point === -1 ? size.length : point);
	if (!negative) return `c${whole}${size}`;
	return `a${turned(whole)}${turned(size)}~`;
}

/** Most numbers are their own key: positive, without a zero at either end. */
function isKey(text: string): boolean {
	const first = text.charCodeAt(0);
	return first > zero && first <= nine && text.charCodeAt(text.length - 1) > zero;
}

function lengthText(length: number): string {
	return lengths[length] ?? String(length).padStart(4, '0');
}

function turned(digits: string): string {
	return digits.replaceAll(/\d/g, (digit) => String(9 - Number(digit)));
}
