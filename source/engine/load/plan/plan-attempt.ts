import {toJson} from '../../../model/json.js';
import {unreachable} from '../../../model/unreachable.js';
import type {FieldValue} from '../../../model/value.js';
import type {OutboxEvent} from '../../../store/record-store.js';
import {ChunkResults, type RowEnd} from '../results/results.js';
import type {ChunkInput} from './chunk-input.js';
import type {CompiledStep, MappedField} from './compile-step.js';
import {eventOf} from './events.js';
import {type FieldInput, fieldInput} from './field-input.js';
import type {LookupCache} from './lookup-cache.js';
import {resolveConflict, textOf} from './map.js';
import {type Candidates, type Decision, decide, nobody} from './match.js';
import {NewOptions} from './new-options.js';
import {cannotCreate, doNotUpload, fieldLeft, madeWay, noChange, taken, unarchived} from './reasons.js';
import {findRelated} from './related.js';
import {archivedName} from './rename-archived.js';
import {type Clash, UniqueClaims} from './unique-claims.js';
import {WorkingRecords} from './working-records.js';

/** A record's values in the order of the layout. */
type Values = readonly (FieldValue | null)[];

/** The positions of a record that does not change. */
const none: number[] = [];

/** One planning of a chunk: its rows in order, each seeing what the ones before it did. */
export class PlanAttempt {
	readonly records: WorkingRecords;
	readonly results: ChunkResults;
	readonly claims: UniqueClaims;
	readonly options: NewOptions;
	readonly events: OutboxEvent[] = [];
	readonly #step: CompiledStep;
	readonly #input: ChunkInput;
	readonly #mappedUniques: readonly number[];
	readonly #blankRecord: (FieldValue | null)[];
	#row = 0;
	#warnings: string[] | null = null;

	/** @param clashing rows known to clash, with the position; null: no claim may stay open */
	constructor(step: CompiledStep, input: ChunkInput, answers: LookupCache, clashing: ReadonlyMap<number, number> | null) {
		this.#step = step;
		this.#input = input;
		this.records = new WorkingRecords(step, answers);
		this.results = new ChunkResults(
			input.rows.length,
			input.incoming.map(({texts}) => texts),
		);
		this.claims = new UniqueClaims(step, input, this.records, clashing);
		this.options = new NewOptions(step, input.options);
		this.#blankRecord = step.layout.map(() => null);
		this.#mappedUniques = step.uniques.filter((position) => position < step.mapped.length);
	}

	run(): void {
		const {rules} = this.#step;
		const find = (rule: number) => this.#find(rule);
		for (this.#row = 0; this.#row < this.#input.rows.length; this.#row++) {
			const given = this.#input.warnings[this.#row];
			this.#warnings = typeof given === 'string' ? (JSON.parse(given) as string[]) : null;
			const {decision, rule} = decide(rules, find);
			this.results.set(this.#row, rule, this.#carryOut(decision, rule), this.#warnings);
		}
	}

	#find(index: number): Candidates {
		const rule = this.#step.rules[index];
		const sought = this.#input.sought[index];
		const value = sought?.values[this.#row] ?? null;
		if (!rule || !sought || value === null) return nobody;
		if (!rule.related?.self) return this.records.candidates(rule.position, sought.keys[this.#row] ?? '', value, true);
		const id = findRelated(rule.related, String(value), this.records, this.#step, 'any');
		return id === null ? nobody : this.records.candidates(rule.position, id, id, false);
	}

	#carryOut(decision: Decision, rule: number): RowEnd {
		switch (decision.do) {
			case 'create':
				return this.#create(decision.pushAside);
			case 'update':
				return this.#update(decision.record, decision.unarchive);
			case 'unarchive':
				return this.#write(decision.record, this.records.values(decision.record), [], true);
			case 'skip':
				return this.#skip(decision, rule);
			default:
				return unreachable(decision);
		}
	}

	#skip({because, constrained, record}: Extract<Decision, {do: 'skip'}>, number: number): RowEnd {
		const rule = this.#step.rules[number - 1];
		const given = this.#input.raw[rule?.source.column ?? 0]?.[this.#row];
		const text = typeof given === 'string' && given.trim() !== '' ? given : null;
		const reason = doNotUpload(because, constrained, rule?.field ?? 'id', text);
		return {outcome: 'skipped', reason, recordId: record, record: record === null ? null : this.#nameOf(record)};
	}

	#create(pushAside: string | null): RowEnd {
		const {mapped, identifier} = this.#step;
		const values = this.#blankRecord.slice();
		for (let position = 0; position < mapped.length; position++) values[position] = this.#bringNew(position);
		const lack = this.#lackOf(values);
		if (lack !== null) return {outcome: 'errored', reason: lack};
		const clash = this.claims.make(this.#row, this.#mappedUniques, values, null, pushAside);
		if (clash) return this.#clash(clash, values, null);
		const newName = pushAside === null ? null : this.#pushAside(pushAside);
		const {id} = this.records.create(this.#idForThis(), values);
		this.options.note(values, this.#step.mapped.keys());
		if (this.#step.selfRelated) this.#show(values);
		if (this.#input.fires.created) this.events.push(eventOf('record_created', id, this.#step, values, null, this.#input.newId()));
		const reason = newName === null ? null : madeWay(newName);
		return {outcome: 'created', reason, recordId: id, record: textOf(values[identifier] ?? null)};
	}

	/** A field of a record to be. What is refused is warned of; where a value is required, the row fails with the refusal instead. */
	#bringNew(position: number): FieldValue | null {
		const value = this.#input.incoming[position]?.values[this.#row] ?? null;
		if (value !== null && !this.#step.selfRelated) return value;
		const {value: found, refusal} = this.#brought(position);
		if (refusal !== null && !this.#step.required.includes(position)) this.#warn(fieldLeft(refusal, true));
		return found;
	}

	/** Why a record cannot be created with these values; null if it can. */
	#lackOf(values: Values): string | null {
		for (const position of this.#step.required) {
			const field = this.#step.layout[position];
			if (field && values[position] === null) return cannotCreate(field, this.#brought(position).refusal);
		}
		const [never] = this.#step.missing;
		return never ? cannotCreate(never, null) : null;
	}

	#update(id: string, unarchive: boolean): RowEnd {
		const current = this.records.values(id);
		if (!current) return gone;
		const {mapped} = this.#step;
		let values = current;
		let changed: number[] = none;
		for (let position = 0; position < mapped.length; position++) {
			const next = this.#bringOver(mapped[position] as MappedField, position, current[position] ?? null);
			if (next === undefined) continue;
			if (changed === none) {
				changed = [];
				values = current.slice();
			}
			(values as (FieldValue | null)[])[position] = next;
			changed.push(position);
		}
		if (changed.length > 0 || unarchive) return this.#write(id, values, changed, unarchive);
		this.#show(current);
		return {outcome: 'skipped', reason: noChange, recordId: id, record: this.#nameIn(current)};
	}

	/** What a field of an existing record becomes; undefined where it stays. What is refused is warned of, under every conflict mode. */
	#bringOver({field, conflict}: MappedField, position: number, current: FieldValue | null): FieldValue | null | undefined {
		const given = this.#input.incoming[position]?.values[this.#row] ?? null;
		if (given !== null && !this.#step.selfRelated) return given === current ? undefined : resolveConflict(conflict, current, given, field);
		const {value, refusal} = this.#brought(position);
		if (refusal === null) return resolveConflict(conflict, current, value, field);
		this.#warn(fieldLeft(refusal, false));
		return undefined;
	}

	#write(id: string, values: Values | undefined, changed: readonly number[], unarchive: boolean): RowEnd {
		if (!values) return gone;
		const {uniques, layout} = this.#step;
		const claimed = unarchive ? uniques : uniques.filter((position) => changed.includes(position));
		const clash = this.claims.make(this.#row, claimed, values, id, null);
		if (clash) return this.#clash(clash, values, id);
		const record = this.records.take(id);
		if (!record) return gone;
		const changes: Record<string, readonly [FieldValue | null, FieldValue | null]> = {};
		let exact = false;
		for (const position of changed) {
			const value = values[position] ?? null;
			exact ||= typeof value === 'bigint' || typeof record.values[position] === 'bigint';
			changes[layout[position]?.apiName ?? ''] = [record.values[position] ?? null, value];
			this.records.set(record, position, value);
		}
		if (unarchive) record.archived = false;
		this.options.note(values, changed);
		this.#show(values);
		if (this.#input.fires.updated) this.events.push(eventOf('record_updated', id, this.#step, values, changed, this.#input.newId()));
		const reason = unarchive ? unarchived : null;
		// Why not always: writing big integers costs several times as much.
		const text = exact ? toJson(changes) : JSON.stringify(changes);
		return {outcome: 'updated', reason, recordId: id, record: this.#nameIn(record.values), changes: text};
	}

	#idForThis(): string {
		const id = this.#input.idsGiven[this.#row] ?? this.#input.newId();
		this.#input.idsGiven[this.#row] = id;
		return id;
	}

	#pushAside(id: string): string | null {
		const record = this.records.take(id);
		if (!record) return null;
		const name = archivedName(record, this.#input.asideMark, this.records, this.#step);
		this.records.set(record, this.#step.identifier, name);
		record.pushedAside = true;
		return name;
	}

	#clash({position, holder}: Clash, values: Values, self: string | null): RowEnd {
		const field = this.#step.layout[position]?.apiName ?? '';
		const reason = taken(field, textOf(values[position] ?? null) ?? '', this.#nameOf(holder.id) ?? holder.id, holder.archived);
		return {outcome: 'errored', reason, record: self === null ? null : this.#nameOf(self)};
	}

	#warn(warning: string): void {
		if (this.#warnings) this.#warnings.push(warning);
		else this.#warnings = [warning];
	}

	#brought(position: number): FieldInput {
		return fieldInput(this.#row, position, this.#step, this.#input, this.records);
	}

	/** A row that ended on a record shows what the record holds, not what the row brought. */
	#show(values: Values): void {
		const fields: readonly MappedField[] = this.#step.mapped;
		for (let position = 0; position < fields.length; position++) this.results.show(this.#row, position, textOf(values[position] ?? null));
	}

	#nameOf(id: string): string | null {
		const values = this.records.values(id);
		return values ? this.#nameIn(values) : null;
	}

	#nameIn(values: Values): string | null {
		return textOf(values[this.#step.identifier] ?? null);
	}
}

/** While the store has not said what the record holds; the chunk is planned again when it has. Records are never deleted. */
const gone: RowEnd = {outcome: 'errored', reason: 'the record that matched is gone'};
