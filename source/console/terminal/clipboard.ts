const largestBytes = 74_000;

/**
 * The sequence that puts a text on the clipboard of the terminal the person sits at, also over SSH (OSC 52), wrapped for tmux or screen
 * where one stands between. Null for a text that terminals would cut in silence.
 */
export function copySequence(text: string, environment: Readonly<Record<string, string | undefined>>): string | null {
	const bytes = Buffer.from(text, 'utf8');
	if (bytes.length > largestBytes) return null;
	const plain = `\u001b]52;c;${bytes.toString('base64')}\u0007`;
	// why both: tmux 3.3 passes wrapped sequences on only with allow-passthrough, and takes plain ones with set-clipboard on
	if (environment.TMUX) return `${plain}\u001bPtmux;${plain.replaceAll('\u001b', '\u001b\u001b')}\u001b\\`;
	if (environment.STY || environment.TERM?.startsWith('screen')) return `\u001bP${plain}\u001b\\`;
	return plain;
}
