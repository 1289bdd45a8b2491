/** No number has more digits; what is longer stays as it is. */
const mostCharacters = 1_000;

/** The furthest an exponent is written out; a number beyond it stays as it is. */
const maxZeros = 400;

/**
 * The number in a cell as plain decimal text, with every digit of the stored value (SPEC 4) and no exponent.
 *
 * Why one exception: Excel stores the 1.1 somebody typed as `1.1000000000000001`, the 17 digits of the nearest binary number, but itself
 * never knows more than 15. Where the shortest text for that same binary number has at most 15 digits, it is what was typed.
 */
export function numberText(stored: string): string {
	if (stored.length < 16 && /^-?\d+(\.\d+)?$/.test(stored)) return stored;
	if (stored.length > mostCharacters) return stored;
	const match = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(stored.trim());
	if (!match || !(match[2] || match[3])) return stored;
	const significant = digitsOf(`${match[2]}${match[3]}`);
	if (significant > 16 && match[3] !== '') {
		const shortest = String(Number(stored));
		if (significant === 17 && digitsOf(shortest.replace(/e.*/, '').replaceAll(/\D/g, '')) <= 15) return plain(shortest);
	}
	return plain(stored.trim());
}

/** How many digits count: without leading zeros, and without trailing ones. */
function digitsOf(digits: string): number {
	return digits.replace(/^0+/, '').replace(/0+$/, '').length;
}

/** Writes an exponent out by moving the point. */
function plain(number: string): string {
	const [mantissa = '', exponent] = number.split(/e/i);
	if (exponent === undefined) return number;
	const sign = mantissa.startsWith('-') ? '-' : '';
	const [whole = '', fraction = ''] = mantissa.replace(/^[+-]/, '').split('.');
	const shift = Number(exponent);
	if (Math.abs(shift) > maxZeros) return number;
	const digits = whole + fraction;
	const point = whole.length + shift;
	if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
	if (point >= digits.length) return `${sign}${digits.replace(/^0+(?=\d)/, '')}${'0'.repeat(point - digits.length)}`;
	return `${sign}${digits.slice(0, point).replace(/^0+(?=\d)/, '')}.${digits.slice(point)}`;
}
