import type {FieldValue} from '../../model/value.js';
import type {Candidate, StoredRecord} from '../../store/record-store.js';

const nobody: readonly Candidate[] = [];

/** A question about who holds a value, by lookup key. */
export type Questions = Map<string, FieldValue>;

/**
 * What a store has said about a chunk, and what planning still wants to hear.
 *
 * Planning is pure: it asks here. What was foreseen is answered at once; what was not is noted, planned as if nobody were there, and
 * asked of the store before the chunk is planned again.
 */
export class Answers {
	readonly #found = new Map<number, Map<string, readonly Candidate[]>>();
	readonly #asked = new Map<number, Questions>();
	readonly #records = new Map<string, StoredRecord>();
	readonly #readIds = new Set<string>();
	#wanted = new Map<number, Questions>();
	#wantedRecords = new Set<string>();

	get complete(): boolean {
		return this.#wanted.size === 0 && this.#wantedRecords.size === 0;
	}

	/** The stored records that hold a value at a position of the layout. */
	holders(position: number, key: string, value: FieldValue): readonly Candidate[] {
		const found = this.#found.get(position)?.get(key);
		if (found !== undefined) return found;
		this.want(position, key, value);
		return nobody;
	}

	/** A stored record; undefined when it is not there, or not yet known. */
	record(id: string): StoredRecord | undefined {
		const record = this.#records.get(id);
		if (record === undefined && !this.#readIds.has(id)) this.#wantedRecords.add(id);
		return record;
	}

	/** Notes a question, unless it was asked already. */
	want(position: number, key: string, value: FieldValue): void {
		if (this.#asked.get(position)?.has(key)) return;
		const questions = this.#wanted.get(position);
		if (questions) questions.set(key, value);
		else this.#wanted.set(position, new Map([[key, value]]));
	}

	/** Foreseen questions about a whole column; blank values ask nothing. */
	wantAll(position: number, keys: readonly (string | null)[], values: readonly (FieldValue | null)[]): void {
		const questions: Questions = this.#wanted.get(position) ?? new Map();
		for (let row = 0; row < keys.length; row++) {
			const key = keys[row];
			const value = values[row];
			if (key !== null && key !== undefined && value !== null && value !== undefined) questions.set(key, value);
		}
		if (questions.size > 0) this.#wanted.set(position, questions);
	}

	wantRecord(id: string): void {
		if (!this.#readIds.has(id)) this.#wantedRecords.add(id);
	}

	/** The open questions, which count as asked from now on. */
	takeWanted(): {readonly lookups: ReadonlyMap<number, Questions>; readonly records: ReadonlySet<string>} {
		const lookups = this.#wanted;
		const records = this.#wantedRecords;
		for (const [position, questions] of lookups) {
			const asked = this.#asked.get(position);
			if (asked) for (const [key, value] of questions) asked.set(key, value);
			else this.#asked.set(position, questions);
		}
		for (const id of records) this.#readIds.add(id);
		this.#wanted = new Map();
		this.#wantedRecords = new Set();
		return {lookups, records};
	}

	hear(position: number, found: ReadonlyMap<string, readonly Candidate[]>): void {
		const known = this.#found.get(position);
		if (!known) this.#found.set(position, new Map(found));
		else for (const [key, candidates] of found) known.set(key, candidates);
	}

	hearRecords(records: ReadonlyMap<string, StoredRecord>): void {
		for (const [id, record] of records) this.#records.set(id, record);
	}

	/** The candidates heard for a position so far, one list a value. */
	heard(position: number): Iterable<readonly Candidate[]> {
		return this.#found.get(position)?.values() ?? [];
	}

	heardRecords(): Iterable<StoredRecord> {
		return this.#records.values();
	}
}
