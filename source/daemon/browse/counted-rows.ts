import type {TableRows} from '../../report/tables.js';

/** Counts that are remembered. */
const most = 5_000;

/** How many rows of ended executions hold a text: their tables do not change any more, and every page of a search needs all the counts. */
export class CountedRows {
	readonly #counted = new Map<string, readonly TableRows[]>();

	of(execution: string, text: string): readonly TableRows[] | undefined {
		return this.#counted.get(keyOf(execution, text));
	}

	keep(execution: string, text: string, tables: readonly TableRows[]): void {
		this.#counted.set(keyOf(execution, text), tables);
		for (const [oldest] of this.#counted) {
			if (this.#counted.size <= most) break;
			this.#counted.delete(oldest);
		}
	}
}

const keyOf = (execution: string, text: string) => `${execution}\n${text.toLowerCase()}`;
