import {type FieldValue, lookupKey} from '../../../model/value.js';
import type {Candidate, StoredRecord} from '../../../store/record-store.js';
import {type CompiledStep, idPosition} from './compile-step.js';
import type {LookupCache} from './lookup-cache.js';
import {type Candidates, nobody} from './match.js';

/** A record that this chunk created or changed, as the rows so far have left it. */
export type Working = {
	readonly id: string;
	archived: boolean;
	/** In the order of the layout. */
	readonly values: (FieldValue | null)[];
	/** As the store has it; null for a record created in this chunk. */
	readonly stored: StoredRecord | null;
	/** The identifier is text that was moved out of the way, whatever the field's type. */
	pushedAside: boolean;
};

/** Mostly one: an array for each would double what a chunk keeps. */
type Holders = Working | Working[];

/** The records of one object as a row sees them: the store's, overlaid with what earlier rows of the chunk did. */
export class WorkingRecords {
	readonly #step: CompiledStep;
	readonly #answers: LookupCache;
	readonly #byId = new Map<string, Working>();
	/** Created records that nobody has asked for by id yet: most chunks never do, and are spared the map. */
	#unlisted: Working[] = [];
	/** Who holds a value now, of the records of this chunk; one map for each of `step.indexed`, by position. */
	readonly #byValue: (Map<string, Holders> | undefined)[] = [];

	constructor(step: CompiledStep, answers: LookupCache) {
		this.#step = step;
		this.#answers = answers;
		for (const position of step.indexed) this.#byValue[position] = new Map();
	}

	/** Every record that was taken up or created, in that order. */
	all(): Iterable<Working> {
		return this.#byId.size === 0 ? this.#unlisted : this.#listed().values();
	}

	/**
	 * Who holds a value now.
	 *
	 * @param position `idPosition` or one of `step.indexed`
	 * @param foreseen whether the value is one that the chunk's rows bring in this very field
	 */
	holders(position: number, key: string, value: FieldValue, foreseen = false): readonly Candidate[] {
		if (position === idPosition) {
			const own = this.#listed().get(key);
			return own ? [own] : this.#answers.holders(position, key, value, foreseen);
		}
		const stored = this.#answers.holders(position, key, value, foreseen);
		const holders = this.#byValue[position]?.get(key);
		const own = holders === undefined || Array.isArray(holders) ? holders : [holders];
		if (stored.length === 0) return own ?? stored;
		const byId = this.#listed();
		const untouched = byId.size === 0 ? stored : stored.filter(({id}) => !byId.has(id));
		return own === undefined ? untouched : [...untouched, ...own];
	}

	candidates(position: number, key: string, value: FieldValue, foreseen: boolean): Candidates {
		const holders = this.holders(position, key, value, foreseen);
		const [first] = holders;
		if (first === undefined) return nobody;
		if (holders.length === 1) return first.archived ? {active: [], archived: [first.id]} : {active: [first.id], archived: []};
		const active: string[] = [];
		const archived: string[] = [];
		for (const holder of holders) (holder.archived ? archived : active).push(holder.id);
		return {active, archived};
	}

	/** A record's values now, in the order of the layout; undefined while the store has not said. */
	values(id: string): readonly (FieldValue | null)[] | undefined {
		return this.#listed().get(id)?.values ?? this.#answers.record(id)?.values;
	}

	/** A record, taken up to be changed; undefined while the store has not said. */
	take(id: string): Working | undefined {
		const own = this.#listed().get(id);
		if (own) return own;
		const stored = this.#answers.record(id);
		if (!stored) return undefined;
		const taken: Working = {id, archived: stored.archived, values: [...stored.values], stored, pushedAside: false};
		this.#byId.set(id, taken);
		this.#indexAll(taken);
		return taken;
	}

	create(id: string, values: (FieldValue | null)[]): Working {
		const created: Working = {id, archived: false, values, stored: null, pushedAside: false};
		this.#unlisted.push(created);
		this.#indexAll(created);
		return created;
	}

	set(record: Working, position: number, value: FieldValue | null): void {
		const index = this.#byValue[position];
		if (index) this.#unindex(index, record, position);
		record.values[position] = value;
		if (index) this.#index(index, record, position);
		if (position === this.#step.identifier) record.pushedAside = false;
	}

	#listed(): Map<string, Working> {
		if (this.#unlisted.length > 0) {
			for (const record of this.#unlisted) this.#byId.set(record.id, record);
			this.#unlisted = [];
		}
		return this.#byId;
	}

	#indexAll(record: Working): void {
		for (const position of this.#step.indexed) {
			const index = this.#byValue[position];
			if (index) this.#index(index, record, position);
		}
	}

	#index(index: Map<string, Holders>, record: Working, position: number): void {
		const value = record.values[position];
		if (value === null || value === undefined) return;
		const key = this.key(value, position);
		const holders = index.get(key);
		if (holders === undefined) index.set(key, record);
		else if (Array.isArray(holders)) holders.push(record);
		else index.set(key, [holders, record]);
	}

	#unindex(index: Map<string, Holders>, record: Working, position: number): void {
		const value = record.values[position];
		if (value === null || value === undefined) return;
		const key = this.key(value, position);
		const holders = index.get(key);
		const others = Array.isArray(holders) ? holders.filter((holder) => holder !== record) : [];
		if (others.length > 0) index.set(key, others);
		else index.delete(key);
	}

	key(value: FieldValue, position: number): string {
		return typeof value === 'string' && position === this.#step.identifier
			? value
			: lookupKey(value, this.#step.layout[position]?.type ?? 'id');
	}
}
