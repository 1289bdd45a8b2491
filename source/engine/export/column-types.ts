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
