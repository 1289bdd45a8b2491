import type {FieldValue} from '../../../model/value.js';
import type {Candidate} from '../../../store/record-store.js';
import type {ChunkInput} from './chunk-input.js';
import {type CompiledStep, idPosition} from './compile-step.js';
import type {WorkingRecords} from './working-records.js';

/** A value that a row wants for its record while another record holds it. */
export type Clash = {readonly position: number; readonly holder: Candidate};

type Claim = {readonly row: number; readonly position: number; readonly key: string; readonly holders: readonly Candidate[]};

/** A row whose claim was not settled, and the position it is about. */
export type Unsettled = {readonly row: number; readonly position: number};

/**
 * Unique values within a chunk (SPEC 8.2). Values may be swapped between its records: a row may want a value that another record
 * holds, if a later row of the chunk makes that record let go. Such claims stay open until the chunk's end.
 *
 * A claim that no later row could settle is a clash at once; whether one could is judged generously, by what the later rows look for and bring.
 */
export class UniqueClaims {
	readonly #step: CompiledStep;
	readonly #input: ChunkInput;
	readonly #records: WorkingRecords;
	/** Rows that turned out to clash when the chunk was planned before, with the position; null: nothing may stay open. */
	readonly #clashing: ReadonlyMap<number, number> | null;
	readonly #open: Claim[] = [];
	#rowsByRule: readonly Map<string, number[]>[] | null = null;

	constructor(step: CompiledStep, input: ChunkInput, records: WorkingRecords, clashing: ReadonlyMap<number, number> | null) {
		this.#step = step;
		this.#input = input;
		this.#records = records;
		this.#clashing = clashing;
	}

	/**
	 * Claims a row's unique values for a record.
	 *
	 * @param self the record's id; null for one to be created
	 * @param leaving an archived record that makes way with its identifier
	 * @returns the clash that fails the row, or null
	 */
	make(
		row: number,
		positions: readonly number[],
		values: readonly (FieldValue | null)[],
		self: string | null,
		leaving: string | null,
	): Clash | null {
		const open: Claim[] = [];
		let known: Clash | null = null;
		const clashing = this.#clashing?.get(row);
		for (const position of positions) {
			const value = values[position];
			if (value === null || value === undefined) continue;
			const key = this.#records.key(value, position);
			// Why: a new record holds what its row brings, and that was asked for as a whole.
			const foreseen = self === null && !this.#step.mapped[position]?.related?.self;
			const holding = this.#records.holders(position, key, value, foreseen);
			if (holding.length === 0) continue;
			const holders = holding.filter(({id, archived}) => this.#binds(position, archived) && id !== self && id !== leaving);
			const [holder] = holders;
			if (!holder) continue;
			if (clashing !== undefined) known = known === null || clashing === position ? {position, holder} : known;
			else if (this.#mayBeSettled(row, position, key, holders)) open.push({row, position, key, holders});
			else return {position, holder};
		}
		if (open.length > 0) this.#open.push(...open);
		return known;
	}

	/** The last row whose claim is still not settled when all rows are done. */
	lastUnsettled(): Unsettled | null {
		return this.#open.findLast((claim) => claim.holders.some((holder) => this.#holds(holder, claim))) ?? null;
	}

	/** The identifier binds archived records too; other unique fields active ones only (SPEC 2.1). */
	#binds(position: number, archived: boolean): boolean {
		return !archived || position === this.#step.identifier;
	}

	#holds({id}: Candidate, {position, key}: Claim): boolean {
		const value = this.#records.values(id)?.[position];
		if (value === null || value === undefined || this.#records.key(value, position) !== key) return false;
		const now = this.#records.holders(position, key, value).find((holder) => holder.id === id);
		return now !== undefined && this.#binds(position, now.archived);
	}

	#mayBeSettled(row: number, position: number, key: string, holders: readonly Candidate[]): boolean {
		return this.#clashing !== null && holders.every((holder) => this.#mayLetGo(holder, position, key, row));
	}

	#mayLetGo(holder: Candidate, position: number, key: string, after: number): boolean {
		const values = this.#records.values(holder.id);
		if (!values) return true;
		this.#rowsByRule ??= this.#step.rules.map((_, index) => rowsByKey(this.#input.sought[index]?.keys ?? []));
		return this.#step.rules.some((rule, index) => {
			if (rule.related?.self) return true;
			const value = rule.position === idPosition ? holder.id : values[rule.position];
			if (value === null || value === undefined) return false;
			const rows = this.#rowsByRule?.[index]?.get(rule.position === idPosition ? holder.id : this.#records.key(value, rule.position));
			return rows?.some((later) => later > after && this.#mayChange(later, holder, position, key)) ?? false;
		});
	}

	#mayChange(row: number, holder: Candidate, position: number, key: string): boolean {
		const identifies = position === this.#step.identifier;
		if (identifies && holder.archived && this.#step.rules.some(({archivedMatch}) => archivedMatch === 'create_new')) return true;
		const mapped = this.#step.mapped[position];
		const incoming = this.#input.incoming[position];
		if (!mapped || !incoming || mapped.conflict === 'only_update_blank') return false;
		if (mapped.related?.self || mapped.field.multiple) return true;
		const value = incoming.values[row] ?? null;
		if (value === null) return mapped.conflict === 'overwrite' && !identifies && !incoming.refusals.has(row);
		return this.#records.key(value, position) !== key;
	}
}

function rowsByKey(keys: readonly (string | null)[]): Map<string, number[]> {
	const rows = new Map<string, number[]>();
	for (let row = 0; row < keys.length; row++) {
		const key = keys[row];
		if (key === null || key === undefined) continue;
		const known = rows.get(key);
		if (known) known.push(row);
		else rows.set(key, [row]);
	}
	return rows;
}
