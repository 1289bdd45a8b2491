/** Endings of names that programs give to files they have not finished, compared without regard to case. */
const endings = ['.part', '.partial', '.tmp', '.crdownload', '.filepart'] as const;

/** What a name says of a file that a program has not finished, or keeps for itself; null for every other name. */
export function temporaryName(name: string): 'a hidden file' | 'a temporary file' | null {
	if (name.startsWith('.')) return 'a hidden file';
	const lower = name.toLowerCase();
	return name.startsWith('~$') || endings.some((ending) => lower.endsWith(ending)) ? 'a temporary file' : null;
}
