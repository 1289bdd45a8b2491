import {rowHeadBytes, rowNumber} from '../../../model/plain-row.js';
import {decimalOrder} from '../decimal-order.js';
import type {TableImage} from './sqlite-image.js';
import {putVarint, varintSize} from './varint.js';

/** What SQLite calls a value in a record's head: none, six bytes of a number, or, from 13 on, a text of half as many bytes. */
const [noValue, sixByteInteger] = [0, 5] as const;
const typeOfText = (length: number) => 2 * length + 13;

/** Longer texts are copied as a whole, which costs more to begin. */
const longText = 48;
const [zero, nine, point] = [0x30, 0x39, 0x2e];
const keyBytes = 2 ** 17;

/**
 * Brings rows (`model/plain-row`) into SQLite's form of a record: null for the key, the row's number, then each field's text, and behind that
 * of a decimal field the key that it is compared by.
 */
export class RowRecords {
	readonly #decimal: readonly boolean[];
	/** Where the texts of a row lie, field by field; a length of -1 is none. */
	readonly #from: Int32Array;
	readonly #length: Int32Array;
	readonly #keyLength: Int32Array;
	/** The keys of a row's decimals, one behind the other. */
	readonly #keys = Buffer.alloc(keyBytes);
	#types = 0;
	#values = 0;

	/** @param decimal of each field, whether it has a key */
	constructor(decimal: readonly boolean[]) {
		this.#decimal = decimal;
		this.#from = new Int32Array(decimal.length);
		this.#length = new Int32Array(decimal.length);
		this.#keyLength = new Int32Array(decimal.length);
	}

	/** @returns false where a row is too long */
	put(rows: Buffer, image: TableImage): boolean {
		for (let at = 0; at < rows.length; ) {
			const number = rowNumber(rows, at);
			at = this.#measure(rows, at + rowHeadBytes);
			if (at < 0) return false;
			// why: the head's own size is part of the head
			const head = this.#types < 0x7f ? this.#types + 1 : this.#types + 2;
			const to = image.place(head + this.#values);
			if (to < 0) return false;
			this.#write(rows, number, image.bytes, putVarint(image.bytes, to, head));
		}
		return true;
	}

	/** Finds the texts of a row and what they take. @returns where the next row begins; -1 where it is too long */
	#measure(rows: Buffer, start: number): number {
		let at = start;
		let keys = 0;
		this.#types = 2;
		this.#values = 6;
		for (let field = 0; field < this.#decimal.length; field++) {
			const decimal = this.#decimal[field];
			if (rows[at++] === 1) {
				this.#length[field] = -1;
				this.#types += decimal ? 2 : 1;
				continue;
			}
			let byte = rows[at++] ?? 0;
			let length = byte & 0x7f;
			for (let shift = 7; byte > 0x7f; shift += 7) {
				byte = rows[at++] ?? 0;
				length += (byte & 0x7f) << shift;
			}
			this.#from[field] = at;
			this.#length[field] = length;
			at += length;
			this.#types += varintSize(typeOfText(length));
			this.#values += length;
			if (!decimal) continue;
			if (length > keyBytes / 2 || keys > keyBytes / 4) return -1;
			const key = putKey(rows, at - length, at, this.#keys, keys);
			this.#keyLength[field] = key;
			keys += key;
			this.#types += varintSize(typeOfText(key));
			this.#values += key;
		}
		return at;
	}

	#write(rows: Buffer, number: number, bytes: Uint8Array, start: number): void {
		let to = start;
		bytes[to++] = noValue;
		bytes[to++] = sixByteInteger;
		for (let field = 0; field < this.#decimal.length; field++) {
			const length = this.#length[field] ?? 0;
			to = putVarint(bytes, to, length < 0 ? noValue : typeOfText(length));
			if (this.#decimal[field]) to = putVarint(bytes, to, length < 0 ? noValue : typeOfText(this.#keyLength[field] ?? 0));
		}
		bytes[to] = 0;
		bytes[to + 1] = 0;
		bytes[to + 2] = number >>> 24;
		bytes[to + 3] = number >>> 16;
		bytes[to + 4] = number >>> 8;
		bytes[to + 5] = number;
		to += 6;
		let key = 0;
		for (let field = 0; field < this.#decimal.length; field++) {
			const length = this.#length[field] ?? 0;
			if (length < 0) continue;
			to = copy(rows, this.#from[field] ?? 0, length, bytes, to);
			if (!this.#decimal[field]) continue;
			const size = this.#keyLength[field] ?? 0;
			to = copy(this.#keys, key, size, bytes, to);
			key += size;
		}
	}
}

/** @returns where the next one goes */
function copy(from: Buffer, start: number, length: number, bytes: Uint8Array, to: number): number {
	if (length > longText) from.copy(bytes, to, start, start + length);
	else for (let index = 0; index < length; index++) bytes[to + index] = from[start + index] ?? 0;
	return to + length;
}

/** Writes the key of a decimal (`decimalOrder`), which most numbers contain as they stand. @returns its length */
function putKey(rows: Buffer, from: number, end: number, keys: Buffer, at: number): number {
	const [first, last] = [rows[from] ?? 0, rows[end - 1] ?? 0];
	const whole = wholeDigits(rows, from, end);
	if (first <= zero || first > nine || last <= zero || whole > 9) return keys.write(decimalOrder(rows.toString('latin1', from, end)), at);
	keys[at] = 0x63;
	keys[at + 1] = keys[at + 2] = keys[at + 3] = zero;
	keys[at + 4] = zero + whole;
	return copy(rows, from, end - from, keys, at + 5) - at;
}

/** The digits before the point. */
function wholeDigits(rows: Buffer, from: number, end: number): number {
	let at = from;
	while (at < end && rows[at] !== point) at++;
	return at - from;
}
