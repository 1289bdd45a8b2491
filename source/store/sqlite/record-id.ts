/** The id of 32 hexadecimal digits, as SQLite's `hex` gives them. */
export function idOfHex(hex: string): string {
	const id = hex.toLowerCase();
	return `${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20)}`;
}

/** Whether a text is an id as this program writes it: only such a text can name a record. */
export function isId(text: string): boolean {
	return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text);
}
