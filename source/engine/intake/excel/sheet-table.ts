import type {ReadOptions} from '../../../model/read-options.js';
import type {SharedStrings} from './shared-strings.js';
import {cellText, widthOf} from './sheet-cells.js';
import type {SheetRow} from './sheet-rows.js';

/**
 * Finds the header of a sheet and the rows under it, by what the connector says of them (`ReadOptions`). The header is the first row with
 * text, from the row on that is named.
 */
export class SheetTable {
	/** Null until the header has come. */
	headers: readonly string[] | null = null;
	/** Columns of the header. */
	width = 0;
	/** Null where the sheet has none. */
	headerRow: SheetRow | null = null;
	/** Cells up to the last that is not blank, of the row that `add` returned last. */
	readyWidth = 0;
	/** The last row so far that holds text. */
	lastText = 0;
	/** The last rows so far, which may be those that are left out; `next` is the oldest. */
	private readonly held: SheetRow[] = [];
	private next = 0;

	constructor(
		private readonly read: Pick<ReadOptions, 'headerRow' | 'columns' | 'skipLast'>,
		private readonly strings: SharedStrings,
	) {}

	/** Takes the next row, and returns the one that is ready to be written, if any: rows that may be among the last are held back. */
	add(row: SheetRow): SheetRow | null {
		const width = widthOf(row.cells, this.strings);
		this.readyWidth = width;
		if (width === 0) return row.lost.length > 0 && this.headers ? row : null;
		this.lastText = row.row;
		if (this.headers === null) {
			const {headerRow} = this.read;
			if (typeof headerRow === 'number' && row.row < headerRow) return null;
			this.header(row, width);
			// Its lost cells are told at once.
			if (headerRow !== 'none') return row;
		}
		return this.hold(row);
	}

	private header(row: SheetRow, width: number): void {
		const {headerRow, columns} = this.read;
		// A cell that lost its text has a column all the same, at the end as in the middle.
		const columnsOfHeader = headerRow === 'none' ? width : row.lost.reduce((most, {column}) => Math.max(most, column + 1), width);
		const found = Array.from({length: columnsOfHeader}, (_, at) =>
			headerRow === 'none' ? '' : cellText(row.cells[at] ?? null, this.strings),
		);
		this.headers = [...(columns ?? []), ...found.slice(columns?.length ?? 0)];
		this.width = this.headers.length;
		if (headerRow !== 'none') this.headerRow = row;
	}

	private hold(row: SheetRow): SheetRow | null {
		const {skipLast} = this.read;
		if (this.held.length < skipLast) {
			this.held.push(row);
			return null;
		}
		if (skipLast === 0) return row;
		const ready = this.held[this.next] ?? null;
		this.held[this.next] = row;
		this.next = (this.next + 1) % skipLast;
		if (ready) this.readyWidth = widthOf(ready.cells, this.strings);
		return ready;
	}
}
