import {maxNamedRows} from './bounds.js';
import type {IntakeWarning} from './page.js';
import type {RowNotes} from './row-notes.js';

/** Collects warnings of one kind about rows: the first hundred by their line, the rest by their number. */
export class RowWarnings {
	private readonly named: IntakeWarning[] = [];
	private count = 0;

	/** @param rest completes `<n> more rows ` */
	constructor(private readonly rest: string) {}

	add(line: number, message: string): void {
		this.count++;
		if (this.named.length < maxNamedRows) this.named.push({line, message});
	}

	tell(onWarning: (warning: IntakeWarning) => void): void {
		for (const warning of this.named) onWarning(warning);
		if (this.count > this.named.length) onWarning({message: `${this.count - this.named.length} more rows ${this.rest}`});
	}
}

/** Warnings for rows with more cells than the header (SPEC 4): of the run, and each on its row. */
export function surplusRows(
	page: string,
	notes: RowNotes,
): {add(line: number, cells: readonly string[], columns: number): void; tell: RowWarnings['tell']} {
	const warnings = new RowWarnings(`of ${page} have surplus cells`);
	return {
		add(line, cells, columns) {
			const what = cells.length === 1 ? 'one cell' : `${cells.length} cells`;
			const warning = `${page}, line ${line}: ${what} more than the ${columns} columns of the header; the surplus is in _surplus`;
			warnings.add(line, warning);
			notes.surplus(line, cells, warning);
		},
		tell: (onWarning) => warnings.tell(onWarning),
	};
}
