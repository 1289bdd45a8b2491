/** One key press as the key filter hands it over, or a whole paste. */
export type Key =
	/** `name` as the table writes it: `j`, `G`, `/`, `space`, `enter`, `up`, `ctrl-u`, `shift-tab`, `alt-b`. `text` is what a text field takes. */
	| {readonly type: 'key'; readonly name: string; readonly text: string}
	/** Never commands, whatever stands in it. */
	| {readonly type: 'paste'; readonly text: string};

const shownNames: Readonly<Record<string, string>> = {
	up: '↑',
	down: '↓',
	left: '←',
	right: '→',
	enter: 'Enter',
	escape: 'Esc',
	tab: 'Tab',
	'shift-tab': 'Shift-Tab',
	pageup: 'PgUp',
	pagedown: 'PgDn',
	home: 'Home',
	end: 'End',
	space: 'Space',
	backspace: 'Backspace',
	delete: 'Del',
};

/** A key as people read it: `↑`, `Enter`, `Ctrl-U`. */
export function keyLabel(name: string): string {
	return shownNames[name] ?? name.replace(/^ctrl-(.)/, (_whole, letter: string) => `Ctrl-${letter.toUpperCase()}`).replace(/^alt-/, 'Alt-');
}

/** Whether a text names a key that a terminal can send and that is not spoken for by flow control or line editing. */
export function isKeyName(name: string): boolean {
	if ([...name].length === 1) return name !== ' ';
	if (name in shownNames) return true;
	return /^(ctrl-[a-eglknoprtuvwxyz\\]|ctrl-space|alt-[a-z]|f([1-9]|1[0-2]))$/.test(name);
}
