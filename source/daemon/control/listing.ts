/** Which executions are wanted; null does not narrow. */
export type Listing = {
	readonly connector: string | null;
	readonly status: string | null;
	readonly mode: string | null;
	readonly object: string | null;
	readonly operation: string | null;
	/** A text that the file's name, the id, the connector, who started it or the error holds, in small or capital letters. */
	readonly find?: string | null;
	readonly offset: number;
	readonly limit: number;
};

/** The WHERE clause of a listing and its values, in order. */
export function listingSql(listing: Listing): {where: string; values: readonly string[]} {
	const conditions: string[] = [];
	const values: string[] = [];
	const columns = {connector: listing.connector, status: listing.status, mode: listing.mode, operation: listing.operation};
	for (const [column, value] of Object.entries(columns)) {
		if (value === null) continue;
		conditions.push(`${column} = ?`);
		values.push(value);
	}
	if (listing.object !== null) {
		conditions.push('EXISTS (SELECT 1 FROM json_each(objects) WHERE json_each.value = ?)');
		values.push(listing.object);
	}
	if (listing.find != null) {
		const searched = `concat_ws(char(10), input_name, id, connector, started_by, json_extract(error, '$.message'))`;
		conditions.push(holdsText(searched));
		values.push(textPattern(listing.find));
	}
	return {where: conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`, values};
}

/** Whether an SQL text holds what `textPattern` was made of, in small or capital letters. */
export function holdsText(searched: string): string {
	return `${searched} LIKE ? ESCAPE '\\'`;
}

export function textPattern(text: string): string {
	return `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
}
