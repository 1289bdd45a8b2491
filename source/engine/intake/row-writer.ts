import {SluiceError} from '../../model/errors.js';
import {maxWaitingBytes} from './bounds.js';
import type {PageDelimiter} from './page.js';

/** The delimiter of the pages that are written from other things than CSV. */
export const writtenDelimiter: PageDelimiter = ',';

const [comma, lineFeed] = [0x2c, 0x0a];
/** Why 48: up to there a loop in JavaScript beats a call into the runtime. */
const shortText = 48;
/** Buffers grow from here: most pages are small. */
const firstBytes = 64 * 1024;

/** A text as a cell in normal form. */
export function encodeCell(text: string): string {
	if (text !== '' && !/[",\r\n]/.test(text)) return text;
	return `"${text.replaceAll('"', '""')}"`;
}

/** Writes rows in the normal form of a page (`Page`), cell by cell. */
export class RowWriter {
	rows = 0;
	private out = Buffer.allocUnsafeSlow(firstBytes);
	private spare = Buffer.allocUnsafeSlow(firstBytes);
	private length = 0;

	/** @param name what errors call the page */
	constructor(private readonly name: string) {}

	/** How much has been written since the last `take`. */
	get waiting(): number {
		return this.length;
	}

	/** What has been written since the last call; valid until the next call. */
	take(): Uint8Array {
		const taken = this.out.subarray(0, this.length);
		[this.out, this.spare] = [this.spare, this.out];
		this.length = 0;
		return taken;
	}

	begin(line: number): void {
		this.ascii(String(line));
	}

	/** The next cell of the row; null is blank. */
	cell(text: string | null): void {
		this.makeRoom(1);
		this.out[this.length++] = comma;
		if (text === null || (text !== '' && this.plain(text))) return;
		const cell = encodeCell(text);
		this.makeRoom(cell.length * 3);
		this.length += this.out.write(cell, this.length);
	}

	/** The next cell of the row, already in normal form. */
	encoded(bytes: Uint8Array, start: number, end: number): void {
		this.makeRoom(end - start + 1);
		const {out} = this;
		let to = this.length;
		out[to++] = comma;
		if (end - start > shortText) {
			out.set(bytes.subarray(start, end), to);
			to += end - start;
		} else for (let at = start; at < end; at++) out[to++] = bytes[at] as number;
		this.length = to;
	}

	end(): void {
		this.makeRoom(1);
		this.out[this.length++] = lineFeed;
		this.rows++;
	}

	/** Writes a short text that needs no quotes; false when it is not one, and then nothing is written. */
	private plain(text: string): boolean {
		if (text.length > shortText) return false;
		this.makeRoom(text.length);
		let to = this.length;
		for (let at = 0; at < text.length; at++) {
			const code = text.charCodeAt(at);
			if (code >= 0x80 || code === 0x22 || code === comma || code === lineFeed || code === 0x0d) return false;
			this.out[to++] = code;
		}
		this.length = to;
		return true;
	}

	private ascii(text: string): void {
		this.makeRoom(text.length);
		for (let at = 0; at < text.length; at++) this.out[this.length++] = text.charCodeAt(at);
	}

	private makeRoom(bytes: number): void {
		const needed = this.length + bytes;
		if (needed <= this.out.length) return;
		if (needed > maxWaitingBytes) {
			throw new SluiceError('intake.expansion', `${this.name} repeats its texts until they fill the memory`, {where: this.name});
		}
		const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.out.length * 2));
		larger.set(this.out.subarray(0, this.length));
		this.out = larger;
	}
}
