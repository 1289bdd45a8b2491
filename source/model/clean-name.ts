/** A name as SQL sees it: trimmed, every character outside `[A-Za-z0-9_]` an underscore, lower-case, no leading digit (SPEC 4). */
export function cleanName(name: string): string {
	const clean = name
		.trim()
		.replaceAll(/[^A-Za-z0-9_]/gu, '_')
		.toLowerCase();
	return /^[0-9]/.test(clean) ? `_${clean}` : clean;
}

/** The name that a header means: cleaned, with its accents composed; empty for a blank one. */
export function cleanHeader(header: string): string {
	return cleanName(header.normalize('NFC'));
}
