/** Digits after the point that a decimal of reference data is computed with; before it there is room for 36 and more. */
export const referenceScale = 20;
const mostDigits = 76;

/**
 * The type of decimals in reference data. All have the same scale, so that what SQL computes with them does not depend on the values that are
 * there. How many digits after the point are shown at least is told by the precision: it stays with the column in SELECT, min, max, if and
 * their like, and is 76, for none, in what is computed.
 *
 * @param shown 0 to 20
 */
export function referenceDecimal(shown: number): string {
	return `Decimal(${mostDigits - shown}, ${referenceScale})`;
}

/**
 * SQL: a decimal as Nullable(String) with the scale of its type; one of reference data with as many digits as it has, and as its column
 * shows at least.
 *
 * @param argument of the type: `10, 2` of `Decimal(10, 2)`
 */
export function decimalText(value: string, argument: string): string {
	const [precision = 0, scale = 0] = argument.split(',').map(Number);
	const whole = `CAST(toDecimalString(${value}, ${scale}) AS Nullable(String))`;
	if (!isReferenceDecimal(argument)) return whole;
	const shown = mostDigits - precision;
	const short = `CAST(toString(${value}) AS Nullable(String))`;
	if (shown === 0) return short;
	const digits = `if(position(${short}, '.') = 0, 0, length(${short}) - position(${short}, '.'))`;
	return `if(${digits} >= ${shown}, ${short}, CAST(toDecimalString(${value}, ${shown}) AS Nullable(String)))`;
}

export function isReferenceDecimal(argument: string): boolean {
	const [precision = 0, scale = 0] = argument.split(',').map(Number);
	return scale === referenceScale && precision >= mostDigits - referenceScale && precision <= mostDigits;
}
