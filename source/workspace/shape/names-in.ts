/** Every text under `key` of a list of maps in a file, whatever else is wrong with them: so that a broken one is not called unknown too. */
export function namesIn(root: unknown, list: string, key: string): readonly string[] {
	return mapsIn(root, list).flatMap((item) => {
		const name = item[key];
		return typeof name === 'string' ? [name] : [];
	});
}

/** The items of a list in a file, those that are no maps as empty ones. */
export function mapsIn(root: unknown, list: string): readonly Readonly<Record<string, unknown>>[] {
	const items = isMap(root) ? root[list] : undefined;
	return Array.isArray(items) ? items.map((item: unknown) => (isMap(item) ? item : {})) : [];
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
