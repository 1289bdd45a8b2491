/**
 * The scheme of a text that is an address, such as `s3` of `s3://bucket/x.csv`; null for a path. One letter is the drive of a Windows path.
 */
export function schemeOf(text: string): string | null {
	return /^([A-Za-z][A-Za-z0-9+.-]+):\//.exec(text.trim())?.[1] ?? null;
}
