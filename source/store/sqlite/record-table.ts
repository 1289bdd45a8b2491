import type {Statement} from 'better-sqlite3';
import type {Field, ObjectDefinition} from '../../model/object.js';
import {type FieldValue, lookupKey} from '../../model/value.js';
import type {Candidate, StoredRecord} from '../record-store.js';
import {type Bound, fromColumn, jsonOf, toKey} from './codec.js';
import type {Database} from './connection.js';
import {fieldsOf, idField} from './fields.js';
import {idOfHex, isId} from './record-id.js';
import {findRows, type Source, selectRows} from './record-sql.js';

/** Ids whose rows are remembered between a chunk's questions; far more than a chunk asks for. */
const rememberedIds = 200_000;

/**
 * The records of one object, wherever they lie. Questions are asked for a whole chunk: first which rows, by an index alone, then the rows
 * themselves in the order they lie in, which costs half of what fetching them in the order asked would.
 */
export class RecordTable {
	readonly object: ObjectDefinition;
	readonly #db: Database;
	readonly #sources: readonly Source[];
	/** The field of a name, `id` included. */
	readonly field: (name: string) => Field;
	readonly #statements = new Map<string, Statement>();
	/** Rows never change, so that what one question found spares the next the index of ids. */
	readonly #rows = new Map<string, number>();

	constructor(db: Database, object: ObjectDefinition, sources: readonly Source[]) {
		this.#db = db;
		this.object = object;
		this.#sources = sources;
		this.field = fieldsOf(object);
	}

	/** As `RecordReader.lookup`. Candidates stand in the order they were created in. */
	lookup(name: string, values: readonly FieldValue[]): ReadonlyMap<string, readonly Candidate[]> {
		const field = this.field(name);
		const sought = new Map<string, FieldValue>();
		for (const value of values) sought.set(lookupKey(value, name === 'id' ? 'id' : field.type), value);
		const hits = this.#find(field, [...sought.values()]);
		const candidates = new Map<number, Candidate>();
		for (const [row, id, archived] of this.#select(rowsOf(hits), [])) {
			candidates.set(Number(row), {id: this.#remember(idOfHex(id as string), Number(row)), archived: Number(archived) !== 0});
		}
		const keys = [...sought.keys()];
		const found = new Map<string, Candidate[]>();
		for (const [index, row] of hits) {
			const key = keys[index];
			const candidate = candidates.get(row);
			if (key === undefined || !candidate) continue;
			const known = found.get(key);
			if (known) known.push(candidate);
			else found.set(key, [candidate]);
		}
		return found;
	}

	/** As `RecordReader.read`. */
	read(ids: readonly string[], names: readonly string[]): ReadonlyMap<string, StoredRecord> {
		const fields = names.map((name) => this.field(name));
		const found = new Map<string, StoredRecord>();
		const rows = Float64Array.from(this.rowsOf(ids).values()).sort();
		for (const [, hex, archived, ...stored] of this.#select(rows, fields)) {
			const id = idOfHex(hex as string);
			const values = fields.map((field, index) => (field === idField ? id : fromColumn(field, stored[index])));
			found.set(id, {id, archived: Number(archived) !== 0, values});
		}
		return found;
	}

	/** The rows of records; ids that nobody has are absent. */
	rowsOf(ids: readonly string[]): ReadonlyMap<string, number> {
		const found = new Map<string, number>();
		const unknown: string[] = [];
		for (const id of ids) {
			const row = this.#rows.get(id);
			if (row === undefined) unknown.push(id);
			else found.set(id, row);
		}
		if (unknown.length === 0) return found;
		for (const [index, row] of this.#find(idField, unknown)) {
			const id = unknown[index];
			if (id !== undefined) found.set(this.#remember(id, row), row);
		}
		return found;
	}

	/** The number that the next record gets. */
	nextRow(): number {
		const greatest = this.#sources.map(({schema, table}) =>
			Number(this.#prepared(`SELECT coalesce(max(_row), 0) FROM ${schema}.${table}`).pluck().get()),
		);
		return Math.max(0, ...greatest) + 1;
	}

	/** Forgets which rows ids have: nothing of a chunk is held beyond it. */
	forget(): void {
		this.#rows.clear();
	}

	/** Pairs of a value's position and a row, in the order of rows. */
	#find(field: Field, values: readonly FieldValue[]): (readonly [number, number])[] {
		if (values.length === 0) return [];
		// why: text that is no id must not find one by having the same digits
		const bound: Bound[] = values.map((value) => (field === idField && !isId(String(value)) ? null : toKey(field, value)));
		const withNul = [...bound.entries()].filter(([, value]) => typeof value === 'string' && value.includes('\0'));
		for (const [index] of withNul) bound[index] = null;
		const all = jsonOf(bound);
		const hits: (readonly [number, number])[] = [];
		for (const source of this.#sources) {
			const find = this.#prepared(findRows(source, this.object, field, 'json_each(?)')).raw();
			hits.push(...(find.all(...Array(source.questions(field)).fill(all)) as [number, number][]));
			if (withNul.length === 0) continue;
			// why: SQLite's JSON ends a text at a NUL, a bound parameter does not
			const one = this.#prepared(findRows(source, this.object, field, '(SELECT ? AS key, ? AS value)')).raw();
			for (const entry of withNul) hits.push(...(one.all(...Array(source.questions(field)).fill(entry).flat()) as [number, number][]));
		}
		return hits.sort(([, a], [, b]) => a - b);
	}

	*#select(rows: Float64Array, fields: readonly Field[]): Iterable<readonly unknown[]> {
		if (rows.length === 0) return;
		const exact = fields.some(({type}) => type === 'integer');
		for (const source of this.#sources) {
			const select = this.#prepared(selectRows(source, fields)).raw().safeIntegers(exact);
			yield* select.all(`[${rows.join(',')}]`) as unknown[][];
		}
	}

	#remember(id: string, row: number): string {
		if (this.#rows.size >= rememberedIds) this.#rows.clear();
		this.#rows.set(id, row);
		return id;
	}

	#prepared(sql: string): Statement {
		const known = this.#statements.get(sql);
		if (known) return known;
		const statement = this.#db.prepare(sql);
		this.#statements.set(sql, statement);
		return statement;
	}
}

/** The rows of hits without repeats, ascending; hits come in that order. */
function rowsOf(hits: readonly (readonly [number, number])[]): Float64Array {
	return Float64Array.from(new Set(hits.map(([, row]) => row)));
}
