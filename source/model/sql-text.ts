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

/** The name in `run` of the warnings that intake has for single rows: `line UInt64`, `notes Array(String)`. There only when it has any. */
export const rowNotesTable = 'intake:notes';

/** The same for one scope, of an input with several pages. */
export function scopeNotesTable(scope: string): string {
	return `${rowNotesTable}:${scope}`;
}

/**
 * The same for the events of a webhook's requests, by `item UInt32` too: for a scope that has the column `_item`. A scope without it has the
 * warnings by their line alone.
 */
export const itemNotesTable = 'intake:item_notes';

/** The name in `run` of the records that a load step's relationships name (docs/decisions/0001-kept-tables.md). There only when it has any. */
export function relatedTable(step: number): string {
	return `related:${step}`;
}

/**
 * The engine of a table that is written once, in its order, and then only read.
 *
 * why compact parts, never merged: a merge would do again what was just written, in time and memory that the run needs; and one file a part
 * takes half the memory of one a column while it is written.
 */
export function writtenOnce(orderBy: string): string {
	return `ENGINE = MergeTree ORDER BY ${identifier(orderBy)} SETTINGS min_bytes_for_wide_part = 1000000000000, max_bytes_to_merge_at_max_space_in_pool = 1`;
}
