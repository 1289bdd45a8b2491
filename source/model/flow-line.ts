/** A mapping as one line of YAML, as people write it in `connector.yaml`; what is null or false is left out. */
export function flowLine(mapping: Readonly<Record<string, string | number | boolean | null>>): string {
	const entries = Object.entries(mapping).filter(([, value]) => value !== null && value !== false);
	return `{${entries.map(([key, value]) => `${key}: ${typeof value === 'string' && !/^[a-z_][\w/-]*$/i.test(value) ? JSON.stringify(value) : value}`).join(', ')}}`;
}
