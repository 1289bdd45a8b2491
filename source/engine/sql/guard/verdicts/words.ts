/** The words of a text that lists them, several a line. */
export function words(text: string): readonly string[] {
	return text.trim().split(/\s+/);
}

/** The words of all groups of a list. */
export function allWords(groups: Readonly<Record<string, string>>): readonly string[] {
	return Object.values(groups).flatMap(words);
}
