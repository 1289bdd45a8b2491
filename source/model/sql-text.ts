/** A ClickHouse identifier in backticks. */
export function identifier(name: string): string {
	return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
}

/** A ClickHouse string literal. */
export function literal(text: string): string {
	return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** A table of the execution's database `run`, by the name people use (docs/decisions/0001-kept-tables.md). */
export function keptTable(name: string): string {
	return `run.${identifier(name)}`;
}
