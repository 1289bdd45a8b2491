import type {FieldValue} from '../../../model/value.js';
import type {Candidate, StoredRecord} from '../../../store/record-store.js';

const nobody: readonly Candidate[] = [];

type Keys = readonly (string | null)[];

/** The open questions: who holds which values, by position of the layout, and what records hold. */
export type LookupRequests = {readonly lookups: ReadonlyMap<number, readonly FieldValue[]>; readonly records: ReadonlySet<string>};

/**
 * What a store has said about a chunk, and what planning still wants to hear.
 *
 * Planning is pure: it asks here. What was foreseen is answered at once; what was not is noted, planned as if nobody were there, and
 * asked of the store before the chunk is planned again.
 */
export class LookupCache {
	readonly #found: (Map<string, readonly Candidate[]> | undefined)[] = [];
	readonly #records = new Map<string, StoredRecord>();
	readonly #readIds = new Set<string>();
	/** Whole columns that were asked for; looked through only when something unforeseen comes up, which is seldom. */
	readonly #columns = new Map<number, Keys[]>();
	readonly #asked = new Map<number, Set<string>>();
	#wanted = new Map<number, FieldValue[]>();
	#wantedRecords = new Set<string>();

	get complete(): boolean {
		return this.#wanted.size === 0 && this.#wantedRecords.size === 0;
	}

	/**
	 * The stored records that hold a value at a position of the layout.
	 *
	 * @param foreseen whether the value is one of a column that was asked for as a whole
	 */
	holders(position: number, key: string, value: FieldValue, foreseen: boolean): readonly Candidate[] {
		const found = this.#found[position + 1];
		const holders = found === undefined || found.size === 0 ? undefined : found.get(key);
		if (holders !== undefined) return holders;
		if (!foreseen) this.request(position, key, value);
		return nobody;
	}

	/** A stored record; undefined when it is not there, or not yet known. */
	record(id: string): StoredRecord | undefined {
		const record = this.#records.get(id);
		if (record === undefined) this.requestRecord(id);
		return record;
	}

	/** Notes a question, unless it was asked already. */
	request(position: number, key: string, value: FieldValue): void {
		const asked = this.#askedFor(position);
		if (asked.has(key)) return;
		asked.add(key);
		this.#want(position, [value]);
	}

	/** Foreseen questions about a whole column; blank values ask nothing. */
	requestAll(position: number, keys: Keys, values: readonly (FieldValue | null)[]): void {
		const columns = this.#columns.get(position);
		if (columns) columns.push(keys);
		else this.#columns.set(position, [keys]);
		const asked = this.#asked.get(position);
		if (asked) for (const key of keys) if (key !== null) asked.add(key);
		this.#want(
			position,
			values.filter((value) => value !== null),
		);
	}

	requestRecord(id: string): void {
		if (!this.#readIds.has(id)) this.#wantedRecords.add(id);
	}

	/** The open questions, which count as asked from now on. */
	takeRequests(): LookupRequests {
		const wanted = {lookups: this.#wanted, records: this.#wantedRecords};
		for (const id of this.#wantedRecords) this.#readIds.add(id);
		this.#wanted = new Map();
		this.#wantedRecords = new Set();
		return wanted;
	}

	add(position: number, found: ReadonlyMap<string, readonly Candidate[]>): void {
		const known = this.#found[position + 1];
		if (known) for (const [key, candidates] of found) known.set(key, candidates);
		else this.#found[position + 1] = new Map(found);
	}

	addRecords(records: ReadonlyMap<string, StoredRecord>): void {
		for (const [id, record] of records) this.#records.set(id, record);
	}

	/** The candidates heard for a position so far, one list a value. */
	entries(position: number): Iterable<readonly Candidate[]> {
		return this.#found[position + 1]?.values() ?? [];
	}

	records(): Iterable<StoredRecord> {
		return this.#records.values();
	}

	#want(position: number, values: FieldValue[]): void {
		const wanted = this.#wanted.get(position);
		if (wanted) for (const value of values) wanted.push(value);
		else if (values.length > 0) this.#wanted.set(position, values);
	}

	#askedFor(position: number): Set<string> {
		const known = this.#asked.get(position);
		if (known) return known;
		const asked = new Set<string>();
		for (const keys of this.#columns.get(position) ?? []) for (const key of keys) if (key !== null) asked.add(key);
		this.#asked.set(position, asked);
		return asked;
	}
}
