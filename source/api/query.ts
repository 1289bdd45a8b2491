/** `?a=1&b=true` of what is set; nothing of what is null, undefined or empty. */
export function query(parameters: Readonly<Record<string, string | number | boolean | null | undefined>>): string {
	const search = new URLSearchParams();
	for (const [name, value] of Object.entries(parameters)) {
		if (value === null || value === undefined || value === '') continue;
		search.set(name, String(value));
	}
	const text = search.toString();
	return text === '' ? '' : `?${text}`;
}
