import {SluiceError} from '../../../model/errors.js';
import {type Counts, type Outcome, outcomes} from '../../../model/outcome.js';
import type {Texts} from '../plan/incoming.js';

/** How a row ends. Everything but the outcome may be left out. */
export type RowEnd = {
	readonly outcome: Outcome;
	readonly reason?: string | null;
	/** The one record that the row ended on. */
	readonly recordId?: string | null;
	/** A record's unique identifier, as text. */
	readonly record?: string | null;
	/** JSON of `{field: [old, new]}`, for updates. */
	readonly changes?: string;
};

/** What became of the rows of a chunk, column by column. A row gets exactly one outcome (SPEC 8.3). */
export class ChunkResults {
	readonly outcomes: (Outcome | undefined)[];
	readonly reasons: (string | null)[];
	readonly warnings: (readonly string[] | null)[];
	readonly recordIds: (string | null)[];
	readonly records: (string | null)[];
	readonly rules: number[];
	readonly changes: string[];
	/** One column a mapped field, as the kept tables hold it. */
	readonly texts: Texts[];
	readonly #given: readonly Texts[];

	constructor(rows: number, given: readonly Texts[]) {
		this.outcomes = new Array<Outcome | undefined>(rows).fill(undefined);
		this.reasons = new Array<string | null>(rows).fill(null);
		this.warnings = new Array<readonly string[] | null>(rows).fill(null);
		this.recordIds = new Array<string | null>(rows).fill(null);
		this.records = new Array<string | null>(rows).fill(null);
		this.rules = new Array<number>(rows).fill(0);
		this.changes = new Array<string>(rows).fill('');
		this.#given = given;
		this.texts = [...given];
	}

	/** @throws SluiceError `load.unaccounted` when the row has an outcome already */
	set(row: number, rule: number, end: RowEnd, warnings: readonly string[] | null): void {
		if (this.outcomes[row] !== undefined) throw unaccounted(`Row ${row + 1} of the chunk has two outcomes`);
		this.outcomes[row] = end.outcome;
		this.rules[row] = rule;
		if (warnings !== null && warnings.length > 0) this.warnings[row] = warnings;
		if (end.reason) this.reasons[row] = end.reason;
		if (end.recordId) this.recordIds[row] = end.recordId;
		if (end.record) this.records[row] = end.record;
		if (end.changes) this.changes[row] = end.changes;
	}

	/** Shows another text than the one the row brought, such as the value that a record keeps. */
	show(row: number, field: number, text: string | null): void {
		const column = this.texts[field];
		if (!column || column[row] === text) return;
		const own = column === this.#given[field] ? [...column] : (column as (string | null)[]);
		own[row] = text;
		this.texts[field] = own;
	}

	/** The counts, which add up to the rows. @throws SluiceError `load.unaccounted` when a row was forgotten */
	counts(): Counts {
		const counts = {created: 0, updated: 0, skipped: 0, errored: 0, warnings: 0};
		for (let row = 0; row < this.outcomes.length; row++) {
			const outcome = this.outcomes[row];
			if (outcome === undefined) throw unaccounted(`Row ${row + 1} of the chunk has no outcome`);
			counts[outcome]++;
			if (this.warnings[row] !== null) counts.warnings++;
		}
		const sum = outcomes.reduce((total, outcome) => total + counts[outcome], 0);
		if (sum !== this.outcomes.length) throw unaccounted(`${this.outcomes.length} rows have ${sum} outcomes`);
		return counts;
	}
}

function unaccounted(message: string): SluiceError {
	return new SluiceError('load.unaccounted', message, {expected: 'exactly one outcome for each row'});
}
