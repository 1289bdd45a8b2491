/** Every double fits: the longest is a subnormal of 341 digits. The bound keeps `1e999999999` from becoming a gigabyte. */
export const mostPlainDigits = 400;

const withExponent = /^(-?)(\d+)(?:\.(\d+))?[eE]([+-]?\d+)$/;

/**
 * A number without its exponent and with every digit: `1.50e-3` → `0.00150`, `1E+3` → `1000`. Text without an exponent is returned as it is;
 * null where the number would have more than `mostPlainDigits` digits.
 */
export function plainNumber(text: string): string | null {
	const parts = withExponent.exec(text);
	if (!parts) return text;
	const [, sign = '', whole = '', rest = '', exponent = ''] = parts;
	const digits = whole + rest;
	const point = whole.length + Number(exponent);
	const isZero = !/[1-9]/.test(digits);
	const leadingZeros = Math.min(/^0*/.exec(digits)?.[0].length ?? 0, Math.max(0, point - 1));
	const length = Math.max(digits.length, point) + Math.max(0, 1 - point) - leadingZeros;
	if (length > mostPlainDigits) return isZero ? `${sign}0` : null;
	const padded = '0'.repeat(Math.max(0, 1 - point)) + digits.padEnd(point, '0');
	const at = Math.max(1, point);
	const before = padded.slice(0, at).replace(/^0+(?=\d)/, '');
	const after = padded.slice(at);
	return `${sign}${before}${after === '' ? '' : `.${after}`}`;
}
