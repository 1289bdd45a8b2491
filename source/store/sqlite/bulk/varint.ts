/*
 * SQLite's numbers of variable length: seven bits a byte, the highest first, with the eighth set in all but the last.
 * https://www.sqlite.org/fileformat2.html#varint
 */

/** How many bytes a number below 2^28 takes. */
export function varintSize(value: number): number {
	if (value < 0x80) return 1;
	if (value < 0x4000) return 2;
	return value < 0x200000 ? 3 : 4;
}

/** Writes a number below 2^28. @returns where the next one goes */
export function putVarint(bytes: Uint8Array, at: number, value: number): number {
	let to = at;
	if (value >= 0x200000) bytes[to++] = 0x80 | (value >>> 21);
	if (value >= 0x4000) bytes[to++] = 0x80 | ((value >>> 14) & 0x7f);
	if (value >= 0x80) bytes[to++] = 0x80 | ((value >>> 7) & 0x7f);
	bytes[to++] = value & 0x7f;
	return to;
}
