import type {ObjectDefinition} from '../../source/model/object.js';
import {type FieldValue, lookupKey} from '../../source/model/value.js';
import type {Candidate, Checkpoint, ChunkCommit, OutboxEvent, RecordStore, StoredRecord} from '../../source/store/record-store.js';

export type MemoryRecord = {archived: boolean; fields: Map<string, FieldValue>};

/** The plainest store there is. It refuses what a real one refuses: two records with one identifier, two active ones with one unique value. */
export class MemoryStore implements RecordStore {
	readonly records: ReadonlyMap<string, Map<string, MemoryRecord>>;
	readonly addedOptions = new Map<string, Set<string>>();
	readonly events: OutboxEvent[] = [];
	readonly commits: ChunkCommit[] = [];
	readonly #objects: readonly ObjectDefinition[];

	constructor(objects: readonly ObjectDefinition[]) {
		this.#objects = objects;
		this.records = new Map(objects.map(({apiName}) => [apiName, new Map()]));
	}

	add(object: string, id: string, fields: Readonly<Record<string, FieldValue | null>>, archived = false): void {
		const present = Object.entries(fields).filter((entry): entry is [string, FieldValue] => entry[1] !== null);
		this.#of(object).set(id, {archived, fields: new Map(present)});
	}

	async lookup(object: string, field: string, values: readonly FieldValue[]): Promise<ReadonlyMap<string, readonly Candidate[]>> {
		const type = field === 'id' ? 'id' : (this.#object(object).fields.find(({apiName}) => apiName === field)?.type ?? 'text');
		const wanted = new Set(values.map((value) => lookupKey(value, type)));
		const found = new Map<string, Candidate[]>();
		for (const [id, {archived, fields}] of this.#of(object)) {
			const value = field === 'id' ? id : fields.get(field);
			if (value === undefined) continue;
			const key = lookupKey(value, type);
			if (wanted.has(key)) found.set(key, [...(found.get(key) ?? []), {id, archived}]);
		}
		return found;
	}

	async read(object: string, ids: readonly string[], fields: readonly string[]): Promise<ReadonlyMap<string, StoredRecord>> {
		const found = new Map<string, StoredRecord>();
		for (const id of ids) {
			const record = this.#of(object).get(id);
			if (record) found.set(id, {id, archived: record.archived, values: fields.map((field) => record.fields.get(field) ?? null)});
		}
		return found;
	}

	async options(object: string, field: string): Promise<ReadonlySet<string>> {
		const defined = this.#object(object).fields.find(({apiName}) => apiName === field)?.options ?? [];
		return new Set([...defined, ...(this.addedOptions.get(`${object}.${field}`) ?? [])]);
	}

	async commitChunk(chunk: ChunkCommit): Promise<void> {
		const {object, fields} = chunk;
		const records = this.#of(object);
		const identifier = this.#object(object).fields.find((field) => field.identifier)?.apiName ?? '';
		for (const aside of chunk.pushAsides) this.#existing(object, aside.id).fields.set(identifier, aside.identifier);
		for (const {id, values} of chunk.creates) {
			if (records.has(id)) throw new Error(`${id} exists`);
			this.add(object, id, Object.fromEntries(fields.map((field, index) => [field, values[index] ?? null])));
		}
		for (const {id, changes, archived} of chunk.updates) {
			const record = this.#existing(object, id);
			for (const [field, value] of Object.entries(changes)) {
				if (value === null) record.fields.delete(field);
				else record.fields.set(field, value);
			}
			if (archived !== undefined) record.archived = archived;
		}
		for (const {field, option} of chunk.options) {
			const name = `${object}.${field}`;
			this.addedOptions.set(name, new Set([...(this.addedOptions.get(name) ?? []), option]));
		}
		this.#checkUnique(object);
		this.events.push(...chunk.events);
		this.commits.push(chunk);
	}

	async checkpoints(execution: string): Promise<readonly Checkpoint[]> {
		return this.commits.filter((commit) => commit.execution === execution).map(({step, chunk, counts}) => ({step, chunk, counts}));
	}

	async beginChunk(): Promise<void> {}

	async abandonChunk(): Promise<void> {}

	async close(): Promise<void> {}

	#checkUnique(object: string): void {
		for (const {apiName, type, identifier, unique} of this.#object(object).fields) {
			if (!identifier && !unique) continue;
			const holders = new Map<string, string>();
			for (const [id, record] of this.#of(object)) {
				const value = record.fields.get(apiName);
				if (value === undefined || (record.archived && !identifier)) continue;
				const key = lookupKey(value, type);
				if (holders.has(key)) throw new Error(`${object}.${apiName} "${key}" is held by ${holders.get(key)} and ${id}`);
				holders.set(key, id);
			}
		}
	}

	#existing(object: string, id: string): MemoryRecord {
		const record = this.#of(object).get(id);
		if (!record) throw new Error(`No record ${id}`);
		return record;
	}

	#of(object: string): Map<string, MemoryRecord> {
		const records = this.records.get(object);
		if (!records) throw new Error(`No object ${object}`);
		return records;
	}

	#object(name: string): ObjectDefinition {
		const object = this.#objects.find(({apiName}) => apiName === name);
		if (!object) throw new Error(`No object ${name}`);
		return object;
	}
}
