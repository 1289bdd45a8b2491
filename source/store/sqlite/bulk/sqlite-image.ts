import Sqlite from 'better-sqlite3';
import {putVarint, varintSize} from './varint.js';

/** The greatest there are: most rows of any length fit, and a chunk takes few. */
const pageBytes = 65_536;
/** Where a record that is longer goes on, on pages of its own, which these images have none of. */
const longestRecord = pageBytes - 35;
const [leafHead, rootHead] = [8, 12];
const [leafKind, rootKind] = [0x0d, 0x05];
/** Page 1 has the schema, page 2 the table's root, the leaves follow. */
const firstLeaf = 3;
/** As many as one root can name. */
const mostLeaves = 7000;
const pageCountAt = 28;

/**
 * A database of one table, put together page by page in the format of SQLite's files (https://www.sqlite.org/fileformat2.html, which is
 * kept for ever): whole rows that SQLite then reads as it does its own. What is here of the format is tables, leaves and one root over them.
 */
export class TableImage {
	readonly #schema: Buffer;
	#bytes: Buffer = Buffer.alloc(4 * pageBytes);
	/** Where the leaf begins that is being filled, and where in it the last record does. */
	#leaf = 0;
	#top = 0;
	#records = 0;
	/** The last row of each leaf that is full. */
	#ends: number[] = [];
	#row = -1;

	/** @param create the statement that makes the table, and nothing else */
	constructor(create: string) {
		const pattern = new Sqlite(':memory:');
		pattern.pragma(`page_size = ${pageBytes}`);
		pattern.exec(create);
		this.#schema = pattern.serialize().subarray(0, pageBytes);
		pattern.close();
	}

	/** The bytes that records are written to. Others after each `place`. */
	get bytes(): Buffer {
		return this.#bytes;
	}

	begin(): void {
		this.#ends = [];
		this.#row = -1;
		this.#open((firstLeaf - 1) * pageBytes);
	}

	/** Room for the record of the next row; rows count from 0. @returns where in `bytes` it begins; -1 where it does not fit into these pages */
	place(size: number): number {
		if (size > longestRecord || this.#ends.length === mostLeaves) return -1;
		const row = this.#row + 1;
		const cell = varintSize(size) + varintSize(row) + size;
		if (this.#top - cell < leafHead + 2 * (this.#records + 1)) this.#close();
		this.#row = row;
		this.#top -= cell;
		const at = this.#leaf + this.#top;
		const bytes = this.#bytes;
		const pointer = this.#leaf + leafHead + 2 * this.#records++;
		bytes[pointer] = this.#top >>> 8;
		bytes[pointer + 1] = this.#top & 0xff;
		return putVarint(bytes, putVarint(bytes, at, size), row);
	}

	/** The file, as it is to be written; valid until the next `begin`. */
	finish(): Uint8Array {
		this.#close();
		const alone = this.#ends.length === 1;
		const root = this.#bytes.subarray(pageBytes, 2 * pageBytes);
		if (alone) this.#bytes.copy(root, 0, 2 * pageBytes, 3 * pageBytes);
		else putRoot(root, this.#ends);
		const size = alone ? 2 * pageBytes : this.#leaf;
		this.#schema.copy(this.#bytes, 0);
		this.#bytes.writeUInt32BE(size / pageBytes, pageCountAt);
		return this.#bytes.subarray(0, size);
	}

	#open(at: number): void {
		this.#leaf = at;
		this.#top = pageBytes;
		this.#records = 0;
		if (at + pageBytes <= this.#bytes.length) return;
		const larger = Buffer.alloc(2 * this.#bytes.length);
		this.#bytes.copy(larger, 0);
		this.#bytes = larger;
	}

	#close(): void {
		putHead(this.#bytes.subarray(this.#leaf, this.#leaf + pageBytes), leafKind, this.#records, this.#top);
		this.#ends.push(this.#row);
		this.#open(this.#leaf + pageBytes);
	}
}

function putHead(page: Buffer, kind: number, cells: number, top: number): void {
	page[0] = kind;
	page.writeUInt16BE(0, 1);
	page.writeUInt16BE(cells, 3);
	// why: the size of a whole page does not fit, and is written as 0
	page.writeUInt16BE(top % pageBytes, 5);
	page[7] = 0;
}

/** A page that says which rows end on which leaf, but for the last, which it names as the one of all greater rows. */
function putRoot(page: Buffer, ends: readonly number[]): void {
	let top = pageBytes;
	for (const [index, end] of ends.slice(0, -1).entries()) {
		top -= 4 + varintSize(end);
		page.writeUInt32BE(firstLeaf + index, top);
		putVarint(page, top + 4, end);
		page.writeUInt16BE(top, rootHead + 2 * index);
	}
	putHead(page, rootKind, ends.length - 1, top);
	page.writeUInt32BE(firstLeaf + ends.length - 1, 8);
}
