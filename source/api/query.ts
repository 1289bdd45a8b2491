type Value = string | number | boolean | null | undefined;

/** `?a=1&b=true&c=x&c=y` of what is set; nothing of what is null, undefined or empty. */
export function query(parameters: Readonly<Record<string, Value | readonly string[]>>): string {
	const search = new URLSearchParams();
	for (const [name, value] of Object.entries(parameters)) {
		const all = typeof value === 'object' && value !== null ? value : [value];
		for (const one of all) if (one !== null && one !== undefined && one !== '') search.append(name, String(one));
	}
	const text = search.toString();
	return text === '' ? '' : `?${text}`;
}
