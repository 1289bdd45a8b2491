const longest = 100;

/** A value as a reason or warning names it: in quotes, on one line, long text cut. */
export function shown(text: string): string {
	const line = text.replaceAll(/\s+/g, ' ');
	return line.length > longest ? `"${line.slice(0, longest)}…"` : `"${line}"`;
}
