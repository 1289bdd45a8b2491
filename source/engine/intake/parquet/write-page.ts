import {closeSync, openSync} from 'node:fs';
import {SluiceError} from '../../../model/errors.js';
import {spelledOut} from '../../../text/visible.js';
import {flushBytes} from '../bounds.js';
import {PageFile} from '../page-file.js';
import type {PageListener} from '../page-listener.js';
import {RowWriter} from '../row-writer.js';
import {type Cell, type CellReader, cellReader} from './cell-reader.js';
import {unreadableCodec} from './decompress.js';
import type {ParquetFooter, RowGroup} from './footer.js';

type RowListener = Pick<PageListener, 'onRows' | 'onBytes'>;

/**
 * Writes the rows of a Parquet file as a page in normal form, for files that the engine would not read right.
 *
 * @returns the number of rows
 * @throws SluiceError `intake.corrupt`, `intake.parquet_type` for a codec that is not read
 */
export async function writePage(path: string, name: string, footer: ParquetFooter, target: string, listener: RowListener): Promise<number> {
	const rows = new RowReader(path, name, footer);
	try {
		const out = await PageFile.create(target, listener.onBytes);
		try {
			const written = await writeRows(rows, name, footer, out, listener);
			await out.finish();
			return written;
		} finally {
			await out.close();
		}
	} finally {
		rows.close();
	}
}

async function writeRows(rows: RowReader, name: string, footer: ParquetFooter, out: PageFile, {onRows}: RowListener): Promise<number> {
	const writer = new RowWriter(name);
	const write = (cell: Cell): void => {
		if (cell instanceof Uint8Array) writeBytes(writer, cell);
		else writer.cell(cell);
	};
	let told = 0;
	for (const group of footer.rowGroups()) {
		rows.begin(group);
		for (let row = 0; row < group.rows; row++) {
			writer.begin(writer.rows + 1);
			rows.next(write);
			writer.end();
			if (writer.waiting < flushBytes) continue;
			await out.write(writer.take());
			onRows(writer.rows - told);
			told = writer.rows;
		}
		rows.end();
	}
	await out.write(writer.take());
	onRows(writer.rows - told);
	return writer.rows;
}

/** The cells of one row, counted from 1; null where the file has fewer rows. @throws SluiceError as `writePage` */
export function rowAt(path: string, name: string, footer: ParquetFooter, row: number): readonly (string | null)[] | null {
	const rows = new RowReader(path, name, footer);
	try {
		let before = 0;
		for (const group of footer.rowGroups()) {
			if (before + group.rows >= row) {
				rows.begin(group);
				for (let at = before + 1; at < row; at++) rows.next(() => {});
				const cells: (string | null)[] = [];
				rows.next((cell) => cells.push(cell instanceof Uint8Array ? Buffer.from(cell).toString('utf8') : cell));
				return cells;
			}
			before += group.rows;
		}
		return null;
	} finally {
		rows.close();
	}
}

/** Reads the rows of a file, one row group after the other. */
class RowReader {
	private readonly file: number;
	private readonly columns: readonly {readonly name: string; readonly cells: CellReader}[];
	private row = 0;

	constructor(
		path: string,
		private readonly name: string,
		{columns}: ParquetFooter,
	) {
		this.file = openSync(path, 'r');
		this.columns = columns.map((column) => ({name: column.name, cells: cellReader(this.file, column)}));
	}

	begin(group: RowGroup): void {
		checkCodecs(group, this.name);
		const chunks = new Map(group.chunks.map((chunk) => [chunk.leaf, chunk]));
		for (const {name, cells} of this.columns) this.readable(name, () => cells.begin(chunks));
	}

	next(onCell: (cell: Cell) => void): void {
		this.row++;
		for (const {name, cells} of this.columns) onCell(this.readable(name, cells.next));
	}

	/** Checks that the row group has no values left. */
	end(): void {
		for (const {name, cells} of this.columns) {
			this.readable(name, () => {
				if (!cells.isDone()) throw new RangeError('a row group has more values than rows');
			});
		}
	}

	close(): void {
		closeSync(this.file);
	}

	/** What a reader of damaged values throws, as an error for people that names the column and the row. */
	private readable<Result>(column: string, read: () => Result): Result {
		try {
			return read();
		} catch (error) {
			if (error instanceof SluiceError) throw error;
			const reason = error instanceof RangeError ? `: ${error.message}` : '';
			throw new SluiceError(
				'intake.corrupt',
				`${this.name} is damaged: the column ${spelledOut(JSON.stringify(column))} cannot be read${reason}`,
				{
					where: `${this.name}, row ${this.row}`,
					cause: error,
				},
			);
		}
	}
}

/** Bytes that are no UTF-8, as they are. */
function writeBytes(writer: RowWriter, bytes: Uint8Array): void {
	const quote = 0x22;
	const cell = [quote, ...[...bytes].flatMap((byte) => (byte === quote ? [quote, quote] : [byte])), quote];
	writer.encoded(Uint8Array.from(cell), 0, cell.length);
}

function checkCodecs({chunks}: RowGroup, name: string): void {
	for (const {codec, leaf} of chunks) {
		const unreadable = unreadableCodec(codec);
		if (unreadable === null) continue;
		throw new SluiceError(
			'intake.parquet_type',
			`${name}: the column ${spelledOut(JSON.stringify(leaf.name))} is compressed with ${unreadable}`,
			{
				where: name,
				expected: 'no compression, Snappy, gzip, Brotli, LZ4 or Zstandard',
				cure: 'Write the file with another compression.',
			},
		);
	}
}
