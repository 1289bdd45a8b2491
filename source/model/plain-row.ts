/*
 * Rows that go from the SQL engine into a store as they stand, in the engine's RowBinary: a head, then a text for each field that the row
 * brings. Text is a byte that is 1 where there is none, else 0, the text's length (LEB128) and its bytes in UTF-8.
 */

/** Bytes before the texts: the row's number (UInt32, the lowest byte first), whether it carries warnings, whether it may be taken as it stands. */
export const rowHeadBytes = 6;

/** Where the marks of a head stand. */
export const rowMarks = {warned: 4, plain: 5} as const;

/** The number of the row that begins at `at`. */
export function rowNumber(bytes: Uint8Array, at: number): number {
	return (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 0x100 + (bytes[at + 2] ?? 0) * 0x10000 + (bytes[at + 3] ?? 0) * 0x1000000;
}

/** Where the row that begins at `at`, of so many fields, ends. */
export function rowEnd(bytes: Uint8Array, at: number, fields: number): number {
	let to = at + rowHeadBytes;
	for (let field = 0; field < fields; field++) {
		if (bytes[to++] === 1) continue;
		let byte = bytes[to++] ?? 0;
		let length = byte & 0x7f;
		for (let shift = 7; byte > 0x7f; shift += 7) {
			byte = bytes[to++] ?? 0;
			length += (byte & 0x7f) << shift;
		}
		to += length;
	}
	return to;
}
