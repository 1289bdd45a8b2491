/**
 * The cells of some lines that have bytes outside ASCII, each different one once: a word that stands in every row shows no more of the
 * encoding than it does in one. Digits make no difference. A cell ends at a byte that no encoding has within a character.
 */
export function distinctCells(lines: Uint8Array): Buffer {
	const text = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength).toString('latin1');
	const found = new Map<string, string>();
	for (const cell of text.split(/[\n\r\t;]|,(?! )/)) {
		if (!/[\u0080-\u00ff]/.test(cell)) continue;
		// A digit behind a byte outside ASCII may be the second half of a character.
		const kind = cell.replace(/(?<![\u0080-\u00ff])[0-9]+/g, '0');
		if (!found.has(kind)) found.set(kind, cell);
	}
	return Buffer.from([...found.values(), ''].join('\n'), 'latin1');
}
