import {decimalKey} from '../../model/value.js';

/**
 * A text for a decimal that sorts as the number does, and is equal exactly when the number is: so one plain SQLite column
 * serves lookups by value and comparisons by value, every digit kept.
 *
 * Negative numbers have their digits turned round and end in `~`, which sorts behind every digit.
 */
export function decimalOrder(text: string): string {
	const key = decimalKey(text);
	if (key === '0') return 'b';
	const negative = key.startsWith('-');
	const size = negative ? key.slice(1) : key;
	const point = size.indexOf('.');
	const whole = String(point === -1 ? size.length : point).padStart(4, '0');
	if (!negative) return `c${whole}${size}`;
	return `a${turned(whole)}${turned(size)}~`;
}

function turned(digits: string): string {
	return digits.replaceAll(/\d/g, (digit) => String(9 - Number(digit)));
}
