import {closeSync} from 'node:fs';
import {isatty} from 'node:tty';

/** Whether a descriptor that was a terminal no longer is one: its window, SSH session or tmux session is gone. */
export function vanishedTerminals(terminals: readonly number[]): readonly number[] {
	return terminals.filter((fd) => !isatty(fd));
}

/**
 * Closes the standard streams of a terminal that is gone before the process exits. Node sets every terminal back to its first mode on the
 * way out, and aborts with a core dump when the terminal refuses with EIO; a closed descriptor it leaves alone (node::ResetStdio).
 */
export function exitWithoutTerminal(): void {
	const terminals = [0, 1, 2].filter((fd) => isatty(fd));
	process.on('exit', () => {
		for (const fd of vanishedTerminals(terminals)) closeSync(fd);
	});
}
