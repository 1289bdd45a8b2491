/** A text with every letter as x and every digit as 0: its shape stays to be seen, what it says does not. */
export function masked(text: string): string {
	return text
		.replaceAll(/\p{Lu}/gu, 'X')
		.replaceAll(/[\p{L}\p{M}]/gu, (letter) => (letter === 'X' ? letter : 'x'))
		.replaceAll(/\p{N}/gu, '0');
}

/** Rows with the values of some columns masked; `mask` names them as the file or as SQL does. */
export function maskedRows(
	columns: readonly string[],
	rows: readonly (readonly (string | null)[])[],
	mask: readonly string[],
	cleaned: (name: string) => string,
): readonly (readonly (string | null)[])[] {
	const wanted = new Set(mask.flatMap((name) => [name, cleaned(name)]));
	const hidden = columns.map((name) => wanted.has(name));
	return rows.map((row) => row.map((cell, at) => (cell !== null && hidden[at] ? masked(cell) : cell)));
}
