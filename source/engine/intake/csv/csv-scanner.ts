import {SluiceError} from '../../../model/errors.js';
import type {Delimiter} from '../../../model/read-options.js';
import {flushBytes, maxColumns, maxRowBytes} from '../bounds.js';
import {pageDelimiter} from '../page.js';
import {textDecoder} from '../text/text-decoder.js';
import {cellText, delimiterByte, normalCell, type RawCell, rawCells} from './record.js';

const [quote, lineFeed, carriageReturn, space, tab] = [0x22, 0x0a, 0x0d, 0x20, 0x09];
/** Ctrl-Z, which DOS writes behind the last line. */
const endOfFile = 0x1a;
/** What a byte can mean to a record; 0 is text. */
const [text, separates, endsLine, quotes, mustBeQuoted] = [0, 1, 2, 3, 4] as const;
/** Buffers grow from here: most files are small. */
const firstBytes = 64 * 1024;
/** The longest line number and its delimiter. */
const lineRoom = 24;
const none: readonly string[] = [];

export type CsvOptions = {
	/** What errors call the file. */
	readonly name: string;
	readonly delimiter: Delimiter;
	/** The physical line that the first byte stands on. */
	readonly firstLine?: number;
	/** Whether the first row that is not blank is data. Default: it is the header. */
	readonly headerless?: boolean;
	/** Names of columns by position, in place of the header's. */
	readonly columns?: readonly string[] | null;
	/** How many of the last rows are left out. */
	readonly skipLast?: number;
	/** Called with the names of the columns at the first row that is not blank, before any other row is read. Blank: the file gives none. */
	readonly onHeader: (headers: readonly string[], line: number) => void;
	/** Called for each row with more cells than there are columns, unless all of those are blank. `cells`: the texts of the surplus. */
	readonly onSurplus: (line: number, cells: readonly string[]) => void;
};

/** A row that is written but held back, because it may be one of the last. `offset`: where it begins in the normal form not yet taken. */
type HeldRow = {readonly offset: number; readonly line: number; readonly surplus: readonly string[]};

/**
 * Brings CSV bytes, handed over in pieces of any size, to the normal form of a page (`Page`). Rows that are well formed are copied as they
 * stand, in one run; the others are rebuilt cell by cell.
 *
 * Records end at LF, CR LF or CR outside quotes; each of them is a line, inside quotes too. A quote opens a cell only as its first byte.
 */
export class CsvScanner {
	rows = 0;
	/** Normal form not yet taken; `spare` is what was taken last. */
	private out = Buffer.allocUnsafeSlow(firstBytes);
	private spare = Buffer.allocUnsafeSlow(firstBytes);
	private outLength = 0;
	/** Input not yet scanned: the beginning of a record whose end has not come. */
	private pending = Buffer.allocUnsafeSlow(firstBytes);
	private pendingLength = 0;
	/** Why: a record longer than a piece is looked at again only when it has doubled, else long records cost the square of their length. */
	private scanAt = 0;
	private line: number;
	private columns = 0;
	private readonly kinds = new Uint8Array(256);
	private readonly delimiter: number;
	/** What stands between the cells of the normal form. */
	private readonly writes: number;
	// What `findEnd` found out about a record.
	private cells = 0;
	private tidy = true;
	private quoted = false;
	private lines = 0;
	/** The line of the quote that is open where the bytes end; 0 when none is. */
	private openQuoteLine = 0;
	private readonly skipLast: number;
	private held: HeldRow[] = [];
	private readonly decoder = textDecoder('utf-8');

	constructor(private readonly options: CsvOptions) {
		this.line = options.firstLine ?? 1;
		this.skipLast = options.skipLast ?? 0;
		this.delimiter = delimiterByte(options.delimiter);
		this.writes = delimiterByte(pageDelimiter(options.delimiter));
		this.kinds[this.writes] = mustBeQuoted;
		this.kinds[this.delimiter] = separates;
		this.kinds[lineFeed] = endsLine;
		this.kinds[carriageReturn] = endsLine;
		this.kinds[quote] = quotes;
	}

	/**
	 * Reads a piece. Yields the normal form of the rows that have ended, in parts of some megabytes; each is valid until the next but one.
	 *
	 * @throws SluiceError `intake.too_wide` for a row over 32 MB, `intake.unterminated_quote` when a quote is why
	 */
	*write(piece: Uint8Array): Generator<Uint8Array, void> {
		this.append(piece);
		if (this.pendingLength < this.scanAt) return;
		yield* this.scanAll(false);
		this.scanAt = this.pendingLength < piece.length ? 0 : Math.min(this.pendingLength * 2, maxRowBytes);
		if (this.pendingLength > maxRowBytes) throw this.tooLong();
	}

	/** Reads what is left: the last row may lack its line end. @throws SluiceError `intake.unterminated_quote` */
	*end(): Generator<Uint8Array, void> {
		while (this.pendingLength > 0 && this.pending[this.pendingLength - 1] === endOfFile) this.pendingLength--;
		yield* this.scanAll(true);
		if (this.pendingLength > 0) throw this.unterminated();
		this.rows -= this.held.length;
		this.held = [];
	}

	private *scanAll(final: boolean): Generator<Uint8Array, void> {
		// Why in parts: rows of a few bytes under a header of thousands of columns grow a thousandfold.
		for (let full = true; full; ) {
			full = this.scan(final);
			const length = this.release();
			if (length > 0) yield this.take(length);
		}
	}

	/** Bytes of normal form that hold none of the last rows. */
	private releasable(): number {
		if (this.skipLast === 0) return this.outLength;
		return this.held[Math.max(0, this.held.length - this.skipLast)]?.offset ?? this.outLength;
	}

	/** Lets go of the rows that cannot be among the last, and returns how many bytes of normal form may be taken. */
	private release(): number {
		if (this.skipLast === 0) return this.outLength;
		const released = this.held.splice(0, Math.max(0, this.held.length - this.skipLast));
		for (const {line, surplus} of released) if (surplus.length > 0) this.options.onSurplus(line, surplus);
		const length = this.held[0]?.offset ?? this.outLength;
		this.held = this.held.map((row) => ({...row, offset: row.offset - length}));
		return length;
	}

	private take(length: number): Uint8Array {
		const {out, outLength} = this;
		const kept = outLength - length;
		if (kept > this.spare.length) this.spare = grown(this.spare, 0, kept);
		if (kept > 0) out.copy(this.spare, 0, length, outLength);
		[this.out, this.spare] = [this.spare, out];
		this.outLength = kept;
		return out.subarray(0, length);
	}

	private append(piece: Uint8Array): void {
		const length = this.pendingLength + piece.length;
		if (length > this.pending.length) this.pending = grown(this.pending, this.pendingLength, length);
		this.pending.set(piece, this.pendingLength);
		this.pendingLength = length;
	}

	/** Scans whole records. Whether it stopped because enough of them wait to be taken. */
	private scan(final: boolean): boolean {
		const bytes = this.pending;
		const length = this.pendingLength;
		let start = 0;
		while (start < length && this.releasable() < flushBytes) {
			const end = this.findEnd(bytes, start, length, final);
			if (end < 0) break;
			this.row(bytes, start, end);
			this.line += this.lines;
			start = end;
			if (start < length) start += bytes[start] === carriageReturn && bytes[start + 1] === lineFeed && start + 1 < length ? 2 : 1;
			this.line++;
		}
		if (start > 0) bytes.copyWithin(0, start, length);
		this.pendingLength = length - start;
		return this.releasable() >= flushBytes;
	}

	/** Where the record ends (its line end, or the end of the bytes), or -1 when that is not known yet. */
	private findEnd(bytes: Uint8Array, start: number, length: number, final: boolean): number {
		const {kinds} = this;
		this.cells = 1;
		this.tidy = true;
		this.quoted = false;
		this.lines = 0;
		this.openQuoteLine = 0;
		let cellStart = start;
		let at = start;
		for (;;) {
			while (at < length && kinds[bytes[at] as number] === text) at++;
			if (at >= length) return final ? length : -1;
			switch (kinds[bytes[at] as number]) {
				case separates:
					this.cells++;
					cellStart = ++at;
					break;
				case endsLine:
					// A CR that is the last byte so far may have its LF to come.
					return bytes[at] === carriageReturn && at + 1 >= length && !final ? -1 : at;
				case mustBeQuoted:
					this.tidy = false;
					at++;
					break;
				default:
					if (at !== cellStart) {
						this.tidy = false;
						at++;
						break;
					}
					this.quoted = true;
					at = this.pastQuoted(bytes, at, length);
					if (at < 0) return -1;
					if (at < length) {
						const next = kinds[bytes[at] as number];
						if (next === text || next === quotes) this.tidy = false;
					}
			}
		}
	}

	/** The byte after the quote that closes the cell opened at `open`, or -1. Counts the lines in between. */
	private pastQuoted(bytes: Uint8Array, open: number, length: number): number {
		this.openQuoteLine = this.line + this.lines;
		for (let at = open + 1; at < length; at++) {
			const byte = bytes[at];
			if (byte === quote) {
				if (bytes[at + 1] !== quote || at + 1 >= length) {
					this.openQuoteLine = 0;
					return at + 1;
				}
				at++;
			} else if (byte === lineFeed || (byte === carriageReturn && bytes[at + 1] !== lineFeed)) this.lines++;
		}
		return -1;
	}

	private row(bytes: Uint8Array, start: number, end: number): void {
		if (this.isBlankRow(bytes, start, end)) return;
		if (this.columns === 0) {
			this.header(bytes, start, end);
			if (!this.options.headerless) return;
		}
		this.record(bytes, start, end);
	}

	/** Whether no cell has more than white space, quoted or not. */
	private isBlankRow(bytes: Uint8Array, start: number, end: number): boolean {
		let isPlain = !this.quoted;
		for (let at = start; at < end; at++) {
			const byte = bytes[at] as number;
			if (byte === this.delimiter || byte === space || byte === tab) continue;
			if (!mayBeBlank(byte)) return false;
			isPlain = false;
		}
		if (isPlain) return true;
		return rawCells(bytes, start, end, this.delimiter).every((cell) => this.textOf(bytes, cell).trim() === '');
	}

	private record(bytes: Uint8Array, start: number, end: number): void {
		this.rows++;
		const missing = this.columns - this.cells;
		const surplus = missing < 0 ? this.surplusOf(bytes, start, end) : none;
		if (this.skipLast > 0) this.held.push({offset: this.outLength, line: this.line, surplus});
		else if (surplus.length > 0) this.options.onSurplus(this.line, surplus);
		this.makeRoom((end - start) * 2 + lineRoom + this.columns * 3);
		this.writeLine();
		if (missing >= 0 && this.tidy && this.writes === this.delimiter) this.copy(bytes, start, end);
		else if (missing >= 0 && this.tidy && !this.quoted) this.translate(bytes, start, end);
		else this.rebuild(bytes, start, end);
		for (let pad = 0; pad < missing; pad++) this.out[this.outLength++] = this.writes;
		this.out[this.outLength++] = lineFeed;
	}

	private header(bytes: Uint8Array, start: number, end: number): void {
		const {columns, headerless = false} = this.options;
		const cells = rawCells(bytes, start, end, this.delimiter);
		const found = headerless ? cells.map(() => '') : cells.map((cell) => this.textOf(bytes, cell));
		const headers = [...(columns ?? []), ...found.slice(columns?.length ?? 0)];
		if (headers.length > maxColumns) throw this.tooWide(headers.length);
		this.columns = headers.length;
		this.options.onHeader(headers, this.line);
	}

	/** The texts of the cells that have no column; none where all of them are blank, as a delimiter at the end of each line leaves them. */
	private surplusOf(bytes: Uint8Array, start: number, end: number): readonly string[] {
		const texts = rawCells(bytes, start, end, this.delimiter)
			.slice(this.columns)
			.map((cell) => this.textOf(bytes, cell));
		return texts.some((each) => each.trim() !== '') ? texts : none;
	}

	private textOf(bytes: Uint8Array, cell: RawCell): string {
		return this.decoder.write(cellText(bytes, cell)) + this.decoder.end();
	}

	/** Why a loop for short rows: calling into the runtime costs more than copying some tens of bytes. */
	private copy(bytes: Uint8Array, start: number, end: number): void {
		const {out} = this;
		let to = this.outLength;
		if (end - start > 48) {
			out.set(bytes.subarray(start, end), to);
			to += end - start;
		} else for (let at = start; at < end; at++) out[to++] = bytes[at] as number;
		this.outLength = to;
	}

	/** The same for a row without quotes whose delimiter must change. */
	private translate(bytes: Uint8Array, start: number, end: number): void {
		const {out, delimiter, writes} = this;
		let to = this.outLength;
		for (let at = start; at < end; at++) {
			const byte = bytes[at] as number;
			out[to++] = byte === delimiter ? writes : byte;
		}
		this.outLength = to;
	}

	private rebuild(bytes: Uint8Array, start: number, end: number): void {
		for (const [at, cell] of rawCells(bytes, start, end, this.delimiter).slice(0, this.columns).entries()) {
			if (at > 0) this.out[this.outLength++] = this.writes;
			const normal = normalCell(bytes, cell, this.writes);
			this.out.set(normal, this.outLength);
			this.outLength += normal.length;
		}
	}

	private writeLine(): void {
		const {out} = this;
		let digits = 1;
		for (let rest = this.line; rest >= 10; rest = Math.floor(rest / 10)) digits++;
		let rest = this.line;
		for (let at = this.outLength + digits - 1; at >= this.outLength; at--) {
			const tenth = Math.floor(rest / 10);
			out[at] = 48 + rest - tenth * 10;
			rest = tenth;
		}
		this.outLength += digits;
		out[this.outLength++] = this.writes;
	}

	private makeRoom(bytes: number): void {
		const needed = this.outLength + bytes;
		if (needed > this.out.length) this.out = grown(this.out, this.outLength, needed);
	}

	private unterminated(): SluiceError {
		const where = `${this.options.name}, line ${this.openQuoteLine}`;
		return new SluiceError(
			'intake.unterminated_quote',
			`A quote opened on line ${this.openQuoteLine} of ${this.options.name} is never closed`,
			{
				where,
				expected: 'a closing quote before the next delimiter or line end',
			},
		);
	}

	private tooLong(): SluiceError {
		if (this.openQuoteLine > 0) return this.unterminated();
		const where = `${this.options.name}, line ${this.line}`;
		return new SluiceError('intake.too_wide', `Line ${this.line} of ${this.options.name} is longer than ${maxRowBytes} bytes`, {where});
	}

	private tooWide(columns: number): SluiceError {
		const where = `${this.options.name}, line ${this.line}`;
		return new SluiceError('intake.too_wide', `${this.options.name} has ${columns} columns`, {where, expected: `at most ${maxColumns}`});
	}
}

function grown(buffer: Buffer<ArrayBuffer>, used: number, needed: number): Buffer<ArrayBuffer> {
	const larger = Buffer.allocUnsafeSlow(Math.max(needed, buffer.length * 2));
	larger.set(buffer.subarray(0, used));
	return larger;
}

/** Whether a byte that is no delimiter, space or tab can be part of a blank row: of its quotes, its line ends, or white space outside ASCII. */
function mayBeBlank(byte: number): boolean {
	return byte === quote || (byte >= lineFeed && byte <= carriageReturn) || byte >= 0x80;
}
