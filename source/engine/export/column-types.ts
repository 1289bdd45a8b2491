/** A type without what only says that it may be blank or is kept in another way. */
export function innerType(type: string): string {
	const inner = /^(?:Nullable|LowCardinality)\((.*)\)$/s.exec(type)?.[1];
	return inner === undefined ? type : innerType(inner);
}

export function isNested(type: string): boolean {
	return /^(Array|Map|Tuple|Nested|JSON|Object|Variant|Dynamic)\b/.test(type);
}

/** SQL: a moment as ISO 8601 in UTC with `Z`, as `records --json` prints it. */
export function momentText(value: string): string {
	return `CAST(concat(replaceOne(toString(toTimeZone(${value}, 'UTC')), ' ', 'T'), 'Z') AS Nullable(String))`;
}

/**
 * SQL: a decimal with the scale of its type. Records as SQL reads them all have the same, widest type, which says nothing of the scale they
 * were given: theirs is as short as it can be.
 */
export function decimalText(value: string, type: string): string {
	const [, precision = '', scale = '0'] = /^Decimal\((\d+), (\d+)\)$/.exec(type) ?? [];
	const isReference = precision === '76' && scale === '20';
	return isReference ? `CAST(toString(${value}) AS Nullable(String))` : `CAST(toDecimalString(${value}, ${scale}) AS Nullable(String))`;
}
