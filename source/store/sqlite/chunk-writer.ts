import type {Statement} from 'better-sqlite3';
import {SluiceError} from '../../model/errors.js';
import {type Field, identifierOf} from '../../model/object.js';
import type {ChunkCommit, RecordUpdate} from '../record-store.js';
import {type Bound, pushColumns} from './codec.js';
import type {Database} from './connection.js';
import {columnOf, isDecimal, keyColumnOf, tableOf} from './layout.js';
import type {RecordTable} from './record-table.js';

/** Parameters of one `INSERT`: more rows a statement save calls, too many make the statement slow to begin. */
const parametersPerInsert = 400;

/** Distinct sets of changed fields whose statements are kept. */
const keptStatements = 500;

type Placed = {readonly row: number; readonly update: RecordUpdate};

/** Writes the records of chunks into one table. Transaction, lease and checkpoint are the caller's. */
export class ChunkWriter {
	readonly #db: Database;
	readonly #table: RecordTable;
	readonly #name: string;
	readonly #uniques: ReadonlySet<string>;
	readonly #statements = new Map<string, Statement>();

	constructor(db: Database, table: RecordTable) {
		this.#db = db;
		this.#table = table;
		this.#name = tableOf(table.object.apiName);
		this.#uniques = new Set(table.object.fields.filter((field) => field.identifier || field.unique).map(({apiName}) => apiName));
	}

	/** @param prepare told the rows that are going to change, before any does */
	write(chunk: ChunkCommit, prepare: (rows: readonly number[]) => void = () => {}): void {
		const rows = this.#rowsOf(chunk);
		prepare([...rows.values()]);
		const updates = chunk.updates.map((update): Placed => ({row: rows.get(update.id) ?? 0, update})).sort((a, b) => a.row - b.row);
		this.#pushAside(chunk, rows);
		this.#park(updates);
		this.#create(chunk);
		for (const {row, update} of updates) this.#update(row, update);
	}

	#rowsOf({object, updates, pushAsides}: ChunkCommit): ReadonlyMap<string, number> {
		const ids = [...updates, ...pushAsides].map(({id}) => id);
		const rows = this.#table.rowsOf(ids);
		const missing = ids.find((id) => !rows.has(id));
		if (missing !== undefined) throw new SluiceError('store.unknown', `No record of ${object} has the id ${missing}.`);
		return rows;
	}

	#pushAside({pushAsides}: ChunkCommit, rows: ReadonlyMap<string, number>): void {
		if (pushAsides.length === 0) return;
		const move = this.#prepared(`UPDATE ${this.#name} SET ${columnOf(identifierOf(this.#table.object))} = ? WHERE _row = ?`);
		for (const {id, identifier} of pushAsides) move.run(identifier, rows.get(id));
	}

	/**
	 * Takes unique values away from the records that are about to give them up, so that others may have them before their turn has come:
	 * SQLite checks each row as it is written, and refuses even a swap within one UPDATE.
	 */
	#park(updates: readonly Placed[]): void {
		for (const {row, update} of updates) {
			const given = Object.keys(update.changes).filter((field) => this.#uniques.has(field));
			const parked = given.flatMap((name) => columnsSet(this.#table.field(name), 'NULL'));
			if (update.archived === true) parked.push('_archived = 1');
			if (parked.length > 0) this.#prepared(`UPDATE ${this.#name} SET ${parked.join(', ')} WHERE _row = ?`).run(row);
		}
	}

	#create({creates, fields: names}: ChunkCommit): void {
		if (creates.length === 0) return;
		const fields = names.map((name) => this.#table.field(name));
		const columns = fields.flatMap((field) => (isDecimal(field.type) ? [columnOf(field), keyColumnOf(field)] : [columnOf(field)]));
		const one = `(?, unhex(?, '-')${', ?'.repeat(columns.length)})`;
		const insert = (count: number) =>
			this.#prepared(`INSERT INTO ${this.#name} (${['_row', '_id', ...columns].join(', ')}) VALUES ${Array(count).fill(one).join(', ')}`);
		const atOnce = Math.max(1, Math.floor(parametersPerInsert / (columns.length + 2)));
		let row = this.#table.nextRow();
		for (let start = 0; start < creates.length; start += atOnce) {
			const batch = creates.slice(start, start + atOnce);
			const bound: Bound[] = [];
			for (const {id, values} of batch) {
				bound.push(row++, id);
				for (let index = 0; index < fields.length; index++) pushColumns(bound, fields[index] as Field, values[index] ?? null);
			}
			insert(batch.length).run(bound);
		}
	}

	#update(row: number, {changes, archived}: RecordUpdate): void {
		const names = Object.keys(changes);
		if (names.length === 0 && archived === undefined) return;
		const bound: Bound[] = [];
		for (const name of names) pushColumns(bound, this.#table.field(name), changes[name] ?? null);
		if (archived !== undefined) bound.push(archived ? 1 : 0);
		this.#updateOf(names, archived !== undefined).run(...bound, row);
	}

	#updateOf(names: readonly string[], archived: boolean): Statement {
		const key = `${names.join()} ${archived}`;
		const known = this.#statements.get(key);
		if (known) return known;
		const sets = names.flatMap((name) => columnsSet(this.#table.field(name), '?'));
		if (archived) sets.push('_archived = ?');
		return this.#keep(key, this.#db.prepare(`UPDATE ${this.#name} SET ${sets.join(', ')} WHERE _row = ?`));
	}

	#prepared(sql: string): Statement {
		return this.#statements.get(sql) ?? this.#keep(sql, this.#db.prepare(sql));
	}

	#keep(key: string, statement: Statement): Statement {
		if (this.#statements.size >= keptStatements) this.#statements.delete(this.#statements.keys().next().value ?? '');
		this.#statements.set(key, statement);
		return statement;
	}
}

function columnsSet(field: Field, value: string): readonly string[] {
	const set = [`${columnOf(field)} = ${value}`];
	if (isDecimal(field.type)) set.push(`${keyColumnOf(field)} = ${value}`);
	return set;
}
