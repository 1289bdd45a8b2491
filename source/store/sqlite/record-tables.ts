import {SluiceError} from '../../model/errors.js';
import type {ObjectDefinition} from '../../model/object.js';
import {hasTable, type Schema} from './catalogue.js';
import type {Database} from './connection.js';
import type {Source} from './record-sql.js';
import {RecordTable} from './record-table.js';

/** The tables of all objects, made when they are first asked for and made anew when the places they lie in change. */
export class RecordTables {
	readonly #db: Database;
	readonly #objects: ReadonlyMap<string, ObjectDefinition>;
	readonly #sourcesOf: (object: ObjectDefinition) => readonly Source[];
	readonly #tables = new Map<string, RecordTable>();

	constructor(db: Database, objects: readonly ObjectDefinition[], sourcesOf: (object: ObjectDefinition) => readonly Source[]) {
		this.#db = db;
		this.#objects = new Map(objects.map((object) => [object.apiName, object]));
		this.#sourcesOf = sourcesOf;
	}

	object(name: string): ObjectDefinition {
		const object = this.#objects.get(name);
		if (!object) throw new SluiceError('store.unknown', `There is no object ${name}.`);
		return object;
	}

	of(name: string): RecordTable {
		const known = this.#tables.get(name);
		if (known) return known;
		const object = this.object(name);
		const table = new RecordTable(this.#db, object, this.#sourcesOf(object));
		this.#tables.set(name, table);
		return table;
	}

	/** The table's places or their indexes have changed. */
	renew(name: string): void {
		this.#tables.delete(name);
	}

	/** At the end of a chunk: ids may be forgotten. */
	forget(): void {
		for (const table of this.#tables.values()) table.forget();
	}

	/** The options of a field: those of its definition and those that runs added. */
	options(object: string, field: string, schemas: readonly Schema[]): ReadonlySet<string> {
		const options = new Set(this.of(object).field(field).options);
		for (const schema of schemas) {
			if (!hasTable(this.#db, schema, 'option')) continue;
			const added = this.#db.prepare(`SELECT option FROM ${schema}.option WHERE object = ? AND field = ? ORDER BY option`).pluck();
			for (const option of added.all(object, field) as string[]) options.add(option);
		}
		return options;
	}
}
